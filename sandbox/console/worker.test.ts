import { join } from "node:path";

import { bundleConsole } from "../../console/build";
import type { FeedEntry } from "../../console/model";
import type { FeedAnswer, StatusAnswer } from "../../console/page/api";
import { speededClock } from "../clock";
import type { Fields } from "../erpnext";
import { startConfiguredSite, type TestSite } from "../erpnext/testing/site";
import { demoCredentials, type NewOrder } from "../shopify";
import type { RestOrder } from "../shopify/rest-types";
import { startWorld, subscribe, type World } from "../shopify/testing/world";
import { CANARY, ENV, startWorker, type RunningWorker } from "./testing/running-worker";
import { forwardTo } from "./testing/stand-ins";

/** The Worker in workerd, with the stand-ins of Shopify and ERPNext behind it, as they answer over the wire. */

jest.setTimeout(180_000);

const HOUR = 60 * 60 * 1000;
const TIME_ZONE = "Europe/Berlin";
const { token } = demoCredentials.custom;
const TOPICS = ["ORDERS_CREATE", "ORDERS_PAID", "ORDERS_FULFILLED", "ORDERS_CANCELLED", "ORDERS_PARTIALLY_FULFILLED"];

let world: World;
let site: TestSite;
let worker: RunningWorker;
/** Everything that the Worker answered. */
const answers: string[] = [];

beforeAll(async () => {
  const clock = speededClock(1);
  world = await startWorld({ clock });
  const means = { clock, timeZone: TIME_ZONE, productMs: 0, shopifyUrl: () => world.shopify.url };
  const taxes = [{ shopify_tax: "VAT", tax_account: "Umsatzsteuer 19 % - DSG" }];
  site = await startConfiguredSite(means, { password: token, taxes, sync_delivery_note: 0 });
  worker = await startWorker({
    script: await bundleConsole({ entry: join(__dirname, "testing/eager-worker.ts") }),
    env: { SHOPIFY_ADMIN_TOKEN: token, DELIVERY_NOTES: "false" },
    hosts: {
      [ENV.SHOP_DOMAIN]: forwardTo(() => world.shopify.url),
      [new URL(ENV.ERPNEXT_URL).host]: forwardTo(() => site.erpnext.url),
      [new URL(ENV.HEALTH_URL).host]: ({ headers }) =>
        Response.json(headers.get("Authorization") === `Bearer ${ENV.HEALTH_TOKEN}` ? { facts: SERVER_FACTS } : {}),
    },
  });
});
afterAll(async () => {
  await worker.close();
  await site.close();
  await world.stop();
});

const SERVER_FACTS = {
  checkedAt: new Date().toISOString(),
  queues: {
    workers: { short: 1, default: 1, long: 1 },
    queued: { short: 2, default: 0, long: 0 },
    oldestQueuedSeconds: 360,
    failedJobs: 0,
    oldMigrationJobs: 0,
    oldMigrationsCured: 0,
  },
  deliveries: {
    waiting: 2,
    oldestWaitingSeconds: 30,
    parked: 1,
    failed: 0,
    forgedLastDay: 0,
    acceptedLastDay: 40,
    paused: null,
  },
};

async function read(path: string): Promise<string> {
  const answer = await worker.get(path);
  const text = await answer.text();
  answers.push(JSON.stringify([...answer.headers]), text);
  return text;
}

async function status(): Promise<StatusAnswer> {
  return JSON.parse(await read("/api/status")) as StatusAnswer;
}

function placedAt(createdAt: Date, more: NewOrder = {}): RestOrder {
  return world.shopify.shop().createOrder({ createdAt, ...more });
}

function placed(hoursAgo: number, more: NewOrder = {}): RestOrder {
  return placedAt(new Date(Date.now() - hoursAgo * HOUR), more);
}

async function delivered(topic: string, order: object): Promise<void> {
  await site.process(topic, order as Fields);
}

/** The list as the file gives it: what each order's row says of kind and reason. */
async function listed(): Promise<Readonly<Record<string, string>>> {
  const [, ...lines] = (await read("/gaps.csv")).trimEnd().split("\r\n");
  const rows = lines.map((line) => line.slice(1, -1).split('";"'));
  return Object.fromEntries(rows.map(([, id = "", kind = "", reason = ""]) => [id, `${kind} ${reason}`]));
}

interface MonthRow {
  readonly month: string;
  readonly shopify: number;
}

async function monthsOf(): Promise<Readonly<Record<string, number>>> {
  const rows = await worker.query<MonthRow>(
    `SELECT month, shopify FROM month
     WHERE generation = (SELECT value ->> '$.shown.generation' FROM fact WHERE name = 'scan')`,
  );
  return Object.fromEntries(rows.map(({ month, shopify }) => [month, shopify]));
}

let orders: Readonly<
  Record<
    "synced" | "lost" | "cancelled" | "orphaned" | "failed" | "unpaid" | "recent" | "october" | "november",
    RestOrder
  >
>;

