import { AUTOMATION_ROLES } from "../../../components/shared/automation-roles";
import { speededClock } from "../../clock";
import { HISTORY_EVENT } from "../fixtures";
import type { Fields } from "../frappe/document";
import { fulfilmentOf, lineOf, orderOf, plainProduct, variantProduct } from "../testing/orders";
import { SETTING, SETUP, startConfiguredSite, type TestSite } from "../testing/site";
import type { ErpnextOptions } from "../options";

const METHOD = "ecommerce_integrations.shopify.order.sync_old_orders";
const PAGE = "ecommerce_integrations.shopify.page.shopify_import_products.shopify_import_products";
const WINDOW = { sync_old_orders: 1, old_orders_from: "2026-01-01 00:00:00", old_orders_to: "2026-11-22 00:00:00" };
const ALL = { statusAny: true, truncate: true, perOrderTry: true, booksApp: true };
const BAD = orderOf(2, { line_items: [lineOf(999, { product_exists: false })] });

describe("sync_old_orders", () => {
  let site: TestSite;
  afterEach(() => site.close());
  const start = async (overrides: Partial<ErpnextOptions> = {}): Promise<void> => {
    site = await startConfiguredSite(overrides, WINDOW);
    site.shopify.products = [plainProduct(100), plainProduct(200)];
    site.shopify.orders = [orderOf(1), orderOf(2, { closed_at: "2026-11-21T00:00:00Z" }), orderOf(3)];
  };
  const orders = (): unknown[] => site.erpnext.documents("Sales Order").map((order) => order["shopify_order_id"]);
  const flag = (): unknown => site.erpnext.documents("Shopify Setting")[0]!["sync_old_orders"];

  test("pulls every order of the window in pages of 250, logs each, then clears the flag", async () => {
    await start();
    site.shopify.pageSize = 2;
    await site.erpnext.benchExecute(METHOD);
    expect(site.shopify.requests.filter((line) => line.includes("orders.json"))).toEqual([
      "GET orders.json?created_at_min=2026-01-01T00%3A00%3A00%2B00%3A00&created_at_max=2026-11-22T00%3A00%3A00%2B00%3A00&limit=250&status=any",
      "GET orders.json?limit=2&page_info=2",
    ]);
    expect([orders(), flag()]).toEqual([["1", "2", "3"], 0]);
    expect(site.erpnext.logs().map((log) => [log["status"], log["method"]])).toEqual(
      Array.from({ length: 3 }, () => ["Success", "ecommerce_integrations.shopify.order.sync_sales_order"]),
    );
    expect(site.erpnext.jobs().filter(({ method }) => method === METHOD)).toEqual([]);
  });

  test("asks for open orders only on an image without the status patch", async () => {
    await start({ patches: { ...ALL, statusAny: false } });
    await site.erpnext.benchExecute(METHOD);
    expect(site.shopify.requests.some((line) => line.includes("status=any"))).toBe(false);
    expect(orders()).toEqual(["1", "3"]);
  });

  test("does nothing while the flag is down or the integration is disabled", async () => {
    await start();
    await site.call(`PUT ${SETTING}`, { sync_old_orders: 0 });
    await site.erpnext.benchExecute(METHOD);
    await site.call(`PUT ${SETTING}`, { sync_old_orders: 1, enable_shopify: 0 });
    await site.erpnext.benchExecute(METHOD);
    expect(site.shopify.requests.filter((line) => line.includes("orders.json"))).toEqual([]);
  });

  test.each([
    [true, "1"],
    [false, ""],
  ])(
    "loses the order's id of its fulfilments, which our app in the image (%s) knows all the same",
    async (booksApp, id) => {
      await start({ patches: { ...ALL, booksApp } });
      await site.call("POST /api/resource/Stock Entry", {
        ...{ stock_entry_type: "Material Receipt", company: "Demo Store GmbH", set_posting_time: 1 },
        ...{ posting_date: "2026-01-01", docstatus: 1 },
        items: [{ item_code: await stocked(), t_warehouse: "Stores - DSG", qty: 2, basic_rate: 4 }],
      });
      site.shopify.orders = [orderOf(1, { fulfillments: [fulfilmentOf(11, [lineOf(100)])] })];
      await site.erpnext.benchExecute(METHOD);
      const notes = site.erpnext.documents("Delivery Note");
      expect(notes.map((note) => [note["shopify_fulfillment_id"], note["shopify_order_id"]])).toEqual([["11", id]]);
    },
  );

  /** An item of the product 100, made by an order that is not shipped. */
  const stocked = async (): Promise<string> => {
    await site.process("orders/create", orderOf(9));
    return site.erpnext.documents("Item")[0]?.name ?? "";
  };

  test("goes on after a bad record with the per-order patch", async () => {
    await start();
    site.shopify.orders = [orderOf(1), BAD, orderOf(3)];
    await site.erpnext.benchExecute(METHOD);
    expect([orders(), flag()]).toEqual([["1", "3"], 0]);
    expect(site.erpnext.logs().map((log) => log["status"])).toEqual(["Success", "Error", "Success"]);
  });

  test("ends at a bad record without it: the rest is not looked at, the flag stays up", async () => {
    await start({ patches: { ...ALL, perOrderTry: false } });
    site.shopify.orders = [orderOf(1), BAD, orderOf(3)];
    await expect(site.erpnext.benchExecute(METHOD)).rejects.toThrow(
      "Not Found: https://demo-store.myshopify.com/admin/api/2024-01/products/999.json",
    );
    expect([orders(), flag()]).toEqual([["1"], 1]);
    expect(site.erpnext.logs().map((log) => log["status"])).toEqual(["Success", "Error"]);
  });

  test("is killed after 300 s as the hourly event, keeps what it had committed, and starts over an hour later", async () => {
    // Two orders leave 0.8 s to a busy machine, and the third is too late on any.
    await start({ orderMs: 110_000, clock: speededClock(100) });
    await site.call("POST /api/method/frappe.core.doctype.scheduled_job_type.scheduled_job_type.execute_event", {
      doc: { name: HISTORY_EVENT.name },
    });
    expect(site.erpnext.jobs()[0]).toMatchObject({ queue: "default", timeoutMs: 300_000 });
    await site.erpnext.settled();
    expect(site.erpnext.jobs()[0]).toMatchObject({
      status: "failed",
      excInfo: expect.stringContaining("JobTimeoutException") as string,
    });
    expect([orders(), flag()]).toEqual([["1", "2"], 1]);
  });

  test("has no limit under bench execute", async () => {
    await start({ orderMs: 125_000, clock: speededClock(500) });
    await site.erpnext.benchExecute(METHOD);
    expect([orders(), flag()]).toEqual([["1", "2", "3"], 0]);
  });

  test("beside a catalog import loses the Item Attribute that both want", async () => {
    await start();
    site.shopify.products = [
      variantProduct(300),
      variantProduct(400, ["M"]),
      ...[1000, 2000, 3000, 4000].map((id) => plainProduct(id)),
    ];
    site.shopify.orders = [orderOf(1, { line_items: [lineOf(400, { sku: "SKU-400-M", variant_id: 401 })] })];
    site.shopify.delayMs = 100;
    await site.call(`POST /api/method/${PAGE}.import_all_products`);
    // The import has made the first shirt, and holds "Size" until it is through with all six products.
    while (!site.shopify.requests.includes("GET products/400.json"))
      await new Promise((resolve) => setTimeout(resolve, 5));
    await site.erpnext.benchExecute(METHOD);
    await site.erpnext.settled();
    const [log] = site.erpnext.logs();
    expect([log!["status"], log!["traceback"]]).toEqual(["Error", expect.stringContaining("QueryDeadlockError")]);
    expect(orders()).toEqual([]);
  });
});

