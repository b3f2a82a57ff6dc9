import { ENGLISH } from "../core/messages";
import type { Finding } from "./finding";
import { reconcile } from "./reconcile";
import {
  collect,
  deliveryNote,
  erpnextOrder,
  logEntry,
  optionsFor,
  salesInvoice,
  salesOrder,
  shopifyOrder,
  stream,
  type TestWorld,
} from "./testing/world";

/**
 * What people who do this job reported in public, and what a real ERPNext 15 booked: each with the finding that it has to
 * have. The amounts are those of the reports (EUR, 19 % included, shipping 4.90).
 */

async function found(world: Partial<TestWorld>): Promise<readonly string[]> {
  const whole = { shopify: [], erpnext: [], ...world };
  const findings: Finding[] = await collect(reconcile(stream(whole.shopify), stream(whole.erpnext), optionsFor(whole)));
  return findings.map((finding) => {
    const what = finding.kind === "missing" ? finding.reason : finding.kind === "different" ? finding.difference : "";
    return `${what}${finding.cause === null ? "" : ` (${finding.cause})`}: ${ENGLISH.write(finding.detail)}`;
  });
}

const TWO = { pieces: 2, charges: "0", total: "44.69" };
const charges = { tax: "0.0" };
const ordered = { total: "44.70", ...charges, fulfilments: [] };
const refundedAll = { ...ordered, financialStatus: "REFUNDED" };
const refundedPart = { ...ordered, financialStatus: "PARTIALLY_REFUNDED", refunded: "19.9", current: "24.80" };
const invoice = salesInvoice("SI-5", { total: "44.69" });
const booked = { salesOrders: [salesOrder("SO-5", TWO)], invoices: [invoice] };