test("every reason, difference and orphan of a small shop is found in a minute", async () => {
  const shop = world.shopify.shop();
  const [keptProduct, goneProduct] = shop.state.products;
  const kept: NewOrder = { lines: [{ variantId: keptProduct!.variants[0]!.id, quantity: 1 }] };
  const gone: NewOrder = { lines: [{ variantId: goneProduct!.variants[0]!.id, quantity: 1 }] };
  orders = {
    // Berlin is an hour ahead of UTC then: one minute before the month's edge, and at it.
    october: placedAt(new Date("2023-10-31T22:59:00Z"), kept),
    november: placedAt(new Date("2023-10-31T23:00:00Z"), kept),
    synced: placed(30, kept),
    lost: placed(29, kept),
    cancelled: placed(28, kept),
    orphaned: placed(27, gone),
    failed: placed(26, kept),
    unpaid: placed(25, kept),
    recent: placed(0, kept),
  };
  await delivered("orders/create", orders.synced);
  await delivered("orders/create", orders.unpaid);
  await delivered("orders/create", { ...orders.failed, shipping_lines: null });
  await delivered("orders/create", { ...orders.synced, id: 77, name: "#77" });
  shop.cancelOrder(orders.cancelled.id);
  shop.deleteProduct(goneProduct!.id);
  shop.payOrder(orders.unpaid.id);
  for (const topic of TOPICS) await subscribe(world, topic, { input: { uri: ENV.WEBHOOK_URL } });
  await worker.tick();

  const { scan, counts } = await status();
  expect(scan).toMatchObject({ complete: true, running: null, trouble: null, visibleSince: null });
  const all = shop.orders.sorted("id").length;
  expect(counts.orders).toMatchObject({ shopify: { value: all }, erpnext: { value: 3 } });
  expect(counts.products).toMatchObject({ shopify: { value: 5 }, erpnext: { value: 1 } });
  expect(counts.customers).toMatchObject({ shopify: { known: true }, erpnext: { known: true } });
  const list = await listed();
  const of = (name: keyof typeof orders): string | undefined => list[String(orders[name].id)];
  expect([of("lost"), of("cancelled"), of("orphaned"), of("failed"), of("unpaid"), of("recent"), list["77"]]).toEqual([
    "missing other",
    "missing cancelled",
    "missing deleted-product",
    "missing error",
    "different no-invoice",
    "missing recent",
    "orphan orphan",
  ]);
  expect(of("synced")).toBeUndefined();
});

test("the money by month is what the two sides said, to the cent", async () => {
  const [head = "", ...rows] = (await read("/money.csv")).trimEnd().split("\r\n");
  const columns = head.replace("\uFEFF", "").slice(1, -1).split('";"');
  const sum = (column: string): number =>
    rows.reduce((cents, row) => {
      const value = row.slice(1, -1).split('";"')[columns.indexOf(column)] ?? "";
      return cents + Math.round(Number(value.replace(",", ".")) * 100);
    }, 0);
  const open = [...world.shopify.shop().orders.sorted("id")].map(({ id }) => world.shopify.shop().order(id));
  const cents = (decimal: string): number => Math.round(Number(decimal) * 100);
  const placedCents = open
    .filter(({ cancelled_at: at }) => at === null)
    .reduce((total, order) => total + cents(order.total_price), 0);
  expect(sum("shopify_gross")).toBe(placedCents);
  const booked = site.erpnext.documents("Sales Order").map(({ grand_total: total }) => Math.round(Number(total) * 100));
  expect(sum("erpnext_gross")).toBe(booked.reduce((total, one) => total + one, 0));
  expect(sum("difference_gross")).toBe(sum("erpnext_gross") - sum("shopify_gross"));
  expect(await read("/")).toContain("Die Beträge beider Seiten weichen in ");
});

test("an order belongs to the month of the company's own calendar", async () => {
  const months = await monthsOf();
  expect([months["2023-10"], months["2023-11"]]).toEqual([1, 1]);
  expect(Object.values(months).reduce((sum, count) => sum + count, 0)).toBe(
    world.shopify.shop().orders.sorted("id").length,
  );
});

test("health is what the server, the log and Shopify say", async () => {
  const { health } = await status();
  expect(health.map(({ name, state, value }) => [name, state, value])).toEqual([
    ["oldest-queued", "warning", "6 Min."],
    ["error-rate", "warning", "25,0\u00a0%"],
    ["last-delivery", "good", "vor weniger als 1 Min."],
    ["deliveries", "warning", "1 abgelehnt"],
    ["workers", "good", "3"],
    ["subscriptions", "good", "5 von 5"],
    ["token-age", "good", expect.stringMatching(/^\d+ Tage$/)],
    ["api-version", "good", "2026-10"],
    ["api-deadlines", "good", "keine"],
  ]);
});

test("an order that heals without a change in Shopify disappears, and the months stay right", async () => {
  const months = await monthsOf();
  await delivered("orders/create", orders.lost);
  await worker.tick();
  expect((await listed())[String(orders.lost.id)]).toBeUndefined();
  expect(await monthsOf()).toEqual(months);
});

