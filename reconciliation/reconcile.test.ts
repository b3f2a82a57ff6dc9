import { ENGLISH, text } from "../core/messages";
import { addCoverage, summarize, type Coverage } from "./coverage";
import type { Finding } from "./finding";
import { UnsortedOrders } from "./join";
import type { ErpnextOrder, ShopifyOrder } from "./order";
import { reconcile, reconcileInBatches, type ReconcileOptions } from "./reconcile";
import {
  collect,
  deliveryNote,
  erpnextOrder,
  evidenceOf,
  logEntry,
  optionsFor,
  salesInvoice,
  salesOrder,
  shopifyOrder,
  stream,
  type TestWorld,
} from "./testing/world";

async function findings(world: TestWorld, more: Partial<ReconcileOptions> = {}): Promise<Finding[]> {
  return collect(reconcile(stream(world.shopify), stream(world.erpnext), optionsFor(world, more)));
}

async function coverageOf(world: TestWorld, more: Partial<ReconcileOptions> = {}): Promise<Coverage> {
  const batches = await collect(
    reconcileInBatches(stream(world.shopify), stream(world.erpnext), optionsFor(world, more)),
  );
  return batches.reduce<Coverage>((sum, { coverage }) => addCoverage(sum, coverage), {});
}

const PAID = "ecommerce_integrations.shopify.invoice.prepare_sales_invoice";

describe("an order that ERPNext lacks", () => {
  async function reason(order: Partial<ShopifyOrder>, known: Partial<TestWorld> = {}): Promise<unknown> {
    const [finding] = await findings({ shopify: [shopifyOrder("5", order)], erpnext: [], ...known });
    if (finding?.kind !== "missing") return finding;
    return [finding.reason, ENGLISH.write(finding.detail), ...(finding.said === null ? [] : [finding.said])];
  }

  test.each([
    [
      "was placed 14 minutes ago",
      { createdAt: "2026-11-26T19:45:01Z" },
      {},
      ["recent", "placed 14 min ago, its webhook may be on its way"],
    ],
    ["was placed 15 minutes ago", { createdAt: "2026-11-26T19:45:00Z" }, {}, ["other", "ERPNext has no trace of it"]],
    [
      "was cancelled",
      { cancelledAt: "2026-10-06T08:00:00Z" },
      { withoutProduct: new Set(["5"]) },
      ["cancelled", "cancelled in Shopify at 2026-10-06T08:00:00Z"],
    ],
    [
      "waits in the queue",
      {},
      { logs: [logEntry("5", { status: "Queued", createdAt: "2026-11-26T19:01:00Z" })] },
      ["recent", "queued in ERPNext 59 min ago"],
    ],
    [
      "waits in the queue for too long",
      {},
      { logs: [logEntry("5", { status: "Queued", createdAt: "2026-11-26T19:00:00Z" })] },
      ["error", "queued in ERPNext at 2026-11-26T19:00:00Z and never processed"],
    ],
    [
      "has a line whose product is gone",
      {},
      { withoutProduct: new Set(["5"]), logs: [logEntry("5", { message: "Not Found: …/products/None.json" })] },
      ["deleted-product", '"Plate" has no product in Shopify any more', "Not Found: …/products/None.json"],
    ],
    [
      "has a line whose product is gone, and the connector called it a success",
      {},
      { withoutProduct: new Set(["5"]), logs: [logEntry("5", { status: "Success" })] },
      ["deleted-product", '"Plate" has no product in Shopify any more'],
    ],
    [
      "has a tip, which is no deleted product",
      {},
      { withTip: new Set(["5"]), logs: [logEntry("5", { message: "Not Found: …/products/None.json" })] },
      ["line-without-product", '"Tip" is a custom item or a tip, without a product', "Not Found: …/products/None.json"],
    ],
    [
      "failed over something else than the line without product that it has too",
      {},
      { withTip: new Set(["5"]), logs: [logEntry("5", { message: "Could not find Country: Czechia" })] },
      ["error", "Could not find Country: Czechia", "Could not find Country: Czechia"],
    ],
    [
      "failed, and failed differently before",
      {},
      {
        logs: [
          logEntry("5", { message: "new words", createdAt: "2026-10-07T00:00:00Z" }),
          logEntry("5", { message: "old words", createdAt: "2026-10-06T23:59:59Z" }),
        ],
      },
      ["error", "new words", "new words"],
    ],
    [
      "failed, and its payment failed after it for want of a Sales Order",
      {},
      {
        logs: [
          logEntry("5", { message: "Could not find Country: Czechia" }),
          logEntry("5", {
            status: "Invalid",
            method: PAID,
            message: "Sales Order not found for syncing sales invoice.",
            createdAt: "2026-10-05T10:02:00Z",
          }),
        ],
      },
      ["error", "Could not find Country: Czechia", "Could not find Country: Czechia"],
    ],
    [
      "was never created, and paid",
      {},
      { logs: [logEntry("5", { status: "Invalid", method: PAID, message: "Sales Order not found" })] },
      [
        "other",
        "ERPNext has no trace of its creation; prepare_sales_invoice found no Sales Order at 2026-10-05T10:01:00Z",
      ],
    ],
    ["failed without a word", {}, { logs: [logEntry("5", { message: "None" })] }, ["error", "None"]],
    ["is a test order", { test: true }, {}, ["test-order", "a test order, which is not booked"]],
    [
      "was made and deleted",
      {},
      { logs: [logEntry("5", { status: "Success" })] },
      ["other", "made at 2026-10-05T10:01:00Z and deleted since"],
    ],
    ["left no trace", {}, { logs: [logEntry("6")] }, ["other", "ERPNext has no trace of it"]],
  ] as const)("%s", async (...[, order, known, expected]) => {
    expect(await reason(order, known)).toEqual(expected);
  });

  test("counts as missing when only documents made from its Sales Order are left", async () => {
    const erpnext = [erpnextOrder("5", { salesOrders: [], invoices: [salesInvoice("SI-1")] })];
    expect(await findings({ shopify: [shopifyOrder("5")], erpnext })).toMatchObject([{ kind: "missing", id: "5" }]);
  });
});

