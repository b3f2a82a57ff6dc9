import { compare, parseSearch, type Matcher } from "./graphql/search";
import { asShown, pick } from "./rest/request";
import type { RestOrder } from "./rest-types";
import type { Subscription } from "./subscriptions";

/** A filter's terms are about the payload's own fields; one about a field that is not there never matches (shopify.md, 1). */
const matchesPayload: Matcher<RestOrder> = ({ field, comparator, value }) => {
  return (order) => {
    const actual: unknown = (order as unknown as Record<string, unknown>)[field];
    if (typeof actual === "number") return compare(actual, comparator, Number(value));
    return comparator === "=" && ["string", "boolean"].includes(typeof actual) && String(actual) === value;
  };
};

/** The body that a subscription gets for an order, or undefined when its filter leaves the order out. */
export function payloadFor(subscription: Subscription, order: RestOrder): string | undefined {
  if (!parseSearch(subscription.filter, matchesPayload).matches(order)) return undefined;
  // refunds/create carries the refund, every other topic the order (payload examples in Shopify's webhook reference).
  const subject = subscription.topic === "REFUNDS_CREATE" ? (order.refunds.at(-1) ?? {}) : order;
  return JSON.stringify(asShown(pick(subject, subscription.includeFields.join(","))));
}
