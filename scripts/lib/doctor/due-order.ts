import { mayBeOnItsWay } from "../../../core/verdicts";
import type { Facts } from "./check";
import { skipped, unknown, type Finding } from "./finding";

export type Due = Pick<Facts, "newestOrder" | "subscriptions" | "now">;

/** The newest order that a delivery is due of, or why there is none. */
export function dueOrder({ newestOrder, subscriptions, now }: Due): Finding | NonNullable<Due["newestOrder"]["order"]> {
  const { order } = newestOrder;
  if (order === undefined) return skipped("the shop has no order that the app may see");
  const subscribed = subscriptions.all
    .filter(({ topic }) => topic === "ORDERS_CREATE")
    .map((one) => Date.parse(one.createdAt));
  if (subscribed.length === 0) return skipped("ORDERS_CREATE is not subscribed to");
  if (Date.parse(order.createdAt) < Math.min(...subscribed)) {
    return skipped(`no order since the subscription: ${order.name} is older`);
  }
  const saw = `order ${order.name} is of ${order.createdAt}`;
  return mayBeOnItsWay(order.createdAt, now) ? unknown(`${saw}; it may still be on its way`) : order;
}
