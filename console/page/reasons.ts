import { DIFFERENCES, MISSING_REASONS } from "../../reconciliation/finding";
import type { Gap } from "../model";

export type Reason = Gap["reason"];

/**
 * attention: needs action · waiting: arrives by itself · explained: can never be in ERPNext, and needs no action.
 */
export type Urgency = "attention" | "waiting" | "explained";

/** Which reasons need action; the words are in core/messages. */
export const URGENCY: Readonly<Record<Reason, Urgency>> = {
  recent: "waiting",
  cancelled: "explained",
  "test-order": "explained",
  "deleted-product": "explained",
  "line-without-product": "attention",
  error: "attention",
  other: "attention",
  duplicate: "attention",
  "not-submitted": "attention",
  "not-cancelled": "attention",
  "only-cancelled-here": "attention",
  "test-booked": "attention",
  currency: "attention",
  edited: "attention",
  total: "attention",
  charges: "attention",
  "no-invoice": "attention",
  "invoice-total": "attention",
  "no-payment": "attention",
  "paid-only-here": "attention",
  "invoice-stands": "attention",
  "no-credit-note": "attention",
  "no-refund-payment": "attention",
  "credited-only-here": "attention",
  "no-delivery-note": "attention",
  "delivered-only-here": "attention",
  orphan: "attention",
};

export interface ReasonGroup {
  readonly kind: Gap["kind"];
  readonly reasons: readonly Reason[];
}

export const REASON_GROUPS: readonly ReasonGroup[] = [
  { kind: "missing", reasons: MISSING_REASONS },
  { kind: "different", reasons: DIFFERENCES },
  { kind: "orphan", reasons: ["orphan"] },
];
