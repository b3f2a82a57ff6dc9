import type { OrderEvent } from "../core/connector";
import { text, type Text } from "../core/messages";
import type { ErpnextOrder, ShopifyOrder } from "./order";
import type { OrderMoney } from "./order-money";

/**
 * Why an order is not in ERPNext. recent: its webhook may still be on its way or in the queue · cancelled: cancelled in
 * Shopify before it ever arrived · test-order: it is not wanted there · deleted-product: the product of a line is gone ·
 * line-without-product: a custom item or a tip, which never had one · error: the connector tried and said why not · other:
 * nothing explains it, so the delivery was lost.
 */
export const MISSING_REASONS = [
  "recent",
  "cancelled",
  "test-order",
  "deleted-product",
  "line-without-product",
  "error",
  "other",
] as const;
export type MissingReason = (typeof MISSING_REASONS)[number];

/**
 * How an order that is there differs. duplicate: several Sales Orders · not-submitted: a draft only · not-cancelled:
 * cancelled in Shopify only · only-cancelled-here: cancelled in ERPNext only · test-booked: a test order among the real ones ·
 * currency: a document in another than the shop's · edited: changed in Shopify since it was imported · total: another amount ·
 * charges: the same total, another tax or shipping in it · no-invoice: Shopify has money for it · invoice-total: invoices of another amount than the order · no-payment: less is paid
 * than in Shopify · paid-only-here: more is paid than in Shopify · invoice-stands: Shopify gave the payment up · no-credit-note:
 * refunded in Shopify · no-refund-payment: credited, not paid out · credited-only-here: not refunded in Shopify ·
 * no-delivery-note: fulfilled in Shopify · delivered-only-here: not fulfilled in Shopify, or not any more.
 */
export const DIFFERENCES = [
  "duplicate",
  "not-submitted",
  "not-cancelled",
  "only-cancelled-here",
  "test-booked",
  "currency",
  "edited",
  "total",
  "charges",
  "no-invoice",
  "invoice-total",
  "no-payment",
  "paid-only-here",
  "invoice-stands",
  "no-credit-note",
  "no-refund-payment",
  "credited-only-here",
  "no-delivery-note",
  "delivered-only-here",
] as const;
export type Difference = (typeof DIFFERENCES)[number];

/** Everything that a finding can be about, one word each. */
export type Reason = MissingReason | Difference | "orphan";

/**
 * What the order itself proves to be the cause; null where nothing does, because a guess in its place misleads.
 * line-without-product, deleted-product: a line has no product · rounding: the price of one piece loses fractions of a cent ·
 * rounded-total: ERPNext rounds to whole units · duties, tip: exactly that amount is not booked · edited · refunded.
 */
export const CAUSES = [
  "line-without-product",
  "deleted-product",
  "rounding",
  "rounded-total",
  "duties",
  "tip",
  "edited",
  "refunded",
] as const;
export type Cause = (typeof CAUSES)[number];

interface About {
  readonly id: string;
  /** One clause for people: names and amounts of both sides. */
  readonly detail: Text;
  readonly cause: Cause | null;
  /** The connector's own words about exactly this; null where its log has none. */
  readonly said: string | null;
  /** The delivery that may cure it; null where none does. */
  readonly heal: OrderEvent | null;
  /** What the order is worth on both sides. */
  readonly money: OrderMoney;
}

export interface Missing extends About {
  readonly kind: "missing";
  readonly reason: MissingReason;
  readonly shopify: ShopifyOrder;
}

export interface Differing extends About {
  readonly kind: "different";
  readonly difference: Difference;
  readonly shopify: ShopifyOrder;
  readonly erpnext: ErpnextOrder;
}

/** In ERPNext, and gone from Shopify. */
export interface Orphan extends About {
  readonly kind: "orphan";
  readonly erpnext: ErpnextOrder;
}

export type Finding = Missing | Differing | Orphan;

export function reasonOf(finding: Finding): Reason {
  if (finding.kind === "missing") return finding.reason;
  return finding.kind === "different" ? finding.difference : "orphan";
}

/** The detail with the connector's own words, unless they are the detail already. */
export function toldOf({ detail, said }: Finding): Text {
  return said === null || said === detail ? detail : text("finding.said", { detail, said });
}
