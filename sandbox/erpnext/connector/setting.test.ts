import type { Fields } from "../frappe/document";
import { TOKEN } from "../testing/fake-shopify";
import { plainProduct } from "../testing/orders";
import {
  DOOR,
  GOOD_SETTING,
  SECRET,
  SETTING,
  SITE,
  startConfiguredSite,
  startTestSite,
  type TestSite,
} from "../testing/site";

const read = async (site: TestSite): Promise<Fields> => (await site.call(`GET ${SETTING}`)).body["data"] as Fields;
const table = (setting: Fields, name: string): Fields[] => setting[name] as Fields[];

describe("saving Shopify Setting", () => {
  let site: TestSite;
  beforeEach(async () => {
    site = await startConfiguredSite();
  });
  afterEach(() => site.close());

  test("with webhook rows calls nothing at Shopify", () => {
    expect(site.shopify.requests).toEqual([]);
    expect(site.erpnext.jobs()).toEqual([]);
  });

  test("keeps what a partial PUT does not name, and replaces a table that it names", async () => {
    await site.call(`PUT ${SETTING}`, { warehouse: "Finished Goods - DSG" });
    const kept = await read(site);
    expect([kept["warehouse"], kept["company"], table(kept, "taxes").length]).toEqual([
      "Finished Goods - DSG",
      "Demo Store GmbH",
      1,
    ]);
    await site.call(`PUT ${SETTING}`, {
      taxes: [
        { shopify_tax: "A", tax_account: "Umsatzsteuer 19 % - DSG" },
        { shopify_tax: "B", tax_account: "Umsatzsteuer 7 % - DSG" },
      ],
    });
    expect(table(await read(site), "taxes").map((row) => [row["shopify_tax"], row["tax_account"], row["idx"]])).toEqual(
      [
        ["A", "Umsatzsteuer 19 % - DSG", 1],
        ["B", "Umsatzsteuer 7 % - DSG", 2],
      ],
    );
    await site.call(`PUT ${SETTING}`, { taxes: [] });
    expect(table(await read(site), "taxes")).toEqual([]);
  });

  test("changes `modified` on every PUT, even without a difference", async () => {
    const before = (await read(site))["modified"];
    await site.call(`PUT ${SETTING}`, { company: "Demo Store GmbH" });
    expect((await read(site))["modified"]).not.toBe(before);
  });

  test("refuses a stale `modified` with 417 TimestampMismatchError, and takes the current one", async () => {
    const stale = (await read(site))["modified"] as string;
    await site.call(`PUT ${SETTING}`, { company: "Demo Store GmbH" });
    const refused = await site.call(`PUT ${SETTING}`, { modified: stale, warehouse: "Finished Goods - DSG" });
    expect([refused.status, refused.body["exc_type"]]).toEqual([417, "TimestampMismatchError"]);
    const current = (await read(site))["modified"] as string;
    expect((await site.call(`PUT ${SETTING}`, { modified: current })).status).toBe(200);
    expect((await read(site))["warehouse"]).toBe("Stores - DSG");
  });

  test("ignores unknown fields, access_token and price_list among them", async () => {
    const answer = await site.call(`PUT ${SETTING}`, { access_token: "shpat_x", price_list: "Standard Selling" });
    expect(answer.status).toBe(200);
    const setting = await read(site);
    expect("access_token" in setting || "price_list" in setting).toBe(false);
  });

  test("refuses a link to nothing with 417 LinkValidationError, with its text in nested JSON", async () => {
    const answer = await site.call(`PUT ${SETTING}`, {
      warehouse: "Nowhere - DSG",
      taxes: [{ shopify_tax: "A", tax_account: "VAT - DSG" }],
    });
    expect([answer.status, answer.body["exc_type"], answer.body["exception"]]).toEqual([
      417,
      "LinkValidationError",
      "frappe.exceptions.LinkValidationError: Could not find Warehouse: Nowhere - DSG, Row #1: Tax Account: VAT - DSG",
    ]);
    const messages = JSON.parse(answer.body["_server_messages"] as string) as string[];
    expect(JSON.parse(messages[0]!)).toMatchObject({
      message: "Could not find Warehouse: Nowhere - DSG, Row #1: Tax Account: VAT - DSG",
      indicator: "red",
      raise_exception: 1,
    });
    expect(JSON.parse(answer.body["exc"] as string)).toEqual([
      expect.stringContaining("Traceback (most recent call last)"),
    ]);
  });

  test("shows the token as asterisks, keeps it when they come back, and gives it in clear to the Administrator alone", async () => {
    const masked = (await read(site))["password"] as string;
    expect(masked).toBe("*".repeat(TOKEN.length));
    expect((await read(site))["shared_secret"]).toBe(SECRET);
    await site.call(`PUT ${SETTING}`, { password: masked });
    const ask = "POST /api/method/frappe.client.get_password";
    const params = { doctype: "Shopify Setting", name: "Shopify Setting", fieldname: "password" };
    expect((await site.call(ask, params)).status).toBe(403);
    const login = await site.callAsGuest("POST /api/method/login", { usr: "Administrator", pwd: "admin-password" });
    const cookie = login.headers["set-cookie"]![0]!.split(";")[0]!;
    expect((await site.callAsGuest(ask, params, { Cookie: cookie })).body).toEqual({ message: TOKEN });
  });

  test("keeps the token out of the stored documents", () => {
    expect(JSON.stringify(site.erpnext.documents("Shopify Setting"))).not.toContain(TOKEN);
  });

  test("takes a group as cash_bank_account", async () => {
    expect((await site.call(`PUT ${SETTING}`, { cash_bank_account: "Bank Accounts - DSG" })).status).toBe(200);
  });

  test("disabled: deletes at Shopify what contains this host, and clears the table", async () => {
    site.shopify.webhooks = [
      { id: 1, topic: "orders/create", address: `https://${SITE}${DOOR}` },
      { id: 2, topic: "orders/create", address: `https://hook.${SITE}${DOOR}` },
      { id: 3, topic: "orders/create", address: `https://hook.other.invalid${DOOR}` },
    ];
    await site.call(`PUT ${SETTING}`, { enable_shopify: 0 });
    expect(site.shopify.webhooks.map(({ id }) => id)).toEqual([3]);
    expect(table(await read(site), "webhooks")).toEqual([]);
    site.shopify.requests.length = 0;
    await site.call(`PUT ${SETTING}`, { company: "Demo Store GmbH" });
    expect(site.shopify.requests).toEqual(["GET webhooks.json"]);
  });

  test("DELETE answers success and wipes every value, the token included", async () => {
    expect((await site.call(`DELETE ${SETTING}`)).status).toBe(202);
    const setting = await read(site);
    expect([setting["enable_shopify"], setting["shopify_url"], setting["password"], setting["webhooks"]]).toEqual([
      0,
      null,
      null,
      [],
    ]);
    const disabled = await site.call(`PUT ${SETTING}`, { enable_shopify: 0 });
    expect([disabled.status, disabled.body["exc_type"]]).toEqual([401, "AuthenticationError"]);
  });

  test("strips https:// from the shop's domain", async () => {
    await site.call(`PUT ${SETTING}`, { shopify_url: "https://demo-store.myshopify.com" });
    expect((await read(site))["shopify_url"]).toBe("demo-store.myshopify.com");
  });

  test("enabled with is_old_data_migrated = 0: every save queues a job that jams its queue until it is flushed", async () => {
    site.shopify.products = [plainProduct(100)];
    await site.call(`PUT ${SETTING}`, { is_old_data_migrated: 0 });
    await site.call(`PUT ${SETTING}`, { company: "Demo Store GmbH" });
    const migrations = (): unknown[] =>
      site.erpnext.jobs().filter((job) => job.jobName.endsWith("migrate_from_old_connector"));
    expect(migrations()).toHaveLength(2);
    const page = "ecommerce_integrations.shopify.page.shopify_import_products.shopify_import_products";
    await site.call(`POST /api/method/${page}.import_all_products`);
    await site.call(`PUT ${SETTING}`, { is_old_data_migrated: 1 });
    expect(migrations()).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 100)); // 10 s of the clock: ten rounds of the loop
    expect(site.erpnext.jobs().find((job) => job.jobName === "shopify.job.sync.all.products")?.status).toBe("queued");
    site.erpnext.flushQueue();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(site.erpnext.jobs()).toEqual([]);
    await site.call(`POST /api/method/${page}.import_all_products`);
    await site.erpnext.settled();
    expect(site.erpnext.documents("Item")).toHaveLength(1);
  });
});