describe("an order that both have", () => {
  async function differences(
    order: Partial<ShopifyOrder>,
    documents: Partial<ErpnextOrder> = {},
    more: Partial<ReconcileOptions> = {},
  ): Promise<unknown[]> {
    const world = { shopify: [shopifyOrder("5", order)], erpnext: [erpnextOrder("5", documents)] };
    return (await findings(world, more)).map((finding) =>
      finding.kind === "different" ? [finding.difference, ENGLISH.write(finding.detail)] : finding,
    );
  }
  const paid = { financialStatus: "PAID" };
  const shipped = { fulfillmentStatus: "PARTIALLY_FULFILLED" };
  const invoice = salesInvoice("SI-5");
  const note = deliveryNote("DN-5", { fulfilment: "51" });
  const cancelled = { cancelledAt: "2026-10-06T08:00:00Z" };

  test.each<[string, unknown[], Parameters<typeof differences>]>([
    ["is the same", [], [{}]],
    [
      "has two Sales Orders",
      [["duplicate", "SO-1, SO-2 are all of this order"]],
      [{}, { salesOrders: [salesOrder("SO-1"), salesOrder("SO-2")] }],
    ],
    [
      "was amended: the cancelled Sales Order is no duplicate",
      [],
      [{}, { salesOrders: [salesOrder("SO-1", { docstatus: 2 }), salesOrder("SO-1-1")] }],
    ],
    [
      "is a draft",
      [["not-submitted", "SO-1 is a draft"]],
      [{}, { salesOrders: [salesOrder("SO-1", { docstatus: 0 })] }],
    ],
    [
      "is cancelled in ERPNext only",
      [["only-cancelled-here", "SO-1 is cancelled, the order in Shopify is not"]],
      [{}, { salesOrders: [salesOrder("SO-1", { docstatus: 2 })] }],
    ],
    ["is cancelled in both", [], [cancelled, { salesOrders: [salesOrder("SO-1", { docstatus: 2 })] }]],
    [
      "is cancelled in Shopify only",
      [["not-cancelled", 'cancelled in Shopify, SO-5 is "To Deliver and Bill"']],
      [cancelled],
    ],
    [
      "is cancelled in Shopify and invoiced in ERPNext",
      [
        [
          "not-cancelled",
          'cancelled in Shopify, 10.00 refunded, SO-5 is "To Deliver and Bill"; SI-5, DN-5 keeps the connector from cancelling it',
        ],
      ],
      [
        { ...cancelled, financialStatus: "REFUNDED" },
        { invoices: [invoice, { ...invoice, name: "SI-4", docstatus: 2 }], deliveryNotes: [note] },
      ],
    ],
    [
      "is cancelled in both, and its invoice was forgotten",
      [["not-cancelled", "cancelled in Shopify, which kept 0.00; SI-5 of 10.00 stands"]],
      [
        { ...cancelled, financialStatus: "REFUNDED" },
        { salesOrders: [salesOrder("SO-5", { docstatus: 2 })], invoices: [invoice] },
      ],
    ],
    [
      "is cancelled in both, and was undone by a credit note",
      [],
      [
        { ...cancelled, financialStatus: "REFUNDED" },
        {
          salesOrders: [salesOrder("SO-5", { docstatus: 2 })],
          invoices: [invoice, salesInvoice("CN-5", { total: "-10" })],
        },
      ],
    ],
    [
      "is cancelled in both, and the money was kept",
      [["no-invoice", "cancelled in Shopify, which kept 10.00; no Sales Invoice says so"]],
      [{ ...cancelled, ...paid }, { salesOrders: [salesOrder("SO-5", { docstatus: 2 })] }],
    ],
    [
      "is paid without an invoice",
      [["no-invoice", "10.00 received in Shopify (PAID), no submitted Sales Invoice"]],
      [paid],
    ],
    [
      "is paid with a draft of an invoice",
      [["no-invoice", "10.00 received in Shopify (PAID), no submitted Sales Invoice: SI-5 is a draft"]],
      [paid, { invoices: [{ ...invoice, docstatus: 0 }] }],
    ],
    [
      "is paid in part, which nothing is booked of",
      [["no-invoice", "4.00 received in Shopify (PARTIALLY_PAID), no submitted Sales Invoice"]],
      [{ financialStatus: "PARTIALLY_PAID", received: "4.0", outstanding: "6.0" }],
    ],
    [
      "is paid in part, and so is its invoice",
      [],
      [
        { financialStatus: "PARTIALLY_PAID", received: "4.0", outstanding: "6.0" },
        { invoices: [{ ...invoice, outstanding: "6" }] },
      ],
    ],
    [
      "is paid in part, and its invoice in full",
      [["paid-only-here", "4.00 received in Shopify, 10.00 paid here"]],
      [{ financialStatus: "PARTIALLY_PAID", received: "4.0", outstanding: "6.0" }, { invoices: [invoice] }],
    ],
    [
      "is paid without a payment",
      [["no-payment", "PAID in Shopify, 10.00 of SI-5 is outstanding here"]],
      [paid, { invoices: [{ ...invoice, outstanding: "10" }] }],
    ],
    ["is paid, invoiced and settled", [], [paid, { invoices: [invoice] }]],
    ["is paid where no invoices are wanted", [], [paid, {}, { salesInvoices: false }]],
    [
      "is refunded in part before it was invoiced",
      [
        [
          "no-invoice",
          "10.00 received in Shopify (PARTIALLY_REFUNDED), 4.00 of it refunded, no submitted Sales Invoice",
        ],
      ],
      [{ financialStatus: "PARTIALLY_REFUNDED", refunded: "4.0" }],
    ],
    [
      "is fulfilled without a note",
      [["no-delivery-note", "1 piece fulfilled in Shopify (fulfilment 51), 0 in submitted Delivery Notes"]],
      [{ fulfillmentStatus: "FULFILLED" }],
    ],
    [
      "is partly fulfilled with a note that was cancelled",
      [["no-delivery-note", "1 piece fulfilled in Shopify (fulfilment 51), 0 in submitted Delivery Notes"]],
      [shipped, { deliveryNotes: [{ ...note, docstatus: 2 }] }],
    ],
    [
      "is fulfilled, and Shopify names no fulfilment",
      [["no-delivery-note", "0 pieces fulfilled in Shopify, 0 in submitted Delivery Notes"]],
      [{ fulfillmentStatus: "FULFILLED", fulfilments: [] }],
    ],
    ["is fulfilled with a note", [], [shipped, { deliveryNotes: [note] }]],
    [
      "is fulfilled with a note that a pulled history made, which does not name its order",
      [],
      [shipped, { salesOrders: [salesOrder("SO-5", { delivered: 100 })] }],
    ],
    [
      "came back in part after it was delivered",
      [],
      [
        { fulfillmentStatus: "FULFILLED", fulfilments: [{ id: "51", status: "SUCCESS", pieces: 2 }] },
        {
          deliveryNotes: [
            { ...note, pieces: 2 },
            { ...note, name: "DN-6", isReturn: true, pieces: -1 },
          ],
        },
      ],
    ],
    ["is fulfilled where no notes are wanted", [], [shipped, {}, { deliveryNotes: false }]],
    ["differs by a cent", [["total", "10.01 in Shopify, 10.00 in SO-5"]], [{ total: "10.01" }]],
    [
      "differs by half a cent a piece, which the price of one loses",
      [],
      [{ total: "10.01" }, { salesOrders: [salesOrder("SO-5", { pieces: 2 })] }],
    ],
    [
      "differs by a cent where nothing is taken out of the price",
      [["total", "10.01 in Shopify, 10.00 in SO-5"]],
      [{ total: "10.01", taxesIncluded: false }, { salesOrders: [salesOrder("SO-5", { pieces: 2 })] }],
    ],
    [
      "differs by what its pieces can lose, which is too much",
      [["total", "10.34 in Shopify, 10.00 in SO-5: the prices of 1000 pieces were rounded"]],
      [{ total: "10.34" }, { salesOrders: [salesOrder("SO-5", { pieces: 1000 })] }],
    ],
    [
      "was rounded to whole units",
      [["total", "9.80 in Shopify, 10.00 in SO-5, which ERPNext rounded from 9.80"]],
      [{ total: "9.80" }, { salesOrders: [salesOrder("SO-5", { grandTotal: "9.8" })] }],
    ],
    [
      "has duties that were not booked",
      [["total", "16.00 in Shopify, 10.00 in SO-5: the duties are not booked"]],
      [{ total: "16.00", duties: "6.0" }],
    ],
    [
      "was changed since it was imported",
      [["edited", "changed in Shopify since its import: 8.00 now, 10.00 in SO-5"]],
      [{ total: "8.00", placed: "10.00", edited: true }],
    ],
    [
      "was changed before it was paid, and booked as it was placed",
      [["edited", "changed in Shopify since its import: 8.00 now, 10.00 in SO-5"]],
      [{ ...paid, current: "8.00", received: "8.00", edited: true }, { invoices: [invoice] }],
    ],
    [
      "was changed, and a credit note says so",
      [],
      [
        { ...paid, total: "8.00", placed: "10.00", received: "8.00", edited: true },
        { invoices: [invoice, salesInvoice("CN-5", { total: "-2" })] },
      ],
    ],
  ])("%s", async (_what, expected, given) => {
    expect(await differences(...given)).toEqual(expected);
  });
});

