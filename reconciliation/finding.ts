import type { ErpnextOrder, ShopifyOrder } from "./order";

/**
 * Why an order is not in ERPNext. recent: its webhook may still be on its way or in the queue · cancelled: cancelled in
 * Shopify before it ever arrived · deleted-product: a line has no product to make an Item of · error: the connector tried
 * and said why not · other: nothing explains it, so the delivery was lost.
 */
export const MISSING_REASONS = ["recent", "cancelled", "deleted-product", "error", "other"] as const;
export type MissingReason = (typeof MISSING_REASONS)[number];

/**
 * How an order that is there differs. duplicate: several Sales Orders · not-submitted: a draft only · not-cancelled:
 * cancelled in Shopify only · only-cancelled-here: cancelled in ERPNext only · no-invoice and no-payment: paid in Shopify ·
 * no-delivery-note: fulfilled, at least in part · total: another amount.
 */
export const DIFFERENCES = [
  "duplicate",
  "not-submitted",
  "not-cancelled",
  "only-cancelled-here",
  "no-invoice",
  "no-payment",
  "no-delivery-note",
  "total",
] as const;
export type Difference = (typeof DIFFERENCES)[number];

export interface Missing {
  readonly kind: "missing";
  readonly id: string;
  readonly reason: MissingReason;
  /** One clause for people: the connector's own words where the reason is "error". */
  readonly detail: string;
  readonly shopify: ShopifyOrder;
}

export interface Differing {
  readonly kind: "different";
  readonly id: string;
  readonly difference: Difference;
  readonly detail: string;
  readonly shopify: ShopifyOrder;
  readonly erpnext: ErpnextOrder;
}

/** In ERPNext, and gone from Shopify. */
export interface Orphan {
  readonly kind: "orphan";
  readonly id: string;
  readonly detail: string;
  readonly erpnext: ErpnextOrder;
}

export type Finding = Missing | Differing | Orphan;
