import { CONNECTOR_TOPICS, connectorEvent, webhookUrl } from "./connector";

test("the connector's five topics keep the playbook's order and the connector's spelling", () => {
  expect(CONNECTOR_TOPICS.map((topic) => [topic, connectorEvent(topic)])).toEqual([
    ["ORDERS_CREATE", "orders/create"],
    ["ORDERS_PAID", "orders/paid"],
    ["ORDERS_FULFILLED", "orders/fulfilled"],
    ["ORDERS_CANCELLED", "orders/cancelled"],
    ["ORDERS_PARTIALLY_FULFILLED", "orders/partially_fulfilled"],
  ]);
});

test("Shopify delivers to the playbook's path on the hook host", () => {
  expect(webhookUrl("hook.example.com")).toBe(
    "https://hook.example.com/api/method/ecommerce_integrations.shopify.connection.store_request_data",
  );
});
