import { ServiceIdentity } from "@pulumi/gcp/projects/serviceIdentity";
import type * as pulumi from "@pulumi/pulumi";
import { allConfig } from "@pulumi/pulumi/runtime/config";

import { DeliveryQueue } from "../components/delivery-queue";
import type { BackupBucket } from "../components/backup-bucket";
import type { ServerIdentity } from "../components/server-identity";
import { ServerMonitoring } from "../components/server-monitoring";
import type { ServerReady } from "../components/server-ready";
import { QueueDrain } from "../components/queue-drain";
import { subscribedTopics, WEBHOOK_PATH } from "../core/connector";
import { ShopifyWebhooks } from "../components/shopify-webhooks";
import type { WebhookIngress } from "../components/webhook-ingress";
import { certificateOf } from "../customers/certificate";
import type { Shared } from "./shared";

/** Pub/Sub's own account in the project, which writes the evidence; none unless the intake asks for Pub/Sub. */
export function queueAgent({
  customer,
  place,
  gcp,
}: Pick<Shared, "customer" | "place" | "gcp">): pulumi.Output<string> | undefined {
  if (customer.shopify.delivery === "https") return undefined;
  return new ServiceIdentity("pubsub-agent", { project: place.project, service: "pubsub.googleapis.com" }, gcp).member;
}

/** Where Shopify delivers to while there need not be a server; none unless the intake asks for it. */
export function openQueue(
  { customer, place, gcp }: Shared,
  made: { identity: ServerIdentity; backups: BackupBucket; monitoring: ServerMonitoring },
): DeliveryQueue | undefined {
  if (customer.shopify.delivery === "https") return undefined;
  const { identity, backups, monitoring } = made;
  const { notificationChannels } = monitoring;
  const { member } = identity;
  return new DeliveryQueue("deliveries", { ...place, member, bucket: backups.bucket, notificationChannels }, gcp);
}

/** Before the subscription goes, what it still has comes to the server's door. */
export function guardQueue(
  { customer, secrets, endpoints }: Shared,
  made: { queue: DeliveryQueue | undefined; ingress: WebhookIngress; ready: ServerReady },
): QueueDrain | undefined {
  const { queue, ingress, ready } = made;
  if (queue === undefined) return undefined;
  const apiUrl = allConfig()["gcp:pubsubCustomEndpoint"];
  const { hookUrl } = endpoints;
  return new QueueDrain(
    "deliveries-drain",
    {
      slug: customer.slug,
      subscription: queue.subscription,
      shopDomain: customer.shopify.shopDomain,
      ...(apiUrl === undefined ? {} : { apiUrl }),
      doorUrl: hookUrl === undefined ? ingress.webhookUrl : new URL(WEBHOOK_PATH, hookUrl).href,
      doorHost: customer.hosts.hook,
      certificate: certificateOf(customer),
      shopifyApiSecret: secrets.shopifyApiSecret,
    },
    { dependsOn: [ready, queue] },
  );
}

/** Who is told when the door does not answer, or orders wait. */
export function watch({ customer, place, gcp }: Shared): ServerMonitoring {
  return new ServerMonitoring(
    "monitoring",
    {
      ...place,
      hookHost: customer.hosts.hook,
      trustedCertificate: certificateOf(customer) === "trusted",
      alertEmails: customer.operations.alertEmails,
    },
    gcp,
  );
}

/** Shopify gives up on a door that does not answer, and the connector must find its subscriptions when it is enabled. */
export function subscribe(
  { customer, endpoints, shopifyApp }: Shared,
  { ingress, ready, queue }: { ingress: WebhookIngress; ready: ServerReady; queue: DeliveryQueue | undefined },
): ShopifyWebhooks {
  return new ShopifyWebhooks(
    "webhooks",
    {
      customer: customer.slug,
      shopify: customer.shopify,
      appId: shopifyApp.appId,
      topics: subscribedTopics(customer),
      webhookUrl: queue === undefined ? ingress.webhookUrl : queue.uri,
      ...(endpoints.shopifyApiUrl === undefined ? {} : { apiUrl: endpoints.shopifyApiUrl }),
    },
    { dependsOn: [ready, shopifyApp] },
  );
}
