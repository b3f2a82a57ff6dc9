import { differencesOf } from "./differences";
import { cures, nextDelivery } from "./healing";
import { deliveryNote, erpnextOrder, salesInvoice, salesOrder, shopifyOrder } from "./testing/world";

const wanted = { salesInvoices: true, deliveryNotes: true };
const all = { financialStatus: "PAID", fulfillmentStatus: "FULFILLED" };
const invoices = [salesInvoice("SI-5")];
const deliveryNotes = [deliveryNote("DN-5", { fulfilment: "51" })];
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
  ["has everything", all, { invoices, deliveryNotes }, { kind: "whole", left: "" }],
  ["differs by its total alone", { total: "99" }, {}, { kind: "whole", left: "99.00 in Shopify, 10.00 in SO-5" }],
  [
    "is paid with another total, whose invoice would be wrong",
    { ...all, total: "99" },
    {},
    { kind: "stuck", why: "99.00 in Shopify, 10.00 in SO-5" },
  ],
  [
    "was refunded before it was invoiced",
    { financialStatus: "REFUNDED" },
    {},
    { kind: "deliver", event: "orders/paid" },
  ],
  [
    "is paid in part, which its delivery would book in full",
    { financialStatus: "PARTIALLY_PAID", received: "4.0", outstanding: "6.0" },
    {},
    { kind: "whole", left: "4.00 received in Shopify (PARTIALLY_PAID), no submitted Sales Invoice" },
  ],
  ["is cancelled since", { cancelledAt }, {}, { kind: "deliver", event: "orders/cancelled" }],
  [
    "is cancelled since, and invoiced",
    { cancelledAt, financialStatus: "REFUNDED" },
    { invoices },
    {
      kind: "stuck",
      why: 'cancelled in Shopify, 10.00 refunded, SO-5 is "To Deliver and Bill"; SI-5 keeps the connector from cancelling it',
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

test("of several differences each has the delivery that cures it, and those that only people can repair have none", () => {
  const [shopify, erpnext] = [shopifyOrder("5", all), erpnextOrder("5")];
  const healOf = cures(differencesOf(shopify, erpnext, wanted), shopify, erpnext);
  expect([healOf("no-invoice"), healOf("no-delivery-note"), healOf("no-payment")]).toEqual([
    "orders/paid",
    "orders/fulfilled",
    null,
  ]);
  const twice = erpnextOrder("5", { salesOrders: [salesOrder("SO-1"), salesOrder("SO-2")] });
  expect(cures(differencesOf(shopify, twice, wanted), shopify, twice)("no-invoice")).toBeNull();
});