describe("enabling Shopify Setting without webhook rows", () => {
  let site: TestSite;
  beforeEach(async () => {
    site = await startTestSite();
  });
  afterEach(() => site.close());
  const own = { ...GOOD_SETTING, webhooks: [] };

  test("lists, deletes those of this host, creates five at the PUT's Host, and fills the table", async () => {
    site.shopify.webhooks = [
      { id: 1, topic: "orders/create", address: `https://hook.${SITE}${DOOR}` },
      { id: 2, topic: "orders/create", address: "https://elsewhere.invalid/hook" },
    ];
    expect((await site.call(`PUT ${SETTING}`, own)).status).toBe(200);
    expect(site.shopify.requests).toEqual([
      "GET webhooks.json",
      "DELETE webhooks/1.json",
      ...Array.from({ length: 5 }, () => "POST webhooks.json"),
    ]);
    const topics = [
      "orders/create",
      "orders/paid",
      "orders/fulfilled",
      "orders/cancelled",
      "orders/partially_fulfilled",
    ];
    expect(
      [...site.shopify.webhooks]
        .slice(1)
        .map(({ topic, address }) => [topic, address])
        .sort(),
    ).toEqual(topics.map((topic) => [topic, `https://${SITE}${DOOR}`]).sort());
    const rows = table(await read(site), "webhooks");
    expect(rows.map((row) => row["webhook_id"])).toEqual(site.shopify.webhooks.slice(1).map(({ id }) => String(id)));
  });

  test("with a bad token answers 500 and saves nothing", async () => {
    const answer = await site.call(`PUT ${SETTING}`, { ...own, password: "shpat_wrong" });
    expect([answer.status, answer.body["exc_type"]]).toEqual([500, "UnauthorizedAccess"]);
    expect(site.erpnext.documents("Shopify Setting")).toEqual([]);
  });

  test("with a link to nothing is refused before Shopify is called", async () => {
    expect((await site.call(`PUT ${SETTING}`, { ...own, company: "Missing" })).status).toBe(417);
    expect(site.shopify.requests).toEqual([]);
  });

  test("makes the connector's columns: before, a filter on shopify_order_id is a 500", async () => {
    const count = { doctype: "Sales Order", filters: [["shopify_order_id", "is", "set"]] };
    const before = await site.call("POST /api/method/frappe.client.get_count", count);
    expect([before.status, before.body["exc_type"]]).toEqual([500, "OperationalError"]);
    await site.call(`PUT ${SETTING}`, own);
    expect((await site.call("POST /api/method/frappe.client.get_count", count)).body).toEqual({ message: 0 });
  });
});
