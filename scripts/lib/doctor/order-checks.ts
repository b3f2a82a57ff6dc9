import { certificateOf } from "../../../customers/certificate";
import { ageOf, gradeOfErrors } from "../../../core/verdicts";
import { check, type Facts } from "./check";
import { dueOrder, type Due } from "./due-order";
import { bad, ok, skipped, warn, type Finding } from "./finding";
import { ofRecent } from "./reported";

export function judgeErrors({ logCounts, customer }: Pick<Facts, "logCounts" | "customer">): Finding {
  const { success, error, invalid, lastError } = logCounts;
  // Invalid are repeats and orders of no interest: they say nothing of how orders fare.
  const saw = `${success} succeeded, ${error} failed, ${invalid} were invalid in 24 hours`;
  if (error === 0) return ok(saw);
  const words = lastError === undefined ? saw : `${saw}; the newest error: "${lastError}"`;
  const next = `fix what the errors name, then run "./stack heal ${customer.slug}"`;
  const grade = gradeOfErrors(success, error);
  if (grade === "bad") return bad(words, next);
  return grade === "good" ? ok(words) : warn(words, next);
}

export function judgeStuck({ logCounts, customer }: Pick<Facts, "logCounts" | "customer">): Finding {
  if (logCounts.stuck === 0) return ok("no row is Queued for more than a quarter of an hour");
  return bad(
    `${logCounts.stuck} rows are Queued for more than a quarter of an hour`,
    `see that workers live and the queue moves; where jobs were lost, "./stack heal ${customer.slug}" makes what is missing, and "./stack doctor ${customer.slug} --fix" marks their rows`,
  );
}

type Arrival = Due & Pick<Facts, "arrival" | "customer">;

/** A row or a Sales Order of this very order: that others arrive says nothing of it. */
export function judgeArrival(facts: Arrival): Finding {
  const { arrival, newestOrder, customer } = facts;
  const { row, salesOrder } = arrival;
  const name = newestOrder.order?.name ?? "";
  if (salesOrder !== undefined) return ok(`order ${name} is ${salesOrder}`);
  if (row !== undefined) return ok(`order ${name} arrived at ${row.createdAt} (${row.status})`);
  const due = dueOrder(facts);
  if ("state" in due) return due;
  const next = `run "./stack hmac ${customer.slug} --self-test", then "--capture": a wrong secret leaves no other trace`;
  return bad(`order ${name} is of ${due.createdAt}, and ERPNext has neither a log row nor a Sales Order of it`, next);
}

const DAY_MS = 24 * 60 * 60 * 1000;

type Taken = Due & Pick<Facts, "reported" | "customer">;

/** A pull of the history brings orders too, every hour: only deliveries that were taken prove that the door is open. */
export function judgeTaken(facts: Taken): Finding {
  const { reported, customer, now } = facts;
  if (certificateOf(customer) === "staging") {
    return skipped("Shopify delivers to no certificate of Let's Encrypt's staging");
  }
  if (reported.deliveries === undefined) return skipped("the server does not report its deliveries yet");
  return ofRecent(facts, "deliveries", ({ acceptedLastDay: taken }) => {
    if (taken > 0) return ok(`${taken} deliveries were taken in 24 hours`);
    const due = dueOrder(facts);
    if ("state" in due) return due;
    if (ageOf(due.createdAt, now) > DAY_MS)
      return ok(`none was due in 24 hours: the newest order is of ${due.createdAt}`);
    return bad(
      `no delivery was taken in 24 hours, and order ${due.name} is of ${due.createdAt}`,
      `run "./stack hmac ${customer.slug} --self-test", then "--capture"`,
    );
  });
}

export const ORDER_CHECKS = [
  check({
    id: "order-errors",
    group: "orders",
    title: "orders go through",
    looksAt: "Ecommerce Integration Log of the last 24 hours",
    why: "A failing account or product fails every order like it, and Shopify was told 200 for all of them.",
    from: ["logCounts", "customer"],
    judge: judgeErrors,
  }),
  check({
    id: "stuck-orders",
    group: "orders",
    title: "no order waits forever",
    looksAt: "rows Queued in Ecommerce Integration Log",
    why: "A job that was lost on the way leaves its row Queued and its order missing.",
    from: ["logCounts", "customer"],
    judge: judgeStuck,
  }),
  check({
    id: "deliveries-arrive",
    group: "orders",
    title: "Shopify's newest order arrived",
    looksAt: "the newest order at Shopify, and what ERPNext has of it: a row of the log, or a Sales Order",
    why: "A delivery with a wrong signature is answered 500 and leaves no row: only its absence shows.",
    from: ["arrival", "newestOrder", "subscriptions", "customer", "now"],
    judge: judgeArrival,
  }),
  check({
    id: "deliveries-taken",
    group: "orders",
    title: "Shopify's deliveries come in",
    looksAt: "deliveries that the server took in 24 hours, beside the newest order",
    why: "A shut door or a deleted subscription leaves no trace, while the hourly pull brings orders in late and without their payments.",
    from: ["reported", "newestOrder", "subscriptions", "customer", "now"],
    judge: judgeTaken,
  }),
];
