/**
 * What the ERPNext connector (frappe/ecommerce_integrations) fixes by name: its one door for Shopify's deliveries and the
 * five topics it maps, and two that our app in the image adds. A delivery of any other topic ends there in a 500, and Shopify drops a subscription that keeps failing.
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
  REFUNDS_CREATE: "refunds/create",
  ORDERS_EDITED: "orders/edited",
} as const;

/** What only our app in the image understands (image/shopify_books); the connector alone answers 500. */
const BOOKS_TOPICS: readonly ConnectorTopic[] = ["REFUNDS_CREATE", "ORDERS_EDITED"];

/** A topic that the connector understands, in the Admin GraphQL API's spelling. */
export type ConnectorTopic = keyof typeof EVENTS;

/** The connector's name of a topic: `X-Shopify-Topic`, and the column `method` of its `webhooks` table. */
export type ConnectorEvent = (typeof EVENTS)[ConnectorTopic];

/** Every topic that an image with our app understands, in the playbook's order. */
export const KNOWN_TOPICS = Object.keys(EVENTS) as readonly ConnectorTopic[];

/** Every topic the connector understands by itself. */
export const CONNECTOR_TOPICS = KNOWN_TOPICS.filter((topic) => !BOOKS_TOPICS.includes(topic));

/** What a stack subscribes: the intake's topics, and refunds and edits where the image holds the app that books them. */
export function subscribedTopics({ shopify, erpnext }: SubscribedBy): readonly ConnectorTopic[] {
  const wanted = shopify.topics.map(topicOf);
  return erpnext.booksApp ? [...wanted, ...BOOKS_TOPICS.filter((topic) => !wanted.includes(topic))] : wanted;
}

interface SubscribedBy {
  readonly shopify: { readonly topics: readonly ConnectorEvent[] };
  readonly erpnext: { readonly booksApp: boolean };
}

/** The connector's name of `topic`. */
export function connectorEvent(topic: ConnectorTopic): ConnectorEvent {
  return EVENTS[topic];
}

/** The Admin GraphQL API's name of the connector's topic `event`. */
export function topicOf(event: ConnectorEvent): ConnectorTopic {
  const topic = KNOWN_TOPICS.find((candidate) => EVENTS[candidate] === event);
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
