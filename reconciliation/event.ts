/** A topic that the connector maps, by its own name: what can be delivered again. */
export type Event =
  "orders/create" | "orders/paid" | "orders/fulfilled" | "orders/partially_fulfilled" | "orders/cancelled";

/** What the connector runs for an event: the end of the dotted path in its log. */
const METHODS: Readonly<Record<Event, string>> = {
  "orders/create": "sync_sales_order",
  "orders/paid": "prepare_sales_invoice",
  "orders/fulfilled": "prepare_delivery_note",
  "orders/partially_fulfilled": "prepare_delivery_note",
  "orders/cancelled": "cancel_order",
};

/** Whether a row of the log is about an event: each order has rows of several, and the newest is rarely the one asked about. */
export function isOf(event: Event, { method }: { readonly method: string }): boolean {
  return method.split(".").at(-1) === METHODS[event];
}