test.each<[string, Parameters<typeof shopifyOrder>[1], Parameters<typeof erpnextOrder>[1], readonly string[]]>([
  [
    "refunded in full after it was invoiced (ecommerce_integrations#397)",
    refundedAll,
    booked,
    ["no-credit-note (refunded): 44.70 refunded in Shopify, no submitted credit note"],
  ],
  [
    "refunded in part after it was invoiced",
    refundedPart,
    booked,
    ["no-credit-note (refunded): 19.90 refunded in Shopify, no submitted credit note"],
  ],
  [
    "refunded in part, whose credit note waits for someone to submit it",
    refundedPart,
    { ...booked, invoices: [invoice, salesInvoice("CN-5", { total: "-19.9", docstatus: 0 })] },
    ["no-credit-note (refunded): 19.90 refunded in Shopify, no submitted credit note: CN-5 is a draft"],
  ],
  [
    "refunded in part and booked so",
    refundedPart,
    { ...booked, invoices: [invoice, salesInvoice("CN-5", { total: "-19.9" })] },
    [],
  ],
  [
    "refunded in part before it was pulled: the rest that the merchant kept is in no book",
    refundedPart,
    { salesOrders: [salesOrder("SO-5", TWO)] },
    ["no-invoice: 44.70 received in Shopify (PARTIALLY_REFUNDED), 19.90 of it refunded, no submitted Sales Invoice"],
  ],
  [
    "refunded in full before it was pulled",
    refundedAll,
    { salesOrders: [salesOrder("SO-5", TWO)] },
    ["no-invoice: 44.70 received in Shopify (REFUNDED), 44.70 of it refunded, no submitted Sales Invoice"],
  ],
  [
    "voided in Shopify and paid here (ecommerce_integrations#225)",
    { ...ordered, financialStatus: "VOIDED" },
    booked,
    ["paid-only-here: not paid in Shopify (VOIDED), 44.69 paid for SI-5"],
  ],
  [
    "expired in Shopify and invoiced here",
    { ...ordered, financialStatus: "EXPIRED" },
    { ...booked, invoices: [salesInvoice("SI-5", { total: "44.69", outstanding: "44.69" })] },
    ["invoice-stands: not paid in Shopify (EXPIRED), SI-5 is open"],
  ],
  [
    "without a transaction in Shopify and paid here",
    { ...ordered, financialStatus: null },
    booked,
    ["paid-only-here: not paid in Shopify (without a payment), 44.69 paid for SI-5"],
  ],
  [
    "cancelled and pulled with a history, which invoiced it (ecommerce_integrations#410)",
    { ...refundedAll, cancelledAt: "2026-10-06T11:00:00+02:00" },
    booked,
    [
      'not-cancelled: cancelled in Shopify, 44.70 refunded, SO-5 is "To Deliver and Bill"; SI-5 keeps the connector from cancelling it',
    ],
  ],
  [
    "cancelled in both, whose invoice stands",
    { ...refundedAll, cancelledAt: "2026-10-06T11:00:00+02:00" },
    { ...booked, salesOrders: [salesOrder("SO-5", { ...TWO, docstatus: 2 })] },
    ["not-cancelled: cancelled in Shopify, which kept 0.00; SI-5 of 44.69 stands"],
  ],
  [
    "unfulfilled in Shopify, with a standing Delivery Note",
    ordered,
    { salesOrders: [salesOrder("SO-5", TWO)], deliveryNotes: [deliveryNote("DN-5", { fulfilment: "51", pieces: 2 })] },
    ["delivered-only-here: 0 pieces fulfilled in Shopify, 2 delivered by DN-5"],
  ],
  [
    "of two fulfilments, the second of which was lost",
    {
      ...ordered,
      fulfillmentStatus: "FULFILLED",
      fulfilments: [
        { id: "51", status: "SUCCESS", pieces: 1 },
        { id: "52", status: "SUCCESS", pieces: 1 },
      ],
    },
    {
      salesOrders: [salesOrder("SO-5", { ...TWO, delivered: 50 })],
      deliveryNotes: [deliveryNote("DN-5", { fulfilment: "51" })],
    },
    ["no-delivery-note: 2 pieces fulfilled in Shopify (fulfilment 52), 1 in submitted Delivery Notes"],
  ],
  [
    "whose fulfilment was cancelled, and made again with an empty note",
    {
      ...ordered,
      fulfillmentStatus: "FULFILLED",
      fulfilments: [
        { id: "51", status: "CANCELLED", pieces: 2 },
        { id: "52", status: "SUCCESS", pieces: 2 },
      ],
    },
    {
      salesOrders: [salesOrder("SO-5", { ...TWO, delivered: 100 })],
      deliveryNotes: [
        deliveryNote("DN-5", { fulfilment: "51", pieces: 2 }),
        deliveryNote("DN-6", { fulfilment: "52", pieces: 0 }),
      ],
    },
    [],
  ],
  [
    "pulled with a history, whose Delivery Note does not name it",
    { ...ordered, fulfillmentStatus: "FULFILLED", fulfilments: [{ id: "51", status: "SUCCESS", pieces: 2 }] },
    { salesOrders: [salesOrder("SO-5", { ...TWO, delivered: 100, status: "To Bill" })] },
    [],
  ],
  [
    "edited after its import, whose total follows the edit",
    { ...charges, placed: "100.00", total: "80.00", current: "80.00", edited: true },
    { salesOrders: [salesOrder("SO-5", { charges: "0", total: "100" })] },
    ["edited (edited): changed in Shopify since its import: 80.00 now, 100.00 in SO-5"],
  ],
  [
    "of which a line was removed before it was paid, and whose total stays",
    { ...charges, total: "37.30", current: "24.80", received: "24.80", financialStatus: "PAID", edited: true },
    {
      salesOrders: [salesOrder("SO-5", { charges: "0", total: "37.3" })],
      invoices: [salesInvoice("SI-5", { total: "37.3" })],
    },
    ["edited (edited): changed in Shopify since its import: 24.80 now, 37.30 in SO-5"],
  ],
  [
    "with a free line that was charged, and marked paid",
    { ...charges, total: "24.80", financialStatus: "PAID", discounts: "19.9" },
    {
      salesOrders: [salesOrder("SO-5", { ...TWO, total: "41.52" })],
      invoices: [salesInvoice("SI-5", { total: "41.52" })],
    },
    ["total: 24.80 in Shopify, 41.52 in SO-5"],
  ],
  [
    "in a currency that ERPNext rounds to whole units",
    { ...charges, total: "24.80", financialStatus: "PAID" },
    {
      salesOrders: [salesOrder("SO-5", { charges: "0", total: "25", grandTotal: "24.8" })],
      invoices: [salesInvoice("SI-5", { total: "25" })],
    },
    ["total (rounded-total): 24.80 in Shopify, 25.00 in SO-5, which ERPNext rounded from 24.80"],
  ],
  [
    "of a thousand pieces, each rounded",
    { ...charges, total: "171.00", financialStatus: "PAID", discounts: "19.0" },
    {
      salesOrders: [salesOrder("SO-5", { charges: "0", total: "167.3", pieces: 1000 })],
      invoices: [salesInvoice("SI-5", { total: "167.3" })],
    },
    ["total (rounding): 171.00 in Shopify, 167.30 in SO-5: the prices of 1000 pieces were rounded"],
  ],
  ["of two pieces, each rounded", { ...ordered, financialStatus: "PAID" }, booked, []],
  [
    "with duties",
    { ...charges, total: "30.80", duties: "6.00", financialStatus: "PAID" },
    {
      salesOrders: [salesOrder("SO-5", { charges: "0", total: "24.8" })],
      invoices: [salesInvoice("SI-5", { total: "24.8" })],
    },
    ["total (duties): 30.80 in Shopify, 24.80 in SO-5: the duties are not booked"],
  ],
  [
    "for a test, booked as revenue and cash",
    { ...ordered, financialStatus: "PAID", test: true },
    booked,
    ["test-booked: a test order, booked as SO-5, SI-5"],
  ],
  [
    "paid in part, of which nothing is booked",
    { ...ordered, financialStatus: "PARTIALLY_PAID", received: "24.70", outstanding: "20.00" },
    { salesOrders: [salesOrder("SO-5", TWO)] },
    ["no-invoice: 24.70 received in Shopify (PARTIALLY_PAID), no submitted Sales Invoice"],
  ],
])("an order %s", async (...[, shopify, erpnext, expected]) => {
  expect(await found({ shopify: [shopifyOrder("5", shopify)], erpnext: [erpnextOrder("5", erpnext)] })).toEqual(
    expected,
  );
});

