import { ENGLISH } from "../core/messages";
import { FrappeClient } from "../clients/frappe";
import { FrappeOrders } from "../clients/frappe-orders";
import { ShopifyClient } from "../clients/shopify";
import { ShopifyOrders } from "../clients/shopify-orders";
import type { Finding } from "../reconciliation/finding";
import { fullScan, recentScan, step, type ScanState } from "../reconciliation/scan";
import { speededClock } from "./clock";
import type { Fields } from "./erpnext";
import { startConfiguredSite, type TestSite } from "./erpnext/testing/site";
import { demoCredentials } from "./shopify";
import type { RestOrder } from "./shopify/rest-types";
import { startWorld, type World } from "./shopify/testing/world";

/** The readers against the stand-ins, which answer by Shopify's own schema and as Frappe's lists do. */

jest.setTimeout(60_000);

const HOUR = 60 * 60 * 1000;
const TIME_ZONE = "Europe/Berlin";

let world: World;
let site: TestSite;
let shopify: ShopifyOrders;
let erpnext: FrappeOrders;
/** Orders that the shop begins with; ERPNext has none of them. */
let seeded: ReadonlySet<string>;

beforeEach(async () => {
  // Fast enough for queues, slow enough that what was placed just now is still recent on a busy machine.
  const clock = speededClock(10);
  world = await startWorld({ clock });
  const means = { clock, timeZone: TIME_ZONE, productMs: 0, shopifyUrl: () => world.shopify.url };
  const taxes = [{ shopify_tax: "VAT", tax_account: "Umsatzsteuer 19 % - DSG" }];
  site = await startConfiguredSite(means, { password: demoCredentials.custom.token, taxes, sync_delivery_note: 0 });
  const token = demoCredentials.custom.token;
  seeded = new Set(
    world.shopify
      .shop()
      .orders.sorted("id")
      .map(({ id }) => String(id)),
  );
  shopify = new ShopifyOrders(
    new ShopifyClient({
      shopDomain: "demo-store.myshopify.com",
      apiUrl: world.shopify.url,
      credential: { kind: "token", token },
    }),
  );
  const { apiKey, apiSecret } = site.options.setup!.automation;
  const siteUrl = `https://${site.options.siteName}`;
  const frappe = new FrappeClient({ siteUrl, apiUrl: site.erpnext.url, apiKey, apiSecret });
  erpnext = new FrappeOrders(frappe, { timeZone: TIME_ZONE, pageSize: 2 });
});
afterEach(async () => {
  await world.stop();
  await site.close();
});

function now(): Date {
  return site.options.clock.now();
}

function placed(
  hoursAgo: number,
  more: Parameters<ReturnType<World["shopify"]["shop"]>["createOrder"]>[0] = {},
): RestOrder {
  return world.shopify.shop().createOrder({ createdAt: new Date(now().getTime() - hoursAgo * HOUR), ...more });
}

async function delivered(topic: string, order: object): Promise<void> {
  await site.process(topic, order as Fields);
}

async function scanned(from: ScanState): Promise<string[]> {
  const found: Finding[] = [];
  let state = from;
  while (!state.done) {
    const done = await step(
      state,
      { shopify, erpnext },
      {
        pages: 2,
        now: now(),
        timeZone: TIME_ZONE,
        salesInvoices: true,
        deliveryNotes: false,
        evidence: { logs: (orders) => erpnext.logs(orders), lines: (ids) => shopify.lines(ids) },
      },
    );
    found.push(...done.findings);
    state = done.state;
  }
  const own = found.filter(({ id }) => !seeded.has(id));
  return own.map((finding) => {
    const what =
      finding.kind === "missing" ? finding.reason : finding.kind === "different" ? finding.difference : "orphan";
    return `${finding.id} ${what}: ${ENGLISH.write(finding.detail)}`;
  });
}

test("a scan of both stand-ins finds each gap with its reason", async () => {
  const shop = world.shopify.shop();
  const [keptProduct, goneProduct] = shop.state.products;
  const gone = [{ variantId: goneProduct!.variants[0]!.id, quantity: 1 }];
  const kept = { lines: [{ variantId: keptProduct!.variants[0]!.id, quantity: 1 }] };
  const synced = placed(30, kept);
  const lost = placed(29, kept);
  const cancelled = placed(28, kept);
  const orphaned = placed(27, { lines: gone });
  const failed = placed(26, kept);
  const unpaid = placed(25, kept);
  const recent = placed(0, kept);
  await delivered("orders/create", synced);
  await delivered("orders/create", unpaid);
  await delivered("orders/create", { ...failed, shipping_lines: null });
  await delivered("orders/create", { ...synced, id: 77, name: "#77" });
  shop.cancelOrder(cancelled.id);
  shop.deleteProduct(goneProduct!.id);
  shop.payOrder(unpaid.id);
  expect(await scanned(fullScan(now()))).toEqual([
    "77 orphan: SO-Shopify-00003 is of a Shopify order that does not exist",
    `${lost.id} other: ERPNext has no trace of it`,
    expect.stringContaining(`${cancelled.id} cancelled: cancelled in Shopify at `),
    `${orphaned.id} deleted-product: "${goneProduct!.title}" has no product in Shopify any more`,
    `${failed.id} error: 'NoneType' object is not iterable`,
    `${unpaid.id} no-invoice: ${unpaid.total_price} received in Shopify (PAID), no submitted Sales Invoice`,
    expect.stringContaining(`${recent.id} recent: placed `),
  ]);
  expect(await shopify.count({})).toBe(seeded.size + 7);
  expect(await shopify.count({ createdFrom: new Date(now().getTime() - HOUR).toISOString() })).toBe(1);
  const days = 24 * HOUR;
  expect(await scanned(recentScan(now(), new Date(now().getTime() + 30 * days).toISOString()))).toEqual([]);
  const before = new Date(now().getTime() - 25.5 * HOUR).toISOString();
  expect((await scanned(recentScan(now(), before))).map((line) => line.split(" ")[1])).toEqual(
    expect.arrayContaining(["no-invoice:", "recent:"]),
  );
});

test("a queued delivery is on its way, by the site's own clock", async () => {
  const order = placed(5);
  site.erpnext.workers.stall();
  await site.deliver("orders/create", order as unknown as Fields);
  const [line] = await scanned(fullScan(now()));
  expect(line).toContain(`${order.id} recent: queued in ERPNext `);
});

test("orders that are gone are left out of a look-up by id", async () => {
  const order = placed(1);
  expect((await shopify.withIds([String(order.id), "1"])).map(({ id }) => id)).toEqual([String(order.id)]);
});

test("the stand-ins refuse what the real ones refuse", async () => {
  const ids = Array.from({ length: 251 }, (_, index) => `gid://shopify/Order/${index + 1}`);
  const { body } = await world.graphql("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { variables: { ids } });
  expect(body.errors[0]).toMatchObject({
    message: "The input array size of 251 is greater than the maximum allowed of 250.",
    extensions: { code: "MAX_INPUT_SIZE_EXCEEDED" },
  });
  const sorted = await site.call("GET /api/resource/Sales Order?order_by=length(shopify_order_id) asc");
  expect(sorted.status).toBe(417);
});
