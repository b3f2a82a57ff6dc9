import { isoOfSiteTime } from "../../../clients/site-time";
import { HISTORY_EVENT } from "../fixtures";
import type { Fields } from "../frappe/document";
import { orderOf } from "../testing/orders";
import { GOOD_SETTING, SETTING, startTestSite, type TestSite } from "../testing/site";

describe("Frappe's REST", () => {
  let site: TestSite;
  beforeEach(async () => {
    site = await startTestSite();
  });
  afterEach(() => site.close());

  test.each([
    ["no credentials", {}, 403, "PermissionError"],
    ["a wrong key", { Authorization: "token wrong:wrong" }, 401, "AuthenticationError"],
  ])(
    "answers %s as Frappe does",
    async (...[, headers, status, type]: [string, Record<string, string>, number, string]) => {
      const answer = await site.callAsGuest("GET /api/resource/Warehouse", undefined, headers);
      expect([answer.status, answer.body["exc_type"]]).toEqual([status, type]);
    },
  );

  test("answers ping to everyone, and tells a user who he is", async () => {
    expect((await site.callAsGuest("GET /api/method/ping")).body).toEqual({ message: "pong" });
    expect((await site.callAsGuest("GET /api/method/frappe.auth.get_logged_user")).status).toBe(403);
    expect((await site.call("GET /api/method/frappe.auth.get_logged_user")).body).toEqual({
      message: "automation@demo.invalid",
    });
    const basic = Buffer.from("key0123456:secret0123").toString("base64");
    const answer = await site.callAsGuest("GET /api/method/frappe.auth.get_logged_user", undefined, {
      Authorization: `Basic ${basic}`,
    });
    expect(answer.status).toBe(200);
  });

  test.each([
    "Account/Demo Bank - DSG",
    "Account/Cash - DSG",
    "Account/Umsatzsteuer 19 % - DSG",
    "Account/Freight and Forwarding Charges - DSG",
    "Warehouse/Stores - DSG",
    "Cost Center/Main - DSG",
    "Customer Group/All Customer Groups",
    "Territory/All Territories",
    "UOM/Nos",
    "UOM/Kg",
    "Address Template/Germany",
    "Company/Demo Store GmbH",
    `Scheduled Job Type/${HISTORY_EVENT.name}`,
  ])("has %s after the setup wizard", async (path) => {
    const answer = await site.call(`GET /api/resource/${path}`);
    expect([answer.status, (answer.body["data"] as Fields)["name"]]).toEqual([200, path.split("/")[1]]);
  });

  test("tells leaf and group accounts apart", async () => {
    const query = 'fields=["name","is_group"]&filters=[["account_type","=","Bank"]]&order_by=name asc';
    expect((await site.call(`GET /api/resource/Account?${query}`)).body).toEqual({
      data: [
        { name: "Bank Accounts - DSG", is_group: 1 },
        { name: "Demo Bank - DSG", is_group: 0 },
      ],
    });
  });

  test("makes, reads, changes and deletes a document", async () => {
    const made = await site.call("POST /api/resource/Customer Group", {
      customer_group_name: "Shopify",
      parent_customer_group: "All Customer Groups",
      is_group: "0",
    });
    expect([made.status, (made.body["data"] as Fields)["name"]]).toEqual([200, "Shopify"]);
    expect((made.body["data"] as Fields)["is_group"]).toBe(0);
    const changed = await site.call("PUT /api/resource/Customer Group/Shopify", { is_group: 1 });
    expect((changed.body["data"] as Fields)["is_group"]).toBe(1);
    expect((changed.body["data"] as Fields)["modified"]).not.toBe((made.body["data"] as Fields)["modified"]);
    const deleted = await site.call("DELETE /api/resource/Customer Group/Shopify");
    expect([deleted.status, deleted.body]).toEqual([202, { data: "ok" }]);
    expect((await site.call("GET /api/resource/Customer Group/Shopify")).status).toBe(404);
  });

  const refused: [string, string, Fields, number, string][] = [
    ["a document that is missing", "GET /api/resource/Item/None", {}, 404, "DoesNotExistError"],
    ["a list of a doctype that is missing", "GET /api/resource/Nonsense", {}, 404, "DoesNotExistError"],
    ["a document of a doctype that is missing", "GET /api/resource/Nonsense/None", {}, 500, "ImportError"],
    ["a method that is missing", "POST /api/method/frappe.client.nope", {}, 417, "ValidationError"],
    ["a name that is taken", "POST /api/resource/UOM", { uom_name: "Kg" }, 409, "DuplicateEntryError"],
    [
      "a link to nothing",
      "POST /api/resource/Warehouse",
      { warehouse_name: "X", company: "Demo Store GmbH", parent_warehouse: "Y" },
      417,
      "LinkValidationError",
    ],
    ["an empty required field", "POST /api/resource/Item", { item_code: "X", stock_uom: "Nos" }, 417, "MandatoryError"],
    [
      "more than 140 characters",
      "POST /api/resource/UOM",
      { uom_name: "x".repeat(141) },
      417,
      "CharacterLengthExceededError",
    ],
    ["a document that others point to", "DELETE /api/resource/Company/Demo Store GmbH", {}, 417, "LinkExistsError"],
    ["a column that is missing", 'GET /api/resource/Item?filters=[["nope","=","1"]]', {}, 500, "OperationalError"],
    ["a list of a Single", "GET /api/resource/Shopify Setting", {}, 500, "ProgrammingError"],
  ];
  test.each(refused)("refuses %s", async (...[, line, body, status, type]) => {
    const answer = await site.call(line, line.startsWith("POST") ? body : undefined);
    expect([answer.status, answer.body["exc_type"]]).toEqual([status, type]);
    expect(answer.body["exception"]).toContain(type);
  });

  test("says how what is in use can be switched off instead of deleted", async () => {
    await site.call("POST /api/resource/UOM", { uom_name: "Dose" });
    await site.call("POST /api/resource/Item", { item_code: "X", item_group: "All Item Groups", stock_uom: "Dose" });
    const { status, body } = await site.call("DELETE /api/resource/UOM/Dose");
    expect([status, body["exception"]]).toEqual([
      417,
      "frappe.exceptions.LinkExistsError: You can disable this UOM instead of deleting it.",
    ]);
    const told = JSON.parse(body["_server_messages"] as string) as string[];
    expect(told.map((message) => (JSON.parse(message) as Fields)["message"])).toEqual([
      "Cannot delete or cancel because UOM Dose is linked with Item X",
      "You can disable this UOM instead of deleting it.",
    ]);
  });

  test("takes 140 characters", async () => {
    expect((await site.call("POST /api/resource/UOM", { uom_name: "x".repeat(140) })).status).toBe(200);
  });

  test("pages, filters and orders lists; 20 unless told", async () => {
    expect(((await site.call("GET /api/resource/Country")).body["data"] as Fields[]).length).toBe(20);
    const all = (await site.call("GET /api/resource/Country?limit_page_length=0")).body["data"] as Fields[];
    expect(all.length).toBeGreaterThan(200);
    const query = 'filters={"name":["like","Ger%"]}&order_by=name desc&limit_start=0&limit_page_length=2';
    expect((await site.call(`GET /api/resource/Country?${query}`)).body).toEqual({
      data: [{ name: "Germany" }],
    });
    const page = "order_by=name asc&limit_page_length=1&limit_start=1";
    expect((await site.call(`GET /api/resource/Customer Group?${page}`)).body).toEqual({
      data: [{ name: "Commercial" }],
    });
  });

  test("lists by a child's field, which is its own table's column", async () => {
    const company = { company: "Demo Store GmbH", posting_date: "2026-11-30", paid_amount: 5, received_amount: 5 };
    const accounts = { paid_from: "Debtors - DSG", paid_to: "Cash - DSG", payment_type: "Receive" };
    for (const invoice of ["SI-1", "SI-2"]) {
      const references = [{ reference_doctype: "Sales Invoice", reference_name: invoice }];
      await site.call("POST /api/resource/Payment Entry", { ...company, ...accounts, references });
    }
    const named = (filters: unknown): string =>
      `GET /api/resource/Payment Entry?fields=["name"]&filters=${JSON.stringify(filters)}`;
    const found = await site.call(named([["Payment Entry Reference", "reference_name", "in", ["SI-2", "SI-3"]]]));
    expect(found.body).toEqual({ data: [{ name: expect.stringMatching(/^ACC-PAY-.*2$/) as string }] });
    expect((await site.call(named([["reference_name", "=", "SI-2"]]))).status).toBe(500);
  });

  test("counts, lists and reads single values through frappe.client", async () => {
    const filters = { is_group: 1, company: "Demo Store GmbH" };
    expect(
      (await site.call("POST /api/method/frappe.client.get_count", { doctype: "Warehouse", filters })).body,
    ).toEqual({ message: 1 });
    expect(
      (await site.call("POST /api/method/frappe.client.get_list", { doctype: "Warehouse", filters })).body,
    ).toEqual({ message: [{ name: "All Warehouses - DSG" }] });
    const value = { doctype: "Company", filters: "Demo Store GmbH", fieldname: ["abbr", "default_currency"] };
    expect((await site.call("POST /api/method/frappe.client.get_value", value)).body).toEqual({
      message: { abbr: "DSG", default_currency: "EUR" },
    });
  });

  test("lists workers, and jobs only with an order", async () => {
    const workers = (await site.call("GET /api/resource/RQ Worker")).body["data"] as Fields[];
    expect(workers.map((worker) => [worker["queue"], worker["status"]])).toEqual(
      expect.arrayContaining([
        ["short,default", "idle"],
        ["long,default,short", "idle"],
      ]),
    );
    // In the site's zone, whose half hour no other has.
    await site.call("PUT /api/resource/System Settings/System Settings", { time_zone: "Asia/Kolkata" });
    const [beating] = (await site.call("GET /api/resource/RQ Worker")).body["data"] as Fields[];
    const heard = Date.parse(isoOfSiteTime(beating!["last_heartbeat"] as string, "Asia/Kolkata"));
    expect(Math.abs(Date.now() - heard)).toBeLessThan(600_000);
    const without = await site.call("GET /api/resource/RQ Job");
    expect([without.status, without.body["exc_type"]]).toEqual([500, "TypeError"]);
    expect((await site.call("GET /api/resource/RQ Job?order_by=creation desc")).body).toEqual({ data: [] });
    site.erpnext.workers.kill();
    expect((await site.call("GET /api/resource/RQ Worker")).body).toEqual({ data: [] });
  });

  test("tells twenty jobs at most, queue by queue, or as many as the list view asks for, and counts none", async () => {
    await site.call(`PUT ${SETTING}`, GOOD_SETTING);
    site.erpnext.workers.stall();
    const page = "ecommerce_integrations.shopify.page.shopify_import_products.shopify_import_products";
    await site.call(`POST /api/method/${page}.import_all_products`);
    for (let id = 1; id <= 21; id += 1) await site.deliver("orders/create", orderOf(id));
    const jobs = async (filters: unknown): Promise<unknown[]> => {
      const query = `order_by=creation asc&filters=${JSON.stringify(filters)}`;
      const { body } = await site.call(`GET /api/resource/RQ Job?${query}`);
      return (body["data"] as Fields[]).map((job) => job["queue"]);
    };
    expect(await jobs([])).toEqual(Array(20).fill("short"));
    expect(await jobs([["RQ Job", "queue", "=", "long"]])).toEqual(["long"]);
    expect(await jobs({ queue: "long", status: "started" })).toEqual([]);
    const view = async (slice: string): Promise<number> => {
      const query = `doctype=RQ Job&fields=["*"]&order_by=creation asc&filters=[["RQ Job","queue","=","short"]]&${slice}`;
      const { body } = await site.call(`GET /api/method/frappe.desk.reportview.get_list?${query}`);
      return (body["message"] as Fields[]).length;
    };
    expect([await view("start=0"), await view("page_length=200"), await view("start=20&page_length=200")]).toEqual([
      20, 21, 1,
    ]);
    for (const list of ["RQ Job?order_by=creation asc&", "RQ Worker?"]) {
      const lengthy = await site.call(`GET /api/resource/${list}limit_page_length=500`);
      expect([lengthy.status, lengthy.body["exc_type"]]).toEqual([500, "TypeError"]);
    }
    const triple = await site.call('GET /api/resource/RQ Job?order_by=creation&filters=[["queue","=","long"]]');
    expect([triple.status, triple.body["exc_type"]]).toEqual([500, "IndexError"]);
    const counted = await site.call("POST /api/method/frappe.client.get_count", { doctype: "RQ Job" });
    expect([counted.status, counted.body["exc_type"]]).toEqual([500, "ProgrammingError"]);
  });

  test("pauses a scheduled event, and executes it once at a time", async () => {
    const event = `/api/resource/Scheduled Job Type/${HISTORY_EVENT.name}`;
    await site.call(`PUT ${event}`, { stopped: 1 });
    expect(((await site.call(`GET ${event}`)).body["data"] as Fields)["stopped"]).toBe(1);
    site.erpnext.workers.stall();
    const execute = "POST /api/method/frappe.core.doctype.scheduled_job_type.scheduled_job_type.execute_event";
    const { data: doc } = (await site.call(`GET ${event}`)).body;
    expect((await site.call(execute, { doc: JSON.stringify(doc) })).status).toBe(200);
    expect((await site.call(execute, { doc: JSON.stringify(doc) })).status).toBe(200);
    expect(site.erpnext.jobs()).toEqual([
      expect.objectContaining({
        method: "ecommerce_integrations.shopify.order.sync_old_orders",
        queue: "default",
        timeoutMs: 300_000,
      }),
    ]);
  });
});
