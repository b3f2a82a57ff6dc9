/**
 * What the ERPNext connector (frappe/ecommerce_integrations) fixes by name: its one door for Shopify's deliveries and the
 * five topics it maps. A delivery of any other topic ends there in a 500, and Shopify drops a subscription that keeps failing.
 */

/** Path of the connector's door, without a trailing slash: nginx would answer one with a redirect, which Shopify counts as failed. */
export const WEBHOOK_PATH = "/api/method/ecommerce_integrations.shopify.connection.store_request_data";

/** Path on the hook host where the server reports its own state. */
export const HEALTH_PATH = "/healthz";

/** Each topic as the Admin GraphQL API writes it, with the connector's own name of it, in the playbook's order. */
const EVENTS = {
  ORDERS_CREATE: "orders/create",
  ORDERS_PAID: "orders/paid",
  ORDERS_FULFILLED: "orders/fulfilled",
  ORDERS_CANCELLED: "orders/cancelled",
  ORDERS_PARTIALLY_FULFILLED: "orders/partially_fulfilled",
} as const;

/** A topic that the connector understands, in the Admin GraphQL API's spelling. */
export type ConnectorTopic = keyof typeof EVENTS;

/** The connector's name of a topic: `X-Shopify-Topic`, and the column `method` of its `webhooks` table. */
export type ConnectorEvent = (typeof EVENTS)[ConnectorTopic];

/** Every topic the connector understands, in the playbook's order. */
export const CONNECTOR_TOPICS = Object.keys(EVENTS) as readonly ConnectorTopic[];

/** The connector's name of `topic`. */
export function connectorEvent(topic: ConnectorTopic): ConnectorEvent {
  return EVENTS[topic];
}

/** The Admin GraphQL API's name of the connector's topic `event`. */
export function topicOf(event: ConnectorEvent): ConnectorTopic {
  const topic = CONNECTOR_TOPICS.find((candidate) => EVENTS[candidate] === event);
  if (topic === undefined) throw new TypeError(`no topic is called ${event}`);
  return topic;
}

/** The address Shopify delivers to: the connector's door on the customer's hook host. */
export function webhookUrl(hookHost: string): string {
  return `https://${hookHost}${WEBHOOK_PATH}`;
}

/** A subscription that a stack keeps at Shopify. */
export interface ManagedSubscription {
  readonly topic: ConnectorTopic;
  /** Shopify's numeric id of it (`legacyResourceId`), which the connector's own table stores. */
  readonly webhookId: string;
}
