import { DIFFERENCES, MISSING_REASONS } from "../../reconciliation/finding";
import type { Counted, Gap, HealthCheckName, HealthState } from "../model";

/** What the page calls things. One word for one thing, as in the README. */

export type Reason = Gap["reason"];

/**
 * attention: somebody has to do something · waiting: arrives by itself · explained: can never be in ERPNext, and nobody
 * has to do anything.
 */
export type Urgency = "attention" | "waiting" | "explained";

export interface ReasonWords {
  readonly label: string;
  readonly urgency: Urgency;
  /** What it means and what to do. */
  readonly help: string;
}

export const REASON_WORDS: Readonly<Record<Reason, ReasonWords>> = {
  recent: {
    label: "Recent, webhook pending",
    urgency: "waiting",
    help: "The order has just been placed, or waits in ERPNext's queue. It arrives by itself, usually within minutes.",
  },
  cancelled: {
    label: "Cancelled",
    urgency: "explained",
    help: "The order was cancelled in Shopify before it came to ERPNext. There is nothing to do.",
  },
  "deleted-product": {
    label: "Deleted product",
    urgency: "explained",
    help: "A line's product no longer exists in Shopify, so the connector cannot make its item. If your books need the order, enter it in ERPNext by hand.",
  },
  error: {
    label: "Connector error",
    urgency: "attention",
    help: "The connector tried and failed; its own words are shown. Mend the cause, then your operator delivers the order again.",
  },
  other: {
    label: "No trace",
    urgency: "attention",
    help: "Nothing explains why ERPNext does not have it; the delivery was probably lost. Your operator can deliver it again.",
  },
  duplicate: {
    label: "Several Sales Orders",
    urgency: "attention",
    help: "ERPNext has the order more than once. Cancel those that are too many.",
  },
  "not-submitted": {
    label: "Still a draft",
    urgency: "attention",
    help: "The Sales Order was made and not submitted. Open it and submit it, or see what keeps it from that.",
  },
  "not-cancelled": {
    label: "Cancelled in Shopify only",
    urgency: "attention",
    help: "The order was cancelled in Shopify and lives on in ERPNext. Cancel its documents there.",
  },
  "only-cancelled-here": {
    label: "Cancelled in ERPNext only",
    urgency: "attention",
    help: "The Sales Order is cancelled, the order in Shopify is not. One of the two is wrong.",
  },
  "no-invoice": {
    label: "Paid, no Sales Invoice",
    urgency: "attention",
    help: "Shopify has the money and ERPNext has no submitted Sales Invoice.",
  },
  "no-payment": {
    label: "Paid, invoice still open",
    urgency: "attention",
    help: "Shopify has the money; in ERPNext the Sales Invoice is still outstanding.",
  },
  "no-delivery-note": {
    label: "Shipped, no Delivery Note",
    urgency: "attention",
    help: "The order was fulfilled in Shopify and ERPNext has no submitted Delivery Note, so the stock is wrong.",
  },
  total: {
    label: "Different total",
    urgency: "attention",
    help: "The two sides have different amounts, mostly because a tax or a shipping charge is set up differently.",
  },
  orphan: {
    label: "Not in Shopify",
    urgency: "attention",
    help: "ERPNext has a Sales Order of an order that Shopify no longer has.",
  },
};

export interface ReasonGroup {
  readonly title: string;
  readonly reasons: readonly Reason[];
}

export const REASON_GROUPS: readonly ReasonGroup[] = [
  { title: "Missing in ERPNext", reasons: MISSING_REASONS },
  { title: "In both, but different", reasons: DIFFERENCES },
  { title: "In ERPNext only", reasons: ["orphan"] },
];

export const COUNTED_WORDS: Readonly<Record<Counted, string>> = {
  orders: "Orders",
  products: "Products",
  customers: "Customers",
};

export const HEALTH_WORDS: Readonly<Record<HealthCheckName, string>> = {
  "oldest-queued": "Oldest waiting order",
  "error-rate": "Error rate",
  "last-delivery": "Last delivery from Shopify",
  workers: "Background workers",
  subscriptions: "Webhook subscriptions",
  "token-age": "Age of the Shopify token",
  "api-version": "Shopify API version",
};

export const STATE_WORDS: Readonly<Record<HealthState, string>> = {
  good: "Good",
  warning: "Look at it today",
  bad: "Bad",
  unknown: "Unknown",
};