test("a new order is counted once, however often it is read, and a deleted one no more", async () => {
  const before = await monthsOf();
  const sum = (months: Readonly<Record<string, number>>): number =>
    Object.values(months).reduce((all, one) => all + one, 0);
  const order = placed(0.5);
  await worker.tick();
  await worker.tick();
  expect(sum(await monthsOf())).toBe(sum(before) + 1);
  expect((await listed())[String(order.id)]).toBe("missing other");
  const { first_seen_at: first } = await gap(order);
  world.shopify.shop().cancelOrder(order.id);
  await worker.tick();
  expect((await listed())[String(order.id)]).toBe("missing cancelled");
  expect((await gap(order)).first_seen_at).toBe(first);
  world.shopify.shop().deleteOrder(order.id);
  await worker.tick();
  expect((await listed())[String(order.id)]).toBeUndefined();
  expect(sum(await monthsOf())).toBe(sum(before));
});

async function gap({ id }: RestOrder): Promise<{ readonly first_seen_at: string }> {
  const [row] = await worker.query<{ first_seen_at: string }>(
    `SELECT first_seen_at FROM gap WHERE id_key LIKE '%${id}'`,
  );
  return row!;
}

test("the feed shows what appears on both sides, once each, while someone looks", async () => {
  const seen = (JSON.parse(await read("/api/feed")) as FeedAnswer).entries;
  const newest = seen[0]!.id;
  const order = placed(0);
  await delivered("orders/create", order);
  const found = await entriesAfter(newest, 2);
  expect(found.map(({ side, kind, title, url }) => [side, kind, title, url])).toEqual(
    expect.arrayContaining([
      ["shopify", "Bestellung", order.name, `https://admin.shopify.com/store/demo-store/orders/${order.id}`],
      [
        "erpnext",
        "Auftrag",
        expect.any(String),
        expect.stringMatching(/^https:\/\/erp\.demo\.invalid\/app\/sales-order\//),
      ],
    ]),
  );
  expect(found.map(({ id }) => id)).toEqual([newest + 2, newest + 1]);
});

async function entriesAfter(id: number, count: number): Promise<readonly FeedEntry[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { entries } = JSON.parse(await read(`/api/feed?after=${id}`)) as FeedAnswer;
    if (entries.length >= count) return entries;
  }
  throw new Error("nothing appears in the feed");
}

test("the list is searched and filtered, in pages that neither repeat nor leave out a row", async () => {
  const page = await read(`/?search=${encodeURIComponent(orders.cancelled.name)}`);
  const [, rest = ""] = page.split('<tbody role="rowgroup">');
  const [table = ""] = rest.split("</tbody>");
  expect([...table.matchAll(/class="gap-name">([^<]+)</g)].map(([, name]) => name)).toEqual([orders.cancelled.name]);
  const cancelled = await read("/gaps.csv?reason=cancelled");
  const rows = cancelled.trimEnd().split("\r\n").slice(1);
  expect(rows.length).toBe((await status()).gapCounts.cancelled);
  expect(rows.every((row) => row.includes('"missing";"cancelled"'))).toBe(true);
});

test("nothing but questions left the Worker", () => {
  const writing = worker.sent.filter(({ method, url, body }) => {
    if (method === "GET") return false;
    return !url.endsWith("/graphql.json") || !(JSON.parse(body) as { query: string }).query.startsWith("query ");
  });
  expect(writing).toEqual([]);
  expect(worker.sent.length).toBeGreaterThan(100);
});

test("no secret is in an answer, in the database or in the log", async () => {
  const tables = ["fact", "lease", "gap", "month", "counted", "feed"];
  const kept = await Promise.all(tables.map((table) => worker.query(`SELECT * FROM ${table}`)));
  await read("/nothing");
  const all = [...answers, JSON.stringify(kept), ...worker.logged].join("\n");
  for (const secret of [token, ...Object.values(CANARY)]) expect(all).not.toContain(secret);
});

test("a Dev Dashboard app is granted a token once, which is kept in memory alone", async () => {
  const { clientId, clientSecret } = demoCredentials.devDashboard;
  const dashboard = await startWorker({
    script: await bundleConsole({ entry: join(__dirname, "testing/eager-worker.ts") }),
    env: { SHOPIFY_ADMIN_TOKEN: "", SHOPIFY_CLIENT_ID: clientId, SHOPIFY_CLIENT_SECRET: clientSecret },
    hosts: { [ENV.SHOP_DOMAIN]: forwardTo(() => world.shopify.url) },
  });
  try {
    await dashboard.tick();
    await dashboard.tick();
    expect(dashboard.sent.filter(({ url }) => url.endsWith("/admin/oauth/access_token"))).toHaveLength(1);
    const { counts } = await dashboard.json<StatusAnswer>("/api/status");
    expect(counts.orders.shopify).toMatchObject({ known: true });
    expect(dashboard.logged.join("")).not.toContain(clientSecret);
    const facts = JSON.stringify(await dashboard.query("SELECT * FROM fact"));
    expect(facts).not.toMatch(/shpat_|shpss_/);
  } finally {
    await dashboard.close();
  }
});
