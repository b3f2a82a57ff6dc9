/**
 * What the ERPNext connector (frappe/ecommerce_integrations) fixes by name: its one door for Shopify's deliveries and the
 * five topics it maps, and two that our app in the image adds. A delivery of any other topic ends there in a 500, and Shopify drops a subscription that keeps failing.
 */

/** Path of the connector's door, without a trailing slash: nginx would answer one with a redirect, which Shopify counts as failed. */
export const WEBHOOK_PATH = "/api/method/ecommerce_integrations.shopify.connection.store_request_data";

/** Path on the hook host where the server reports its own state. */
export const HEALTH_PATH = "/healthz";

const CONNECTOR = "ecommerce_integrations.shopify";

/**
 * Each topic as the Admin GraphQL API writes it, in the playbook's order: the connector's name of it, and the function that handles it,
 * which a row of the connector's log names as `method`. Of `ours` only our app in the image understands (image/shopify_books); the connector alone
 * answers 500.
 */
const TOPICS = {
  ORDERS_CREATE: { event: "orders/create", method: `${CONNECTOR}.order.sync_sales_order` },
  ORDERS_PAID: { event: "orders/paid", method: `${CONNECTOR}.invoice.prepare_sales_invoice` },
  ORDERS_FULFILLED: { event: "orders/fulfilled", method: `${CONNECTOR}.fulfillment.prepare_delivery_note` },
  ORDERS_CANCELLED: { event: "orders/cancelled", method: `${CONNECTOR}.order.cancel_order` },
  ORDERS_PARTIALLY_FULFILLED: {
    event: "orders/partially_fulfilled",
    method: `${CONNECTOR}.fulfillment.prepare_delivery_note`,
  },
  REFUNDS_CREATE: { event: "refunds/create", method: "shopify_books.jobs.sync_refund", ours: true },
  ORDERS_EDITED: { event: "orders/edited", method: "shopify_books.jobs.sync_edited_order", ours: true },
} as const;

/** A topic that the connector or our app understands, in the Admin GraphQL API's spelling. */
export type ConnectorTopic = keyof typeof TOPICS;

/** The connector's name of a topic: `X-Shopify-Topic`, and the column `method` of its `webhooks` table. */
export type ConnectorEvent = (typeof TOPICS)[ConnectorTopic]["event"];

/** The connector's name of a topic that it understands by itself. */
export type OrderEvent = Exclude<(typeof TOPICS)[ConnectorTopic], { ours: true }>["event"];

/** Every topic that an image with our app understands, in the playbook's order. */
export const KNOWN_TOPICS = Object.keys(TOPICS) as readonly ConnectorTopic[];

/** Every topic the connector understands by itself. */
export const CONNECTOR_TOPICS = KNOWN_TOPICS.filter((topic) => !isOurs(topic));

/** The same by the connector's names, and those of our app. */
export const CONNECTOR_EVENTS = CONNECTOR_TOPICS.map(connectorEvent) as [OrderEvent, ...OrderEvent[]];
export const BOOKS_EVENTS = KNOWN_TOPICS.filter(isOurs).map(connectorEvent) as Exclude<ConnectorEvent, OrderEvent>[];

/** What a stack subscribes: the intake's topics, and refunds and edits where the image holds the app that books them. */
export function subscribedTopics({ shopify, erpnext }: SubscribedBy): readonly ConnectorTopic[] {
  const wanted = shopify.topics.map(topicOf);
  return erpnext.booksApp
    ? [...wanted, ...KNOWN_TOPICS.filter((topic) => isOurs(topic) && !wanted.includes(topic))]
    : wanted;
}

interface SubscribedBy {
  readonly shopify: { readonly topics: readonly ConnectorEvent[] };
  readonly erpnext: { readonly booksApp: boolean };
}

/** The connector's name of `topic`. */
export function connectorEvent(topic: ConnectorTopic): ConnectorEvent {
  return TOPICS[topic].event;
}

function isOurs(topic: ConnectorTopic): boolean {
  return "ours" in TOPICS[topic];
}

/** The function that handles `event`, by its dotted path. */
export function methodOf(event: ConnectorEvent): string {
  return TOPICS[topicOf(event)].method;
}

/** Whether a row of the log is about an event: each order has rows of several, and the newest is rarely the one asked about. */
export function isOf(event: ConnectorEvent, { method }: { readonly method: string }): boolean {
  return method.split(".").at(-1) === methodOf(event).split(".").at(-1);
}

/** The Admin GraphQL API's name of the connector's topic `event`. */
export function topicOf(event: ConnectorEvent): ConnectorTopic {
  const topic = KNOWN_TOPICS.find((candidate) => TOPICS[candidate].event === event);
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
