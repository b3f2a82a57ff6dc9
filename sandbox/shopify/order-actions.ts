import { formatMoney, moneySet, parseMoney, type Cents } from "./money";
import { fulfillmentId, refundId } from "./order-builder";
import { paymentsOf } from "./order-payments";
import type { RestLineItem, RestOrder, RestRefund, RestRefundLine, RestTransaction } from "./rest-types";

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

/** Money back, of a paid order: the lines that it is for, restocked or not, or none for a gesture of goodwill. */
export interface RefundDraft {
  readonly amount: Cents;
  readonly lines?: readonly RestRefundLine[];
}

function refundOf(order: RestOrder, now: string, { amount, lines = [] }: RefundDraft): RestRefund {
  const id = refundId(order);
  const moved: RestTransaction = {
    id: id + 500,
    order_id: order.id,
    kind: "refund",
    status: "success",
    gateway: order.payment_gateway_names[0] ?? "manual",
    amount: formatMoney(amount),
    currency: order.currency,
    created_at: now,
    processed_at: now,
  };
  const transactions = amount === 0 ? [] : [moved];
  return { id, order_id: order.id, created_at: now, note: null, refund_line_items: [...lines], transactions };
}

/** Refunded in part, or in full: what is kept and what is current fall, what was ordered stays. */
export function refundedOrder(order: RestOrder, at: Date, draft: RefundDraft): RestOrder {
  const now = at.toISOString();
  const refunds = [...order.refunds, refundOf(order, now, draft)];
  const { received, refunded } = paymentsOf({ ...order, refunds });
  const left = parseMoney(order.current_total_price) - draft.amount;
  return {
    ...order,
    refunds,
    financial_status: refunded >= received ? "refunded" : "partially_refunded",
    current_total_price: formatMoney(left),
    current_total_price_set: moneySet(left, order.currency),
    updated_at: now,
    line_items: order.line_items.map((line) => {
      const back = (draft.lines ?? []).filter(({ line_item_id: id }) => id === line.id);
      const quantity = back.reduce((sum, each) => sum + each.quantity, 0);
      return { ...line, current_quantity: line.current_quantity - quantity };
    }),
  };
}

/**
 * A line is taken out by an edit. `totalPriceSet` follows it, as the schema's `originalTotalPriceSet` ("at the time of order
 * creation") implies; of a paid order the difference is owed to the buyer.
 */
export function editedOrder(order: RestOrder, at: Date, removedLine: number): RestOrder {
  const line = order.line_items.find(({ id }) => id === removedLine);
  if (line === undefined) throw new Error(`order "${order.name}" has no line ${removedLine}`);
  const less = parseMoney(line.price) * line.current_quantity;
  const reduced = (amount: string): string => formatMoney(parseMoney(amount) - less);
  const tax = parseMoney(order.total_tax) - line.tax_lines.reduce((sum, { price }) => sum + parseMoney(price), 0);
  const total = reduced(order.total_price);
  return {
    ...order,
    updated_at: at.toISOString(),
    line_items: order.line_items.map((each) =>
      each.id === removedLine ? { ...each, current_quantity: 0, fulfillable_quantity: 0 } : each,
    ),
    total_price: total,
    total_price_set: moneySet(parseMoney(total), order.currency),
    current_total_price: reduced(order.current_total_price),
    current_total_price_set: moneySet(parseMoney(reduced(order.current_total_price)), order.currency),
    total_tax: formatMoney(tax),
    total_tax_set: moneySet(tax, order.currency),
    current_total_tax: formatMoney(tax),
    total_outstanding: reduced(order.total_outstanding),
  };
}

/** Cancelled with everything refunded: an unpaid order is voided, and what is still to be paid or kept falls to nothing. */
export function cancelledOrder(order: RestOrder, at: Date): RestOrder {
  const now = at.toISOString();
  const { received, refunded } = paymentsOf(order);
  const lines = order.line_items.map(({ id, current_quantity }) => ({
    line_item_id: id,
    quantity: current_quantity,
    restock_type: "cancel" as const,
    subtotal: 0,
    total_tax: 0,
  }));
  return {
    ...order,
    financial_status: received > 0 ? "refunded" : "voided",
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
    refunds: [...order.refunds, refundOf(order, now, { amount: received - refunded, lines })],
  };
}

/** Archived: what the admin screen calls it when `closed_at` is set. `orders.json` leaves it out unless asked with `status=any`. */
export function archivedOrder(order: RestOrder, at: Date): RestOrder {
  return { ...order, closed_at: at.toISOString(), updated_at: at.toISOString() };
}
