import type { ConnectorEvent } from "../../../components/shared/connector";
import { differencesOf, type Expectations } from "../../../reconciliation/differences";
import type { Finding } from "../../../reconciliation/finding";
import type { ErpnextOrder, ShopifyOrder } from "../../../reconciliation/order";

/** What an order needs next: a delivery, something that no delivery can do, or nothing. */
export type Next =
  | { readonly kind: "deliver"; readonly event: ConnectorEvent }
  | { readonly kind: "stuck"; readonly why: string }
  | { readonly kind: "whole" };

const WHOLE: Next = { kind: "whole" };

/**
 * What to deliver next of an order, by what both sides have of it now. Asked again after each delivery it gives the connector's
 * own sequence: create, then paid, then fulfilled, then cancelled; the Sales Order is always there before what follows from it.
 */
export function nextDelivery(
  shopify: ShopifyOrder | undefined,
  erpnext: ErpnextOrder | undefined,
  wanted: Expectations,
): Next {
  if (shopify === undefined) return { kind: "stuck", why: "it is gone from Shopify" };
  if (erpnext === undefined || erpnext.salesOrders.length === 0) {
    if (shopify.cancelledAt !== null) return { kind: "stuck", why: "it was cancelled before ERPNext had it" };
    return { kind: "deliver", event: "orders/create" };
  }
  return afterCreation(shopify, erpnext, wanted);
}

function afterCreation(shopify: ShopifyOrder, erpnext: ErpnextOrder, wanted: Expectations): Next {
  const found = new Map(differencesOf(shopify, erpnext, wanted).map(({ difference, detail }) => [difference, detail]));
  const why = found.get("duplicate") ?? found.get("not-submitted") ?? found.get("only-cancelled-here");
  if (why !== undefined) return { kind: "stuck", why };
  if (found.has("no-invoice")) return { kind: "deliver", event: "orders/paid" };
  if (found.has("no-delivery-note")) {
    const event = shopify.fulfillmentStatus === "FULFILLED" ? "orders/fulfilled" : "orders/partially_fulfilled";
    return { kind: "deliver", event };
  }
  const open = found.get("not-cancelled");
  if (open === undefined) return WHOLE;
  const made = [...erpnext.invoices, ...erpnext.deliveryNotes].some(({ docstatus }) => docstatus !== 2);
  return made ? { kind: "stuck", why: open } : { kind: "deliver", event: "orders/cancelled" };
}

/** Whether a delivery may cure a finding. What is on its way, cannot be made or has to be looked at by people is left alone. */
export function isCurable(finding: Finding, wanted: Expectations): boolean {
  if (finding.kind === "missing") return finding.reason === "error" || finding.reason === "other";
  if (finding.kind === "orphan") return false;
  return nextDelivery(finding.shopify, finding.erpnext, wanted).kind === "deliver";
}
