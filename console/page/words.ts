import { DIFFERENCES, MISSING_REASONS } from "../../reconciliation/finding";
import type { Counted, Gap, HealthCheckName, HealthState } from "../model";

/** What the page calls things. One word for one thing, as in the README. */

export type Reason = Gap["reason"];

/**
 * attention: needs action · waiting: arrives by itself · explained: can never be in ERPNext, and needs no action.
 */
export type Urgency = "attention" | "waiting" | "explained";

export interface ReasonWords {
  readonly label: string;
  readonly urgency: Urgency;
}

export const REASON_WORDS: Readonly<Record<Reason, ReasonWords>> = {
  recent: { label: "Recent, webhook pending", urgency: "waiting" },
  cancelled: { label: "Cancelled", urgency: "explained" },
  "test-order": { label: "Test order", urgency: "explained" },
  "deleted-product": { label: "Deleted product", urgency: "explained" },
  "line-without-product": { label: "Custom item or tip", urgency: "attention" },
  error: { label: "Connector error", urgency: "attention" },
  other: { label: "No trace", urgency: "attention" },
  duplicate: { label: "Several Sales Orders", urgency: "attention" },
  "not-submitted": { label: "Still a draft", urgency: "attention" },
  "not-cancelled": { label: "Cancelled in Shopify only", urgency: "attention" },
  "only-cancelled-here": { label: "Cancelled in ERPNext only", urgency: "attention" },
  "test-booked": { label: "Test order, booked", urgency: "attention" },
  currency: { label: "Different currency", urgency: "attention" },
  edited: { label: "Changed since import", urgency: "attention" },
  total: { label: "Different total", urgency: "attention" },
  charges: { label: "Different tax or shipping", urgency: "attention" },
  "no-invoice": { label: "Paid, no Sales Invoice", urgency: "attention" },
  "invoice-total": { label: "Invoices of another amount", urgency: "attention" },
  "no-payment": { label: "Paid, invoice still open", urgency: "attention" },
  "paid-only-here": { label: "Paid in ERPNext only", urgency: "attention" },
  "invoice-stands": { label: "Payment voided, invoice open", urgency: "attention" },
  "no-credit-note": { label: "Refunded, no credit note", urgency: "attention" },
  "no-refund-payment": { label: "Credited, not paid out", urgency: "attention" },
  "credited-only-here": { label: "Credit note without a refund", urgency: "attention" },
  "no-delivery-note": { label: "Shipped, no Delivery Note", urgency: "attention" },
  "delivered-only-here": { label: "Delivered in ERPNext only", urgency: "attention" },
  orphan: { label: "Not in Shopify", urgency: "attention" },
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
  deliveries: "Deliveries on their way to ERPNext",
  workers: "Background workers",
  subscriptions: "Webhook subscriptions",
  "token-age": "Age of the Shopify token",
  "api-version": "Shopify API version",
  "api-deadlines": "Shopify's deadlines",
};

export const STATE_WORDS: Readonly<Record<HealthState, string>> = {
  good: "Good",
  warning: "Look at it today",
  bad: "Bad",
  unknown: "Unknown",
};
