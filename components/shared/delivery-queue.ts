import type { Customer } from "../../customers/schema";
import { webhookUrl } from "../../core/connector";
import { deliveryQueueName } from "../../core/names";

/** Facts of Shopify's delivery to Google Cloud Pub/Sub that components, scripts and policies share. */

/** Who publishes, for every app of every shop: https://shopify.dev/docs/apps/build/webhooks/subscribe/get-started?deliveryMethod=pubSub. */
export const SHOPIFY_PUBLISHER = "serviceAccount:delivery@shopify-pubsub-webhooks.iam.gserviceaccount.com";

/** Pub/Sub keeps a message for 31 days at most: https://docs.cloud.google.com/pubsub/docs/subscription-properties (seconds). */
export const QUEUE_RETENTION_SECONDS = 31 * 24 * 60 * 60;

/** After so long a message that a killed puller had comes again (seconds, 10 to 600). */
export const ACK_DEADLINE_SECONDS = 60;

/** Longer than a migration and the first tries after an error (deliveries/forwarder.py): from here on people are written to. */
export const OLDEST_UNACKNOWLEDGED_SECONDS = 30 * 60;

/** Where in the bucket of the backups every delivery is written to. */
export const EVIDENCE_PREFIX = "deliveries/";

/** Where a customer's subscriptions lead: to the connector's door, or to the topic. */
export function deliveryAddress(customer: Pick<Customer, "slug" | "shopify" | "hosts" | "gcp">): string {
  if (customer.shopify.delivery === "https") return webhookUrl(customer.hosts.hook);
  return topicUri(customer.gcp.project, deliveryQueueName(customer.slug));
}

/** A topic as Shopify takes it for a subscription's address. */
export function topicUri(project: string, topic: string): string {
  return `pubsub://${project}:${topic}`;
}

/** The project and the topic of such an address; undefined for anything else. */
export function topicOfUri(uri: string): { readonly project: string; readonly topic: string } | undefined {
  const [, project, topic] = /^pubsub:\/\/([a-z][a-z0-9-]{4,28}[a-z0-9]):([A-Za-z][\w.~+%-]{2,254})$/.exec(uri) ?? [];
  return project === undefined || topic === undefined ? undefined : { project, topic };
}
