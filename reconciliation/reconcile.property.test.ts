import fc from "fast-check";
import type { Coverage } from "./coverage";
import { differencesOf } from "./differences";
import { reasonOf, type Finding } from "./finding";
import { compareOrderIds } from "./order-id";
import { reconcile } from "./reconcile";
import { fullScan, recentScan, step, type ScanState } from "./scan";
import {
  collect,
  deliveryNote,
  erpnextOrder,
  logEntry,
  NOW,
  optionsFor,
  pagesOf,
  salesInvoice,
  salesOrder,
  shopifyOrder,
  sorted,
  stream,
  type TestWorld,
} from "./testing/world";

/** Few ids of very different lengths, so that both sides meet often and text order is not number order. */
const anyId = fc.constantFrom(
  "1",
  "2",
  "9",
  "10",
  "11",
  "99",
  "100",
  "999",
  "1000",
  "9007199254740993",
  "90071992547409930",
);

const anyShopify = fc.record({
  createdAt: fc.constantFrom("2026-09-30T21:59:00Z", "2026-09-30T22:00:00Z", "2026-11-26T19:50:00Z"),
  updatedAt: fc.constantFrom("2026-10-01T00:00:00Z", "2026-11-26T17:30:00Z", "2026-11-26T19:50:00Z"),
  cancelledAt: fc.constantFrom(null, null, "2026-10-02T00:00:00Z"),
  financialStatus: fc.constantFrom("PAID", "PENDING"),
  fulfillmentStatus: fc.constantFrom("FULFILLED", "UNFULFILLED"),
  total: fc.constantFrom("10.00", "12.00"),
});

const anyErpnext = fc.record({
  salesOrders: fc
    .array(fc.record({ docstatus: fc.constantFrom(0, 1, 2) }), { maxLength: 3 })
    .map((orders) => orders.map((order, index) => salesOrder(`SO-${index}`, order))),
  invoices: fc.constantFrom([], [salesInvoice("SI")]),
  deliveryNotes: fc.constantFrom([], [deliveryNote("DN")]),
});

const anyWorld: fc.Arbitrary<TestWorld> = fc
  .record({
    shopify: fc.dictionary(anyId, anyShopify),
    erpnext: fc.dictionary(anyId, anyErpnext),
    logs: fc.array(fc.record({ orderId: anyId, status: fc.constantFrom("Queued", "Success", "Error", "Invalid") })),
    withoutProduct: fc.array(anyId),
  })
  .map((drawn) => ({
    shopify: Object.entries(drawn.shopify).map(([id, more]) => shopifyOrder(id, more)),
    erpnext: Object.entries(drawn.erpnext).map(([id, more]) => erpnextOrder(id, more)),
    logs: drawn.logs.map(({ orderId, status }, index) =>
      logEntry(orderId, { status, createdAt: new Date(NOW.getTime() - (index + 30) * 60_000).toISOString() }),
    ),
    withoutProduct: new Set(drawn.withoutProduct),
  }));

const WANTED = { salesInvoices: true, deliveryNotes: true };

/** What has to be found, written down the naive way: everything in maps, order by order. */
function oracle({ shopify, erpnext, logs = [], withoutProduct = new Set() }: TestWorld): string[] {
  const there = new Map(erpnext.map((order) => [order.id, order]));
  const known = new Set(shopify.map(({ id }) => id));
  const reasonFor = (id: string, created: string, cancelled: string | null): string => {
    if (Date.parse(created) > NOW.getTime() - 15 * 60_000) return "recent";
    if (cancelled !== null) return "cancelled";
    const [last] = logs.filter(({ orderId }) => orderId === id);
    const isAboutProducts = last === undefined || ["Success", "Queued"].includes(last.status);
    const age = last === undefined ? 0 : NOW.getTime() - Date.parse(last.createdAt);
    if (last?.status === "Queued" && age < 60 * 60_000) return "recent";
    if (withoutProduct.has(id) && isAboutProducts) return "deleted-product";
    return last === undefined || last.status === "Success" ? "other" : "error";
  };
  const gaps = shopify.flatMap((order) => {
    const documents = there.get(order.id);
    if (documents === undefined || documents.salesOrders.length === 0) {
      return [[order.id, reasonFor(order.id, order.createdAt, order.cancelledAt)] as const];
    }
    return differencesOf(order, documents, WANTED).map(({ difference }) => [order.id, difference] as const);
  });
  const orphans = erpnext
    .filter(({ id, salesOrders }) => !known.has(id) && salesOrders.length > 0)
    .filter(({ salesOrders, invoices, deliveryNotes }) =>
      [...salesOrders, ...invoices, ...deliveryNotes].some(({ docstatus }) => docstatus !== 2),
    )
    .map(({ id }) => [id, "orphan"] as const);
  return [...gaps, ...orphans].map(([id, what]) => `${id} ${what}`).sort();
}

