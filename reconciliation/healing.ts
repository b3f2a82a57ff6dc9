import { ENGLISH, type Text } from "../core/messages";
import type { Differs, Expectations } from "./compared";
import { differencesOf } from "./differences";
import type { OrderEvent } from "../core/connector";
import type { Difference, MissingReason } from "./finding";
import type { ErpnextOrder, ShopifyOrder } from "./order";

/** What an order needs next: a delivery, something that no delivery can do, or nothing. */
export type Next =
  | { readonly kind: "deliver"; readonly event: OrderEvent }
  | { readonly kind: "stuck"; readonly why: string }
  /** Nothing more that a delivery can do; `left` is what is different all the same, for people. */
  | { readonly kind: "whole"; readonly left: string };

/** While one of these is so, the next delivery would book something wrong. */
const BLOCKING: readonly Difference[] = [
  "duplicate",
  "not-submitted",
  "only-cancelled-here",
  "test-booked",
  "currency",
];
/** The connector invoices the whole Sales Order and takes it for paid, so an invoice of it must be right. */
const BLOCKING_INVOICE: readonly Difference[] = ["edited", "total"];

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
  return nextOf(differencesOf(shopify, erpnext, wanted), shopify, erpnext);
}

/** The same, by what was found already. */
export function nextOf(differences: readonly Differs[], shopify: ShopifyOrder, erpnext: ErpnextOrder): Next {
  const found = new Map(differences.map(({ difference, detail }) => [difference, detail]));
  const why = firstOf(found, BLOCKING);
  if (why !== undefined) return stuck(why);
  for (const { difference } of differences) {
    const event = eventFor(difference, shopify, erpnext);
    if (event === undefined) continue;
    const wrong = event === "orders/paid" ? firstOf(found, BLOCKING_INVOICE) : undefined;
    return wrong === undefined ? { kind: "deliver", event } : stuck(wrong);
  }
  const open = found.get("not-cancelled");
  if (open !== undefined) return stuck(open);
  return { kind: "whole", left: differences.map(({ detail }) => ENGLISH.write(detail)).join("; ") };
}

function stuck(why: Text): Next {
  return { kind: "stuck", why: ENGLISH.write(why) };
}

function firstOf(found: ReadonlyMap<Difference, Text>, of: readonly Difference[]): Text | undefined {
  return of.map((difference) => found.get(difference)).find((detail) => detail !== undefined);
}

/** The delivery that makes what is lacking; undefined where none does. */
export function eventFor(difference: Difference, shopify: ShopifyOrder, erpnext: ErpnextOrder): OrderEvent | undefined {
  if (difference === "no-invoice") return isPaidInFull(shopify) ? "orders/paid" : undefined;
  if (difference === "no-delivery-note") {
    return shopify.fulfillmentStatus === "FULFILLED" ? "orders/fulfilled" : "orders/partially_fulfilled";
  }
  if (difference !== "not-cancelled") return undefined;
  const made = [...erpnext.invoices, ...erpnext.deliveryNotes].some(({ docstatus }) => docstatus !== 2);
  const isLiving = erpnext.salesOrders.some(({ docstatus }) => docstatus !== 2);
  return made || !isLiving ? undefined : "orders/cancelled";
}

/** `orders/paid` books the whole order as paid, whatever its status: so it may be delivered for nothing else. */
function isPaidInFull({ cancelledAt, outstanding }: ShopifyOrder): boolean {
  return cancelledAt === null && !(Number(outstanding) > 0);
}

/** Reasons of a missing order that its delivery may cure: the rest is on its way, or cannot or should not be made. */
export const CURABLE_REASONS: readonly MissingReason[] = ["error", "other"];

/** Which finding of an order its next deliveries may cure. */
export function cures(
  differences: readonly Differs[],
  shopify: ShopifyOrder,
  erpnext: ErpnextOrder,
): (difference: Difference) => OrderEvent | null {
  const isStuck = nextOf(differences, shopify, erpnext).kind === "stuck";
  return (difference) => (isStuck ? null : (eventFor(difference, shopify, erpnext) ?? null));
}
