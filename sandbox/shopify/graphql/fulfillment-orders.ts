import type { RestOrder } from "../rest-types";
import { connectionOf, type PageArguments } from "./connection";
import { gid, requireScope, type AdminContext } from "./context";

/** Each order has one fulfillment order here, as in a shop with one location. Its id follows from the order's. */
export const FULFILLMENT_ORDERS_PER_ORDER = 10;

/** `Order.fulfillmentOrders`: what of the order is still to be shipped. */
export function fulfillmentOrdersOf(order: RestOrder) {
  return (args: PageArguments, context: AdminContext) => {
    requireScope(context, "read_merchant_managed_fulfillment_orders", "fulfillmentOrders");
    const idOf = ({ id }: { id: number }): number => id;
    const ordering = { idOf, valueOf: idOf };
    const lineItems = (page: PageArguments) =>
      connectionOf(order.line_items, page, {
        ordering,
        toNode: (line) => ({
          id: gid("FulfillmentOrderLineItem", line.id),
          totalQuantity: line.quantity,
          remainingQuantity: line.fulfillable_quantity,
        }),
      });
    const node = {
      id: gid("FulfillmentOrder", order.id * FULFILLMENT_ORDERS_PER_ORDER),
      status: fulfillmentStatusOf(order),
      lineItems,
    };
    return connectionOf([order], args, { ordering, toNode: () => node });
  };
}

/** A fulfillment order's status; one that is closed has nothing left to ship. */
export function fulfillmentStatusOf(order: RestOrder): string {
  if (order.fulfillment_status === "fulfilled" || order.cancelled_at !== null) return "CLOSED";
  return order.fulfillment_status === "partial" ? "IN_PROGRESS" : "OPEN";
}
