/** The one path that Shopify delivers to. */
export const DOOR_PATH = "/api/method/ecommerce_integrations.shopify.connection.store_request_data";

/** The connector's event map; a topic outside it is a KeyError. */
export const EVENTS: Readonly<Record<string, string>> = {
  "orders/create": "ecommerce_integrations.shopify.order.sync_sales_order",
  "orders/paid": "ecommerce_integrations.shopify.invoice.prepare_sales_invoice",
  "orders/fulfilled": "ecommerce_integrations.shopify.fulfillment.prepare_delivery_note",
  "orders/cancelled": "ecommerce_integrations.shopify.order.cancel_order",
  "orders/partially_fulfilled": "ecommerce_integrations.shopify.fulfillment.prepare_delivery_note",
};

export const TOPICS: readonly string[] = Object.keys(EVENTS);
