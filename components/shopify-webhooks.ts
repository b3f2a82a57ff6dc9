import * as pulumi from "@pulumi/pulumi";

import type { Customer } from "../customers/schema";
import { ShopifyWebhookSubscription } from "./providers/shopify-webhook-subscription";
import { CONNECTOR_TOPICS, KNOWN_TOPICS, type ConnectorTopic, type ManagedSubscription } from "../core/connector";
import { UserError } from "../core/user-error";

/** What Shopify delivers, and where to. */
export interface ShopifyWebhooksArgs {
  /** The customer's slug, for messages. */
  readonly customer: string;
  /** The store and the kind of app that subscribes. */
  readonly shopify: Pick<Customer["shopify"], "shopDomain" | "app">;
  /** The app (gid) that subscribes; another one replaces every subscription. Default: not watched. */
  readonly appId?: pulumi.Input<string>;
  /** Base address of the Admin API. Default: https://<shopDomain>. */
  readonly apiUrl?: string;
  /** The connector's door, https; or a topic of Pub/Sub, `pubsub://<project>:<topic>`. */
  readonly webhookUrl: pulumi.Input<string>;
  /** Topics to subscribe to. Default: all that the connector understands. */
  readonly topics?: readonly ConnectorTopic[];
}

/** The merchant's webhook subscriptions, one a topic; the app's credential comes from the stack's configuration. */
export class ShopifyWebhooks extends pulumi.ComponentResource {
  /** Every subscription of this stack, in the order of the topics. */
  readonly subscriptions: pulumi.Output<ManagedSubscription[]>;

  constructor(name: string, args: ShopifyWebhooksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:shopify:ShopifyWebhooks", name, {}, opts);

    const topics = args.topics ?? CONNECTOR_TOPICS;
    refuseUnusable(topics, args.customer);

    const subscriptions = topics.map((topic) => ({ topic, webhookId: this.subscription(name, args, topic) }));

    this.subscriptions = pulumi.output(subscriptions);
    this.registerOutputs({ subscriptions: this.subscriptions });
  }

  /** One topic's subscription; its output is the id that the connector stores. */
  private subscription(name: string, args: ShopifyWebhooksArgs, topic: ConnectorTopic): pulumi.Output<string> {
    const subscription = new ShopifyWebhookSubscription(
      `${name}-${topic.toLowerCase().replaceAll("_", "-")}`,
      {
        customer: args.customer,
        shopDomain: args.shopify.shopDomain,
        app: args.shopify.app,
        topic,
        uri: args.webhookUrl,
        ...(args.appId === undefined ? {} : { appId: args.appId }),
        ...(args.apiUrl === undefined ? {} : { apiUrl: args.apiUrl }),
      },
      { parent: this },
    );
    return subscription.legacyResourceId;
  }
}

/**
 * No topics would leave the connector's own table empty, and it would then subscribe by itself, to an address behind Access.
 * A topic twice is taken by Shopify once; one outside the five ends in a 500 at every delivery.
 */
function refuseUnusable(topics: readonly string[], customer: string): void {
  const known: readonly string[] = KNOWN_TOPICS;
  const unknown = topics.find((topic) => !known.includes(topic));
  const next = `name one or more of ${known.join(", ")}, each once`;
  if (unknown !== undefined) {
    throw new UserError({
      what: `"topics" names "${unknown}", which the connector does not understand,`,
      customer,
      next,
    });
  }
  if (topics.length === 0) throw new UserError({ what: `"topics" is empty`, customer, next });
  if (new Set(topics).size < topics.length) {
    throw new UserError({ what: `"topics" names a topic twice (${topics.join(", ")})`, customer, next });
  }
}
