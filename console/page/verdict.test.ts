import { writerFor } from "../../core/messages";
import type { HealthCheck } from "../model";
import { formatFor } from "./format";
import { calmWorld, healthWith, NOW, told, untold, WHOLE_SCAN } from "./testing/world";
import { verdictOf, type Facts } from "./verdict";

const world = calmWorld();

function facts(of: Partial<Facts> = {}): Facts {
  const { counts, scan, health } = world;
  const format = { ...formatFor(world.company, NOW), ...writerFor(world.company.locale) };
  return { counts, scan, health, gapCounts: {}, format, ...of };
}

const orders = (shopify: number, erpnext: number): Facts["counts"] => ({
  ...world.counts,
  orders: { shopify: told(shopify), erpnext: told(erpnext) },
});

const workersDown: Omit<HealthCheck, "asOf"> = {
  name: "workers",
  state: "bad",
  value: "0 of 3",
  detail: "No background worker is alive.",
};
const tokenOld: Omit<HealthCheck, "asOf"> = {
  name: "token-age",
  state: "warning",
  value: "400 days",
  detail: "Make a new one.",
};
const tokenUnknown: Omit<HealthCheck, "asOf"> = { ...tokenOld, state: "unknown", detail: "Unknown." };
const workersUnknown: Omit<HealthCheck, "asOf"> = { ...workersDown, state: "unknown" };

const LAST = "Last comparison: 06:00.";
const RUNNING = { startedAt: "2026-11-27T07:00:00Z", ordersDone: 1, ordersTotal: 2 };
const NO_SCAN = { ...WHOLE_SCAN, complete: false, startedAt: null, finishedAt: null };

it.each<[string, Partial<Facts>, string, string]>([
  ["all there", {}, "good", "Every order is in ERPNext"],
  ["a token of unknown age", { health: healthWith(tokenUnknown) }, "good", "Every order is in ERPNext"],
  ["an empty shop", { counts: orders(0, 0) }, "good", "The shop has no orders yet"],
  ["one on its way", { gapCounts: { recent: 1 } }, "good", "All is well, and the newest orders are on their way"],
  ["explained ones", { gapCounts: { cancelled: 3 } }, "good", "Every order that can be in ERPNext is there"],
  ["one missing", { gapCounts: { other: 1 } }, "warning", "1 order is missing in ERPNext"],
  ["many missing", { gapCounts: { error: 1000, other: 234 } }, "warning", "1,234 orders are missing in ERPNext"],
  ["a difference", { gapCounts: { total: 1 } }, "warning", "1 difference between Shopify and ERPNext"],
  ["an orphan", { gapCounts: { orphan: 2 } }, "warning", "2 orders in ERPNext only"],
  ["a warning", { health: healthWith(tokenOld) }, "warning", "No order needs attention, but the order sync does"],
  [
    "an unknown check",
    { health: healthWith(workersUnknown) },
    "unknown",
    "No order needs attention, as far as can be told",
  ],
  [
    "a side that is silent",
    { counts: { ...world.counts, orders: { shopify: untold("it does not answer"), erpnext: told(1) } } },
    "unknown",
    "No order needs attention, as far as can be told",
  ],
  [
    "history that cannot be seen",
    { scan: { ...WHOLE_SCAN, visibleSince: "2026-09-28T00:00:00Z" } },
    "unknown",
    "No order needs attention, as far as can be told",
  ],
  ["dead workers", { health: healthWith(workersDown), gapCounts: { other: 5 } }, "bad", "Orders are not arriving"],
  [
    "deliveries that ERPNext does not take",
    { health: healthWith({ ...workersDown, name: "deliveries" }) },
    "bad",
    "Orders do not reach ERPNext",
  ],
  ["no comparison", { scan: NO_SCAN, gapCounts: { other: 5 } }, "unknown", "The first comparison has not begun"],
  ["the first one", { scan: { ...NO_SCAN, running: RUNNING } }, "unknown", "The first comparison is still running"],
  [
    "the first one in trouble",
    { scan: { ...NO_SCAN, trouble: "D1 is full" } },
    "unknown",
    "The first comparison has not ended",
  ],
])("of %s", (...[, of, state, headline]) => {
  expect(verdictOf(facts(of))).toMatchObject({ state, headline });
});

it("of a good day says nothing but when it was compared", () => {
  expect(verdictOf(facts())).toMatchObject({ sentences: [], remarks: [LAST] });
});

it("says what else is wrong, the worst first, and then what could not be determined", () => {
  const counts = { ...world.counts, orders: { shopify: told(9), erpnext: untold("ERPNext did not answer") } };
  const gapCounts = { other: 2, total: 1, "no-invoice": 2, orphan: 1 };
  const health = healthWith(tokenOld, workersDown, { ...tokenUnknown, name: "subscriptions" });
  expect(verdictOf(facts({ counts, gapCounts, health })).sentences).toEqual([
    "Background workers: No background worker is alive.",
    "Age of the Shopify token: Make a new one.",
    "2 orders are missing in ERPNext, 3 differences between Shopify and ERPNext, 1 order in ERPNext only.",
    'Not known: how many orders ERPNext has (ERPNext did not answer), "Webhook subscriptions".',
  ]);
});

it("does not say the headline twice", () => {
  expect(verdictOf(facts({ gapCounts: { other: 2, total: 1 } })).sentences).toEqual([
    "Also 1 difference between Shopify and ERPNext.",
  ]);
  expect(verdictOf(facts({ gapCounts: { other: 2 } })).sentences).toEqual([]);
});

it("names what needs nothing apart", () => {
  const gapCounts = { recent: 2, cancelled: 30, "deleted-product": 1 };
  expect(verdictOf(facts({ gapCounts, counts: orders(133, 100) })).remarks).toEqual([
    "2 orders are on their way.",
    "30 orders cannot be in ERPNext (cancelled, or a test order): nothing is to be done.",
    "1 order cannot be made of a deleted product: enter by hand what was paid.",
    LAST,
  ]);
});

it.each([
  [
    "one order more",
    orders(101, 98),
    "Shopify has 1 order more than the last comparison explains; the next one says what became of it.",
  ],
  [
    "two orders more",
    orders(102, 98),
    "Shopify has 2 orders more than the last comparison explains; the next one says what became of them.",
  ],
])("%s than the comparison knew is said", (_, counts, sentence) => {
  expect(verdictOf(facts({ counts, gapCounts: { error: 2 } })).remarks).toEqual([sentence, LAST]);
});

it.each([
  ["as many as it explains", facts({ counts: orders(100, 98), gapCounts: { error: 2 } })],
  ["more in ERPNext", facts({ counts: orders(98, 100) })],
])("%s are no news", (_, of) => {
  expect(verdictOf(of).remarks).toEqual([LAST]);
});
