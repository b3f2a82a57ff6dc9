import { gradeOfErrors } from "../../../core/verdicts";
import { check, type Facts } from "./check";
import { bad, ok, skipped, unknown, warn, type Finding } from "./finding";

/** Shopify delivers within seconds, rarely later; its first retries are done after a quarter of an hour (milliseconds). */
const DELIVERED_WITHIN_MS = 15 * 60 * 1000;

export function judgeErrors({ logCounts, customer }: Pick<Facts, "logCounts" | "customer">): Finding {
  const { success, error, invalid, lastError } = logCounts;
  // Invalid are repeats and orders of no interest: they say nothing of how orders fare.
  const saw = `${success} succeeded, ${error} failed, ${invalid} were invalid in 24 hours`;
  if (error === 0) return ok(saw);
  const words = lastError === undefined ? saw : `${saw}; the newest error: "${lastError}"`;
  const next = `mend what the errors name, then run "./stack heal ${customer.slug}"`;
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

type Arrival = Pick<Facts, "logCounts" | "newestOrder" | "subscriptions" | "customer" | "now">;

/** Orders without a delivery after them: the door is shut, or the secret is wrong, and ERPNext shows nothing of it. */
export function judgeArrival({ logCounts, newestOrder, subscriptions, customer, now }: Arrival): Finding {
  const { order } = newestOrder;
  if (order === undefined) return skipped("the shop has no order that the app may see");
  const placed = Date.parse(order.createdAt);
  const subscribed = subscriptions.all
    .filter(({ topic }) => topic === "ORDERS_CREATE")
    .map((one) => Date.parse(one.createdAt));
  if (subscribed.length === 0) return skipped("ORDERS_CREATE is not subscribed to");
  if (placed < Math.min(...subscribed)) return skipped(`no order since the subscription: ${order.name} is older`);
  const { newestAt } = logCounts;
  if (newestAt !== undefined && Date.parse(newestAt) >= placed) {
    return ok(`order ${order.name} of ${order.createdAt} is followed by a row of ${newestAt}`);
  }
  const last = newestAt === undefined ? "nothing ever arrived" : `the newest row is of ${newestAt}`;
  const saw = `order ${order.name} is of ${order.createdAt}, and ${last}`;
  if (now.getTime() - placed < DELIVERED_WITHIN_MS) return unknown(`${saw}; it may still be on its way`);
  const next = `run "./stack hmac ${customer.slug} --self-test", then "--capture": a wrong secret leaves no other trace`;
  return bad(saw, next);
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
    title: "no order waits for ever",
    looksAt: "rows Queued in Ecommerce Integration Log",
    why: "A job that was lost on the way leaves its row Queued and its order missing.",
    from: ["logCounts", "customer"],
    judge: judgeStuck,
  }),
  check({
    id: "deliveries-arrive",
    group: "orders",
    title: "Shopify's newest order arrived",
    looksAt: "the newest order at Shopify beside the newest row of the log",
    why: "A delivery with a wrong signature is answered 500 and leaves no row: only its absence shows.",
    from: ["logCounts", "newestOrder", "subscriptions", "customer", "now"],
    judge: judgeArrival,
  }),
];