describe("an order that only ERPNext has", () => {
  const erpnext = [erpnextOrder("5")];

  test("is an orphan", async () => {
    expect(await findings({ shopify: [], erpnext })).toMatchObject([
      { kind: "orphan", id: "5", detail: text("finding.orphan", { orders: ["SO-5"] }) },
    ]);
  });

  test.each([
    ["on the day from which on the app sees orders", "2026-10-05T08:00:00Z", []],
    ["on the day after, by the company's clock", "2026-10-04T21:59:59Z", ["orphan"]],
    ["on the same day, by the company's clock", "2026-10-04T22:00:00Z", []],
  ])("%s", async (_when, visibleSince, kinds) => {
    const found = await findings({ shopify: [], erpnext }, { visibleSince });
    expect(found.map(({ kind }) => kind)).toEqual(kinds);
    const { "2026-10": month } = await coverageOf({ shopify: [], erpnext }, { visibleSince });
    expect([month?.orphans, month?.unknown]).toEqual(kinds.length === 0 ? [0, 1] : [1, 0]);
  });
});

describe("a side that lies", () => {
  test.each<[string, string[], string[], string]>([
    ["goes backwards", ["5", "4"], [], "Shopify gave order 4 after order 5: its orders must ascend by id."],
    ["repeats itself", [], ["5", "5"], "ERPNext gave order 5 after order 5: its orders must ascend by id."],
    ["sorts as text", ["10", "9"], [], "Shopify gave order 9 after order 10: its orders must ascend by id."],
    ["has no ids", [], ["gid://shopify/Order/5"], 'ERPNext gave "gid://shopify/Order/5", which is no order id.'],
    ["pads its ids", [], ["05"], 'ERPNext gave "05", which is no order id.'],
  ])("%s", async (...[, left, right, message]) => {
    const world = { shopify: left.map((id) => shopifyOrder(id)), erpnext: right.map((id) => erpnextOrder(id)) };
    const thrown = await findings(world).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(UnsortedOrders);
    expect((thrown as Error).message).toBe(message);
  });

  test("ids beyond what a number holds are told apart", async () => {
    const [a, b] = ["9007199254740992", "9007199254740993"];
    const world = { shopify: [shopifyOrder(a), shopifyOrder(b)], erpnext: [erpnextOrder(a)] };
    expect((await findings(world)).map(({ id }) => id)).toEqual([b]);
  });
});

