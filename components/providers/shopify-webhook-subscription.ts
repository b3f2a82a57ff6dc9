import type { CustomResourceOptions } from "@pulumi/pulumi/resource";
import type { Input, Output } from "@pulumi/pulumi/output";

import type { ConnectorTopic } from "../../core/connector";
import { DynamicResource } from "./lazy-provider";

/** One topic that Shopify delivers to the connector's door. */
export interface ShopifyWebhookSubscriptionArgs {
  /** `<store>.myshopify.com`. A change replaces. */
  readonly shopDomain: Input<string>;
  /** Base address of the Admin API. Default: `https://<shopDomain>`. A change is no change of the subscription. */
  readonly apiUrl?: Input<string>;
  /** Kind of the app, which decides what credential the stack's configuration holds. */
  readonly app: Input<"custom" | "dev-dashboard">;
  /**
   * The app (gid) that subscribes. A change replaces: another app cannot see the subscription, and signs its deliveries
   * with another secret. Default: not watched.
   */
  readonly appId?: Input<string>;
  /** One of the connector's five, as an enum name. A change replaces. */
  readonly topic: Input<ConnectorTopic>;
  /** The connector's door, https; or a topic of Pub/Sub, `pubsub://<project>:<topic>`. A change updates. */
  readonly uri: Input<string>;
  /** The customer's slug, for messages. */
  readonly customer: Input<string>;
}

/** A webhook subscription of the merchant's shop. An equal one that exists is adopted. */
export class ShopifyWebhookSubscription extends DynamicResource {
  // Declared only: a field that is defined after super() would overwrite the output that Pulumi put there.
  declare readonly shopDomain: Output<string>;
  declare readonly topic: Output<ConnectorTopic>;
  declare readonly uri: Output<string>;
  /** `gid://shopify/WebhookSubscription/<number>`. */
  declare readonly subscriptionId: Output<string>;
  /** The number alone: what the connector's table `webhooks` holds. */
  declare readonly legacyResourceId: Output<string>;
  /** JSON. */
  declare readonly format: Output<string>;

  constructor(name: string, args: ShopifyWebhookSubscriptionArgs, opts?: CustomResourceOptions) {
    const kind = { provider: "shopify-webhook-subscription", type: "shopify:WebhookSubscription" } as const;
    const outputs = { subscriptionId: undefined, legacyResourceId: undefined, format: undefined };
    super(kind, { name, props: { ...args, ...outputs } }, opts);
  }
}
