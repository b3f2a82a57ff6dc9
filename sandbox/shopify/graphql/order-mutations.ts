import type { RestOrder } from "../rest-types";
import { gid, idIn, requireScope, type AdminContext } from "./context";
import { FULFILLMENT_ORDERS_PER_ORDER, fulfillmentStatusOf } from "./fulfillment-orders";
import { orderNode } from "./order-fields";

interface UserError {
  readonly field: readonly string[];
  readonly message: string;
}

interface OrderInput {
  readonly test?: boolean | null;
  readonly note?: string | null;
  readonly tags?: readonly string[] | null;
  readonly financialStatus?: string | null;
  readonly lineItems?: readonly { readonly variantId?: string | null; readonly quantity: number }[] | null;
}

interface FulfillmentInput {
  readonly lineItemsByFulfillmentOrder: readonly {
    readonly fulfillmentOrderId: string;
    readonly fulfillmentOrderLineItems?: readonly { readonly id: string; readonly quantity: number }[] | null;
  }[];
}

const FULFIL = "write_merchant_managed_fulfillment_orders";

function find(context: AdminContext, id: string): RestOrder | undefined {
  return context.shop.orders.get(idIn("Order", id));
}

const NO_ORDER: UserError = { field: ["id"], message: "Order does not exist" };

/** What an app with write scopes may do to orders, as far as this project does it. */
export const orderMutations = {
  orderCreate: ({ order: wanted }: { order: OrderInput }, context: AdminContext) => {
    requireScope(context, "write_orders", "orderCreate");
    const lines = (wanted.lineItems ?? []).map(({ variantId, quantity }) => ({
      variantId: idIn("ProductVariant", variantId ?? ""),
      quantity,
    }));
    const known = new Set(context.shop.state.products.flatMap(({ variants }) => variants.map(({ id }) => id)));
    const unknown = lines.findIndex(({ variantId }) => !known.has(variantId));
    if (lines.length === 0 || unknown >= 0) {
      const field = ["order", "lineItems", ...(unknown < 0 ? [] : [String(unknown), "variantId"])];
      const message = unknown < 0 ? "Line items must have at least one line item" : "Variant not found";
      return { order: null, userErrors: [{ field, message, code: "INVALID" }] };
    }
    const made = context.shop.createOrder({
      lines,
      customerId: null,
      shipping: null,
      test: wanted.test ?? false,
      paid: wanted.financialStatus === "PAID",
      tags: wanted.tags ?? [],
      ...(typeof wanted.note === "string" ? { note: wanted.note } : {}),
    });
    return { order: orderNode(made), userErrors: [] };
  },
  orderMarkAsPaid: ({ input }: { input: { id: string } }, context: AdminContext) => {
    requireScope(context, "write_orders", "orderMarkAsPaid");
    const order = find(context, input.id);
    if (order === undefined) return { order: null, userErrors: [NO_ORDER] };
    if (order.financial_status !== "pending") {
      return { order: null, userErrors: [{ field: ["id"], message: "Order cannot be marked as paid." }] };
    }
    return { order: orderNode(context.shop.payOrder(order.id)), userErrors: [] };
  },
  fulfillmentCreate: ({ fulfillment }: { fulfillment: FulfillmentInput }, context: AdminContext) => {
    requireScope(context, FULFIL, "fulfillmentCreate");
    const [wanted] = fulfillment.lineItemsByFulfillmentOrder;
    const order = context.shop.orders.get(
      idIn("FulfillmentOrder", wanted?.fulfillmentOrderId ?? "") / FULFILLMENT_ORDERS_PER_ORDER,
    );
    if (order === undefined) {
      return {
        fulfillment: null,
        userErrors: [{ field: ["fulfillment"], message: "Fulfillment order does not exist." }],
      };
    }
    const quantities = new Map(
      (wanted?.fulfillmentOrderLineItems ?? []).map(({ id, quantity }) => [
        idIn("FulfillmentOrderLineItem", id),
        quantity,
      ]),
    );
    const tooMany = order.line_items.some((line) => (quantities.get(line.id) ?? 0) > line.fulfillable_quantity);
    if (tooMany || fulfillmentStatusOf(order) === "CLOSED") {
      const message = "Invalid fulfillment order line item quantity requested.";
      return { fulfillment: null, userErrors: [{ field: ["fulfillment"], message }] };
    }
    context.shop.fulfillOrder(order.id, quantities.size === 0 ? undefined : quantities);
    return { fulfillment: null, userErrors: [] };
  },
  orderCancel: ({ orderId }: { orderId: string }, context: AdminContext) => {
    requireScope(context, "write_orders", "orderCancel");
    const order = find(context, orderId);
    const refusal =
      order === undefined
        ? "Order does not exist"
        : order.cancelled_at !== null
          ? "Order has already been cancelled"
          : order.fulfillments.length > 0
            ? "Cannot cancel an order with fulfilled items"
            : undefined;
    if (refusal !== undefined || order === undefined) {
      return { job: null, orderCancelUserErrors: [{ field: ["orderId"], message: refusal, code: "INVALID" }] };
    }
    context.shop.cancelOrder(order.id);
    return { job: { id: gid("Job", order.id), done: false }, orderCancelUserErrors: [] };
  },
  orderClose: ({ input }: { input: { id: string } }, context: AdminContext) => {
    requireScope(context, "write_orders", "orderClose");
    const order = find(context, input.id);
    if (order === undefined) return { order: null, userErrors: [NO_ORDER] };
    return { order: orderNode(context.shop.archiveOrder(order.id)), userErrors: [] };
  },
  orderDelete: ({ orderId }: { orderId: string }, context: AdminContext) => {
    requireScope(context, "write_orders", "orderDelete");
    const order = find(context, orderId);
    if (order === undefined) return { deletedId: null, userErrors: [{ ...NO_ORDER, field: ["orderId"] }] };
    if (!order.test && order.cancelled_at === null) {
      return { deletedId: null, userErrors: [{ field: ["orderId"], message: "Order cannot be deleted" }] };
    }
    context.shop.deleteOrder(order.id);
    return { deletedId: orderId, userErrors: [] };
  },
};