describe("the scheduler", () => {
  let site: TestSite;
  afterEach(() => site.close());
  const hours = (count: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, count * 36));
  const fast = async (): Promise<void> => {
    site = await startConfiguredSite({ clock: speededClock(100_000) });
  };

  test("queues the event every hour, and not while it is stopped", async () => {
    await fast();
    await hours(3);
    const before = site.erpnext.jobs().length;
    expect(before).toBeGreaterThan(0);
    expect(site.erpnext.jobs().every((job) => job.queue === "default" && job.method === METHOD)).toBe(true);
    await site.call(`PUT /api/resource/Scheduled Job Type/${HISTORY_EVENT.name}`, { stopped: 1 });
    const stopped = site.erpnext.jobs().length;
    await hours(3);
    expect(site.erpnext.jobs()).toHaveLength(stopped);
  });
});

describe("the catalog import", () => {
  let site: TestSite;
  beforeEach(async () => {
    site = await startConfiguredSite();
    site.shopify.products = [plainProduct(100), variantProduct(300), plainProduct(500, "")];
  });
  afterEach(() => site.close());
  const count = async (): Promise<Fields> =>
    (await site.call(`GET /api/method/${PAGE}.get_product_count`)).body["message"] as Fields;

  test("runs on long with 1500 s and imports products with their variants", async () => {
    expect(await count()).toEqual({ shopifyCount: 3, syncedCount: 0, erpnextCount: 0 });
    await site.call(`POST /api/method/${PAGE}.import_all_products`);
    expect(site.erpnext.jobs()[0]).toMatchObject({
      jobName: "shopify.job.sync.all.products",
      queue: "long",
      timeoutMs: 1_500_000,
    });
    await site.erpnext.settled();
    expect(site.erpnext.documents("Item").map(({ name }) => name)).toEqual(["100", "300", "301", "302", "500"]);
    expect(await count()).toEqual({ shopifyCount: 3, syncedCount: 3, erpnextCount: 3 });
  });

  test("skips a product that fails, without a log row", async () => {
    site.shopify.products[0] = { ...plainProduct(100), variants: [{ id: 101, title: "Default Title" }] };
    await site.call(`POST /api/method/${PAGE}.import_all_products`);
    await site.erpnext.settled();
    expect(site.erpnext.documents("Item", { name: "100" })).toEqual([]);
    expect(site.erpnext.documents("Item", { name: "500" })).toHaveLength(1);
    expect(site.erpnext.logs()).toEqual([]);
  });

  test("runs with the rights of the user who asked for it: without one of them it brings nothing, and nothing says so", async () => {
    await site.close();
    const { automation } = SETUP;
    const imports = async (roles: readonly string[]): Promise<Fields> => {
      site = await startConfiguredSite({ setup: { ...SETUP, automation: { ...automation, roles } } });
      site.shopify.products = [plainProduct(100), variantProduct(300)];
      await site.call(`POST /api/method/${PAGE}.import_all_products`);
      await site.erpnext.settled();
      expect(site.erpnext.jobs()).toEqual([expect.objectContaining({ status: "finished" })]);
      expect(site.erpnext.logs()).toEqual([]);
      return count();
    };
    const roles = Object.keys(AUTOMATION_ROLES);
    const without = roles.filter((role) => role !== "Purchase Master Manager");
    expect(await imports(without)).toEqual({ shopifyCount: 2, syncedCount: 0, erpnextCount: 0 });
    await site.close();
    expect(await imports(roles)).toEqual({ shopifyCount: 2, syncedCount: 2, erpnextCount: 2 });
  });

  test("leaves what is mapped alone", async () => {
    await site.process("orders/create", orderOf(1));
    site.shopify.requests.length = 0;
    await site.call(`POST /api/method/${PAGE}.import_all_products`);
    await site.erpnext.settled();
    expect(site.shopify.requests).not.toContain("GET products/100.json");
  });
});
