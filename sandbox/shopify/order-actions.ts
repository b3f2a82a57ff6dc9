import { moneySet } from "./money";
import { fulfillmentId, refundId } from "./order-builder";
import type { RestLineItem, RestOrder } from "./rest-types";

/** What happens to an order: each takes the order as it was and gives the order as it is. None changes its argument. */

export function paidOrder(order: RestOrder, at: Date): RestOrder {
  return { ...order, financial_status: "paid", total_outstanding: "0.00", updated_at: at.toISOString() };
}

/** How many pieces of a line to ship, by the line's id. */
export type FulfilledQuantities = ReadonlyMap<number, number>;

function fulfilledLine(line: RestLineItem, quantity: number): RestLineItem {
  const left = line.fulfillable_quantity - quantity;
  return { ...line, fulfillable_quantity: left, fulfillment_status: left === 0 ? "fulfilled" : "partial" };
}

/**
 * One more fulfillment, of everything that is still open or of the quantities given. The order is "fulfilled" once nothing is open.
 *
 * @throws Error when there is nothing to ship or more is asked for than is open: a mistake of the test, not something Shopify sends.
 */
export function fulfilledOrder(
  order: RestOrder,
  at: Date,
  shipment: { locationId: number; quantities?: FulfilledQuantities },
): RestOrder {
  const shipped = order.line_items
    .map((line) => ({
      line,
      quantity: shipment.quantities?.get(line.id) ?? (shipment.quantities ? 0 : line.fulfillable_quantity),
    }))
    .filter(({ quantity }) => quantity > 0);
  if (shipped.length === 0 || shipped.some(({ line, quantity }) => quantity > line.fulfillable_quantity)) {
    throw new Error(
      `order "${order.name}" has not that much left to fulfill; look at "fulfillable_quantity" of its lines`,
    );
  }
  const quantities = new Map(shipped.map(({ line, quantity }) => [line.id, quantity]));
  const lines = order.line_items.map((line) => {
    const quantity = quantities.get(line.id);
    return quantity === undefined ? line : fulfilledLine(line, quantity);
  });
  return {
    ...order,
    line_items: lines,
    fulfillment_status: lines.every((line) => line.fulfillable_quantity === 0) ? "fulfilled" : "partial",
    fulfillments: [
      ...order.fulfillments,
      {
        id: fulfillmentId(order),
        order_id: order.id,
        name: `${order.name}-F${order.fulfillments.length + 1}`,
        status: "success",
        created_at: at.toISOString(),
        updated_at: at.toISOString(),
        location_id: shipment.locationId,
        service: "manual",
        tracking_company: "DHL",
        tracking_number: `0034043${fulfillmentId(order)}`,
        line_items: shipped.map(({ line, quantity }) => ({ ...fulfilledLine(line, quantity), quantity })),
      },
    ],
    updated_at: at.toISOString(),
  };
}

/** Cancelled with everything refunded: an unpaid order is voided, and what is still to be paid or kept falls to nothing. */
export function cancelledOrder(order: RestOrder, at: Date): RestOrder {
  const now = at.toISOString();
  return {
    ...order,
    financial_status: order.financial_status === "paid" ? "refunded" : "voided",
    cancelled_at: now,
    closed_at: now,
    cancel_reason: "customer",
    updated_at: now,
    line_items: order.line_items.map((line) => ({ ...line, current_quantity: 0, fulfillable_quantity: 0 })),
    current_subtotal_price: "0.00",
    current_total_discounts: "0.00",
    current_total_tax: "0.00",
    current_total_price: "0.00",
    current_total_price_set: moneySet(0, order.currency),
    total_outstanding: "0.00",
    refunds: [...order.refunds, { id: refundId(order), order_id: order.id, created_at: now, note: null }],
  };
}

/** Archived: what the admin screen calls it when `closed_at` is set. `orders.json` leaves it out unless asked with `status=any`. */
export function archivedOrder(order: RestOrder, at: Date): RestOrder {
  return { ...order, closed_at: at.toISOString(), updated_at: at.toISOString() };
}
