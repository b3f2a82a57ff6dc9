import { erpnextOrder, salesOrder, shopifyOrder } from "../../../reconciliation/testing/world";
import { isCurable, nextDelivery } from "./next-delivery";

const wanted = { salesInvoices: true, deliveryNotes: true };
const all = { financialStatus: "PAID", fulfillmentStatus: "FULFILLED" };
const invoices = [{ name: "SI-5", docstatus: 1, outstanding: 0 }] as const;
const deliveryNotes = [{ name: "DN-5", docstatus: 1 }] as const;
const cancelledAt = "2026-10-06T08:00:00Z";

test.each<[string, Parameters<typeof shopifyOrder>[1], Parameters<typeof erpnextOrder>[1] | undefined, unknown]>([
  ["is missing", all, undefined, { kind: "deliver", event: "orders/create" }],
  ["has lost its Sales Order", all, { salesOrders: [], invoices }, { kind: "deliver", event: "orders/create" }],
  [
    "was cancelled before",
    { cancelledAt },
    undefined,
    { kind: "stuck", why: "it was cancelled before ERPNext had it" },
  ],
  ["is paid and fulfilled", all, {}, { kind: "deliver", event: "orders/paid" }],
  ["is invoiced and fulfilled", all, { invoices }, { kind: "deliver", event: "orders/fulfilled" }],
  [
    "is fulfilled in part",
    { fulfillmentStatus: "PARTIALLY_FULFILLED" },
    {},
    { kind: "deliver", event: "orders/partially_fulfilled" },
  ],
  ["has everything", all, { invoices, deliveryNotes }, { kind: "whole" }],
  ["differs by its total alone", { total: "99" }, {}, { kind: "whole" }],
  ["is cancelled since", { cancelledAt }, {}, { kind: "deliver", event: "orders/cancelled" }],
  [
    "is cancelled since, and invoiced",
    { cancelledAt },
    { invoices },
    {
      kind: "stuck",
      why: 'cancelled in Shopify, SO-5 is "To Deliver and Bill"; SI-5 keeps the connector from cancelling it',
    },
  ],
  [
    "is there twice",
    all,
    { salesOrders: [salesOrder("SO-1"), salesOrder("SO-2")] },
    { kind: "stuck", why: "SO-1, SO-2 are all of this order" },
  ],
  [
    "is a draft",
    all,
    { salesOrders: [salesOrder("SO-1", { docstatus: 0 })] },
    { kind: "stuck", why: "SO-1 is a draft" },
  ],
])("an order that %s", (...[, shopify, erpnext, expected]) => {
  const documents = erpnext === undefined ? undefined : erpnextOrder("5", erpnext);
  expect(nextDelivery(shopifyOrder("5", shopify), documents, wanted)).toEqual(expected);
});

test("an order that is gone from Shopify", () => {
  expect(nextDelivery(undefined, erpnextOrder("5"), wanted)).toEqual({ kind: "stuck", why: "it is gone from Shopify" });
});

test.each([
  ["error", true],
  ["other", true],
  ["recent", false],
  ["cancelled", false],
  ["deleted-product", false],
] as const)("what is missing for reason %s is tried: %s", (reason, expected) => {
  expect(isCurable({ kind: "missing", id: "5", reason, detail: "", shopify: shopifyOrder("5") }, wanted)).toBe(
    expected,
  );
});

test("orphans and what only people can mend are not tried", () => {
  expect(isCurable({ kind: "orphan", id: "5", detail: "", erpnext: erpnextOrder("5") }, wanted)).toBe(false);
  const different = { kind: "different", id: "5", detail: "", shopify: shopifyOrder("5", all) } as const;
  expect(isCurable({ ...different, difference: "no-invoice", erpnext: erpnextOrder("5") }, wanted)).toBe(true);
  const paid = erpnextOrder("5", { invoices: [{ ...invoices[0], outstanding: 10 }], deliveryNotes });
  expect(isCurable({ ...different, difference: "no-payment", erpnext: paid }, wanted)).toBe(false);
});