describe("a side that breaks", () => {
  async function* broken<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
    yield* await Promise.resolve(items);
    throw new Error("the token was revoked");
  }

  test("keeps what was found before, and both sides are closed", async () => {
    let closed = 0;
    async function* watched<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
      try {
        yield* await Promise.resolve(items);
      } finally {
        closed += 1;
      }
    }
    const world = { shopify: ["3", "4", "5"].map((id) => shopifyOrder(id)), erpnext: [] };
    const seen: string[] = [];
    const run = async (): Promise<void> => {
      const sides = [broken(world.shopify), watched([erpnextOrder("4"), erpnextOrder("9")])] as const;
      for await (const { findings: found, throughId } of reconcileInBatches(...sides, optionsFor(world))) {
        seen.push(...found.map(({ id }) => id), `through ${throughId}`);
      }
    };
    await expect(run()).rejects.toThrow("the token was revoked");
    expect(seen).toEqual(["3", "5", "through 5"]);
    expect(closed).toBe(1);
  });
});

test("missing orders are explained in batches, and no more of them are held", async () => {
  const world = { shopify: Array.from({ length: 23 }, (_, index) => shopifyOrder(String(index + 1))), erpnext: [] };
  const evidence = evidenceOf(world);
  let pulled = 0;
  async function* counted(): AsyncGenerator<ShopifyOrder, void, undefined> {
    for (const order of await Promise.resolve(world.shopify)) {
      pulled += 1;
      yield order;
    }
  }
  let held = 0;
  let given = 0;
  for await (const { id } of reconcile(counted(), stream([]), optionsFor(world, { evidence, batch: 5 }))) {
    held = Math.max(held, pulled - given);
    given += 1;
    expect(id).toBe(String(given));
  }
  expect(evidence.asked).toEqual([5, 5, 5, 5, 3]);
  expect([given, held]).toEqual([23, 5]);
});