test("a total that lacks a line says whose product is gone (ecommerce_integrations#351)", async () => {
  const shopify = [shopifyOrder("5", { total: "52.50", ...charges })];
  const erpnext = [erpnextOrder("5", { salesOrders: [salesOrder("SO-5", { total: "32.5", charges: "0" })] })];
  expect(await found({ shopify, erpnext, withoutProduct: new Set(["5"]) })).toEqual([
    'total (deleted-product): 52.50 in Shopify, 32.50 in SO-5: "Plate" has no product in Shopify any more',
  ]);
  expect(await found({ shopify, erpnext })).toEqual(["total: 52.50 in Shopify, 32.50 in SO-5"]);
});

test("an invoice that cannot be made has the connector's words about the invoice, not about the order", async () => {
  const method = "ecommerce_integrations.shopify.invoice.prepare_sales_invoice";
  const said = "Income Account None does not belong to Company";
  const world = {
    shopify: [shopifyOrder("5", { financialStatus: "PAID" })],
    erpnext: [erpnextOrder("5")],
    logs: [
      logEntry("5", { message: "older words about the order", createdAt: "2026-10-09T00:00:00Z" }),
      logEntry("5", { method, message: said, createdAt: "2026-10-05T10:03:00Z" }),
    ],
  };
  const findings: Finding[] = await collect(reconcile(stream(world.shopify), stream(world.erpnext), optionsFor(world)));
  expect(findings.map((finding) => [finding.kind, finding.said, finding.heal])).toEqual([
    ["different", said, "orders/paid"],
  ]);
});
