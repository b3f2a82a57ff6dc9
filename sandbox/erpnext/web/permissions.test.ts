import { AUTOMATION_ROLES, TEST_STORE_ROLES } from "../../../components/shared/automation-roles";
import { allDoctypes } from "../frappe/doctypes";
import { SETUP, startTestSite, type Answer, type TestSite } from "../testing/site";
import { GUARDED_DOCTYPES, KNOWN_ROLES } from "./permissions";

const USER = "automation@demo.invalid";
const REFUSED = (doctype: string): object => ({
  exc_type: "PermissionError",
  exception: `frappe.exceptions.PermissionError: User ${USER} does not have doctype access via role permission for document ${doctype}`,
});

let site: TestSite | undefined;

afterEach(async () => {
  await site?.close();
});

async function as(roles: readonly string[]): Promise<TestSite> {
  site = await startTestSite({ setup: { ...SETUP, automation: { ...SETUP.automation, roles } } });
  return site;
}

function caller(of: TestSite): { call: (line: string, body?: Parameters<TestSite["call"]>[1]) => Promise<Answer> } {
  return { call: (line, body) => of.call(line, body) };
}

test("every doctype has its rights, and every role of the automation user is one of ERPNext's", () => {
  const documents = [...allDoctypes()].filter(({ child }) => child !== true).map(({ name }) => name);
  expect([...documents, "RQ Job", "RQ Worker"].filter((name) => !GUARDED_DOCTYPES.includes(name))).toEqual([]);
  expect(
    Object.keys({ ...AUTOMATION_ROLES, ...TEST_STORE_ROLES }).filter((role) => !KNOWN_ROLES.includes(role)),
  ).toEqual([]);
});

test("a System Manager alone may not look at an account, nor make a customer group", async () => {
  const { call } = caller(await as(["System Manager"]));
  const read = await call("GET /api/resource/Account/Cash - DSG");
  expect([read.status, read.body]).toEqual([403, expect.objectContaining(REFUSED("Account"))]);
  const made = await call("POST /api/resource/Customer Group", { customer_group_name: "Shopify" });
  expect([made.status, made.body]).toEqual([403, expect.objectContaining(REFUSED("Customer Group"))]);
  const counted = await call("GET /api/method/frappe.client.get_count?doctype=Sales Order");
  expect([counted.status, counted.body]).toEqual([403, expect.objectContaining(REFUSED("Sales Order"))]);
  expect((await call("GET /api/resource/Shopify Setting/Shopify Setting")).status).toBe(200);
});

test("the automation user may do what the project asks of it, and no more", async () => {
  const { call } = caller(await as(Object.keys(AUTOMATION_ROLES)));
  const allowed = [
    ...["Account", "Cost Center", "Company", "Customer", "Sales Order", "Sales Invoice", "Payment Entry"],
    ...["Delivery Note", "Item", "Ecommerce Item", "Ecommerce Integration Log", "Warehouse", "UOM", "Bin"],
    ...["RQ Worker", "RQ Job?order_by=creation", "Scheduled Job Type", "Customer Group", "Address Template"],
  ];
  for (const doctype of allowed) {
    expect([doctype, (await call(`GET /api/resource/${doctype}`)).status]).toEqual([doctype, 200]);
  }
  const made = await call("POST /api/resource/Customer Group", {
    customer_group_name: "Shopify",
    parent_customer_group: "All Customer Groups",
  });
  expect(made.status).toBe(200);
  const refused = [
    call("PUT /api/resource/Cost Center/Main - DSG", { cost_center_name: "Mine" }),
    call("POST /api/resource/Sales Order", {}),
    call("DELETE /api/resource/Cost Center/Main - DSG"),
    call("PUT /api/resource/Item/x", { docstatus: 2 }),
  ];
  expect((await Promise.all(refused)).map(({ status }) => status)).toEqual([403, 403, 403, 403]);
});

test("a role may do what its doctypes' definitions say, and everyone may look at the countries", async () => {
  const { call } = caller(await as(["Accounts User"]));
  expect((await call("PUT /api/resource/Account/Cash - DSG", { disabled: 0 })).status).toBe(200);
  expect((await call("GET /api/resource/Country")).status).toBe(200);
  expect((await call("POST /api/resource/Country", { country_name: "Atlantis" })).status).toBe(403);
  expect((await call("POST /api/resource/Currency", { currency_name: "XAT" })).status).toBe(403);
});

test("one role less, and what it was for is refused", async () => {
  const without = (role: string): string[] => Object.keys(AUTOMATION_ROLES).filter((other) => other !== role);
  const first = await as(without("Item Manager"));
  expect((await first.call("POST /api/resource/UOM", { uom_name: "Crate" })).status).toBe(403);
  await first.close();
  const second = await as(without("System Manager"));
  expect((await second.call("GET /api/resource/RQ Worker")).status).toBe(403);
});