describe("coverage", () => {
  const world: TestWorld = {
    shopify: [
      shopifyOrder("1", { createdAt: "2026-10-31T22:59:59Z" }),
      shopifyOrder("2", { createdAt: "2026-10-31T23:00:00Z" }),
      shopifyOrder("3", { createdAt: "2026-11-02T00:00:00Z", cancelledAt: "2026-11-02T01:00:00Z" }),
      shopifyOrder("4", { createdAt: "2026-11-03T00:00:00Z" }),
      shopifyOrder("5", { createdAt: "2026-11-04T00:00:00Z", total: "11" }),
      shopifyOrder("6", { createdAt: "2026-11-26T19:59:00Z" }),
    ],
    erpnext: [erpnextOrder("1"), erpnextOrder("5"), erpnextOrder("7")],
    withoutProduct: new Set(["4"]),
  };

  test("is counted by month in the company's time zone", async () => {
    const { "2026-10": october, "2026-11": november, ...others } = await coverageOf(world);
    expect(others).toEqual({});
    expect(october).toMatchObject({ shopify: 1, inErpnext: 1, orphans: 1 });
    expect(november).toMatchObject({
      shopify: 5,
      inErpnext: 1,
      missing: { recent: 1, cancelled: 1, "deleted-product": 1, error: 0, other: 1 },
      different: { total: 1, duplicate: 0 },
    });
  });

  test("has the money of both sides by month, and says that it does not agree", async () => {
    const counted = await coverageOf(world);
    expect(counted["2026-11"]?.money).toEqual({
      shopify: { gross: "41.00", charges: "6.40", refunded: "0.00", paid: "0.00" },
      erpnext: { gross: "10.00", charges: "1.60", refunded: "0.00", paid: "0.00" },
      tolerated: { gross: "0.00", charges: "0.00", refunded: "0.00", paid: "0.00" },
      tax: "6.40",
    });
    expect(summarize(counted).agreed).toBe(false);
    expect(summarize(await coverageOf({ shopify: [shopifyOrder("1")], erpnext: [erpnextOrder("1")] })).agreed).toBe(
      true,
    );
  });

  test("is explained by its reasons", async () => {
    const summary = summarize(await coverageOf(world));
    expect(summary).toMatchObject({ shopify: 6, inErpnext: 2, share: 2 / 6, attainable: 2 / 4, complete: true });
    expect(summary.remarks).toEqual([
      "2 of 6 orders are not in ERPNext and no delivery helps: 1 with a deleted product, 1 cancelled before they came, 0 test orders.",
      "1 may still arrive by themselves.",
      "1 can be delivered again: 0 failed, 1 never came.",
      "1 is in ERPNext only.",
    ]);
  });

  test("says that it does not know what cannot be seen", async () => {
    const summary = summarize(await coverageOf(world, { visibleSince: "2026-11-01T00:00:00Z" }), "2026-11");
    expect([summary.complete, summary.unknown, summary.orphans]).toEqual([false, 1, 0]);
    expect(summary.remarks.at(-1)).toBe(
      "Of orders before 2026-11 nothing is known: the app lacks the scope read_all_orders, and ERPNext has 1 of that time.",
    );
  });

  test("of nothing is undefined, neither 0 nor 100 %", () => {
    expect(summarize({})).toMatchObject({ shopify: 0, share: undefined, attainable: undefined, remarks: [] });
  });
});
