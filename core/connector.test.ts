import { CONNECTOR_TOPICS, connectorEvent, subscribedTopics, webhookUrl } from "./connector";

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

test("refunds and edits are subscribed where the image holds the app that books them, and nowhere else", () => {
  const topics = (booksApp: boolean, ...events: Parameters<typeof subscribedTopics>[0]["shopify"]["topics"]) =>
    subscribedTopics({ shopify: { topics: events }, erpnext: { booksApp } });
  expect(topics(false, "orders/create")).toEqual(["ORDERS_CREATE"]);
  expect(topics(true, "orders/create")).toEqual(["ORDERS_CREATE", "REFUNDS_CREATE", "ORDERS_EDITED"]);
  expect(topics(true, "refunds/create", "orders/create")).toEqual(["REFUNDS_CREATE", "ORDERS_CREATE", "ORDERS_EDITED"]);
});
