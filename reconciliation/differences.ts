import type { Difference } from "./finding";
import type { ErpnextOrder, SalesOrder, ShopifyOrder } from "./order";

/** What the connector is set to make of an order. */
export interface Expectations {
  /** `sync_sales_invoice`. */
  readonly salesInvoices: boolean;
  /** `sync_delivery_note`. */
  readonly deliveryNotes: boolean;
  /** By how much the totals may differ, in the company's currency, besides {@link ROUNDING_A_PIECE}. @default 0.01 */
  readonly tolerance?: number;
}

export interface Differs {
  readonly difference: Difference;
  readonly detail: string;
}

/**
 * The connector takes included taxes and discounts out of the price of one piece, and ERPNext keeps that price with two
 * decimals: up to this much is lost on every piece (2 of 19.90 with 19 % in it come to 0.01 less, seen on ERPNext 15).
 */
const ROUNDING_A_PIECE = 0.005;

/** Half a unit of what a float loses; amounts have two or three decimals. */
const FLOAT_ERROR = 1e-6;

/** In what an order that both sides have is not the same. */
export function differencesOf(shopify: ShopifyOrder, erpnext: ErpnextOrder, wanted: Expectations): readonly Differs[] {
  const living = erpnext.salesOrders.filter(({ docstatus }) => docstatus !== 2);
  const duplicate = duplicates(living);
  const [order] = living;
  if (shopify.cancelledAt !== null) return [...duplicate, ...cancellation(living, erpnext)];
  if (order === undefined) {
    const names = erpnext.salesOrders.map(({ name }) => name).join(", ");
    return [{ difference: "only-cancelled-here", detail: `${names} is cancelled, the order in Shopify is not` }];
  }
  return [
    ...duplicate,
    ...submission(living),
    ...payment(shopify, erpnext, wanted),
    ...delivery(shopify, erpnext, wanted),
    ...totals(shopify, order, wanted.tolerance ?? 0.01),
  ];
}

function duplicates(living: readonly SalesOrder[]): readonly Differs[] {
  if (living.length < 2) return [];
  return [{ difference: "duplicate", detail: `${living.map(({ name }) => name).join(", ")} are all of this order` }];
}

function cancellation(living: readonly SalesOrder[], { invoices, deliveryNotes }: ErpnextOrder): readonly Differs[] {
  const [order] = living;
  if (order === undefined) return [];
  const made = [...invoices, ...deliveryNotes].filter(({ docstatus }) => docstatus !== 2).map(({ name }) => name);
  const kept = made.length === 0 ? "" : `; ${made.join(", ")} keeps the connector from cancelling it`;
  return [{ difference: "not-cancelled", detail: `cancelled in Shopify, ${order.name} is "${order.status}"${kept}` }];
}

function submission(living: readonly SalesOrder[]): readonly Differs[] {
  const draft = living.find(({ docstatus }) => docstatus === 0);
  if (draft === undefined || living.some(({ docstatus }) => docstatus === 1)) return [];
  return [{ difference: "not-submitted", detail: `${draft.name} is a draft` }];
}

/** The connector invoices what is paid in full and nothing else. */
function payment(shopify: ShopifyOrder, { invoices }: ErpnextOrder, wanted: Expectations): readonly Differs[] {
  if (!wanted.salesInvoices || shopify.financialStatus !== "PAID") return [];
  const submitted = invoices.filter(({ docstatus }) => docstatus === 1);
  if (submitted.length === 0) return [{ difference: "no-invoice", detail: "paid in Shopify, without a Sales Invoice" }];
  const open = submitted.find(({ outstanding }) => outstanding > FLOAT_ERROR);
  if (open === undefined) return [];
  return [{ difference: "no-payment", detail: `paid in Shopify, ${open.name} has ${open.outstanding} outstanding` }];
}

function delivery(shopify: ShopifyOrder, { deliveryNotes }: ErpnextOrder, wanted: Expectations): readonly Differs[] {
  const shipped = ["FULFILLED", "PARTIALLY_FULFILLED"].includes(shopify.fulfillmentStatus);
  if (!wanted.deliveryNotes || !shipped || deliveryNotes.some(({ docstatus }) => docstatus === 1)) return [];
  return [{ difference: "no-delivery-note", detail: "fulfilled in Shopify, without a Delivery Note" }];
}

function totals(shopify: ShopifyOrder, order: SalesOrder, tolerance: number): readonly Differs[] {
  const tolerated = tolerance + ROUNDING_A_PIECE * order.pieces;
  if (Math.abs(Number(shopify.total) - order.grandTotal) <= tolerated + FLOAT_ERROR) return [];
  return [{ difference: "total", detail: `${shopify.total} in Shopify, ${order.grandTotal} in ${order.name}` }];
}