function named(finding: Finding): string {
  return `${finding.id} ${reasonOf(finding)}`;
}

/** Steps until it is done. */
async function scanned(
  world: TestWorld,
  cut: { readonly from: ScanState; readonly size: number; readonly pages: number },
): Promise<{ readonly found: Finding[]; readonly coverage: Coverage; readonly steps: number; readonly most: number }> {
  const found: Finding[] = [];
  let state = cut.from;
  let [steps, most] = [0, 0];
  while (!state.done) {
    const sides = pagesOf(world, cut.size);
    const done = await step(state, sides, { ...optionsFor(world), pages: cut.pages });
    found.push(...done.findings);
    // What is stored between two steps is JSON.
    state = JSON.parse(JSON.stringify(done.state)) as ScanState;
    most = Math.max(most, sides.read.pages);
    steps += 1;
  }
  return { found, coverage: state.coverage, steps, most };
}

test("finds exactly what the naive way finds, in the sequence of the ids", async () => {
  await fc.assert(
    fc.asyncProperty(anyWorld, fc.integer({ min: 1, max: 7 }), async (world, batch) => {
      const sides = [stream(sorted(world.shopify)), stream(sorted(world.erpnext))] as const;
      const found = await collect(reconcile(...sides, optionsFor(world, { batch })));
      expect(found.map(named).sort()).toEqual(oracle(world));
      const ids = found.map(({ id }) => id);
      expect(ids).toEqual(ids.toSorted(compareOrderIds));
    }),
    { numRuns: 400 },
  );
});

test("refuses every sequence that does not ascend", async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(["1", "2", "9", "10", "11", "100"], { minLength: 2 }), async (ids) => {
      const ascends = ids.every((id, index) => index === 0 || compareOrderIds(ids[index - 1]!, id) < 0);
      const world = { shopify: ids.map((id) => shopifyOrder(id)), erpnext: [] };
      const run = collect(reconcile(stream(world.shopify), stream([]), optionsFor(world)));
      await (ascends
        ? expect(run).resolves.toHaveLength(ids.length)
        : expect(run).rejects.toThrow("must ascend by id"));
    }),
  );
});

test("steps of any size find what one run finds, and count it once", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyWorld,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 2, max: 5 }),
      async (world, size, pages) => {
        const whole = await scanned(world, { from: fullScan(NOW), size: 1_000, pages: 1_000 });
        const cut = await scanned(world, { from: fullScan(NOW), size, pages });
        expect(whole.steps).toBe(1);
        expect(whole.found.map(named).sort()).toEqual(oracle(world));
        expect(cut.found).toEqual(whole.found);
        expect(cut.coverage).toEqual(whole.coverage);
        expect(cut.most).toBeLessThanOrEqual(pages);
      },
    ),
    { numRuns: 300 },
  );
});

test("a recent scan finds what changed since two hours before the last one, and no orphans", async () => {
  await fc.assert(
    fc.asyncProperty(anyWorld, fc.integer({ min: 1, max: 4 }), async (world, size) => {
      const from = recentScan(NOW, "2026-11-26T19:00:00Z");
      const changed = world.shopify.filter(({ updatedAt }) => updatedAt >= "2026-11-26T17:00:00Z");
      const expected = oracle({ ...world, shopify: changed }).filter((gap) => !gap.endsWith("orphan"));
      expect((await scanned(world, { from, size, pages: 2 })).found.map(named).sort()).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});
