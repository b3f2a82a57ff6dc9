import { Command } from "@pulumi/command/local/command";
import * as pulumi from "@pulumi/pulumi";

const DRAIN = "npm run --silent drain-queue";

/** Which messages, and the door that they are brought to. */
export interface QueueDrainArgs {
  /** The customer's slug. */
  readonly slug: string;
  /** The server's subscription, `projects/<project>/subscriptions/<name>`. */
  readonly subscription: pulumi.Input<string>;
  /** Deliveries of any other shop are dropped: `<shop>.myshopify.com`. */
  readonly shopDomain: string;
  /** Base address of Pub/Sub's API. Default: Google's. */
  readonly apiUrl?: string;
  /** The connector's door. */
  readonly doorUrl: pulumi.Input<string>;
  /** Host name to ask for there, which is the hook's even when the address is another one. */
  readonly doorHost: string;
  /** Who signs that host's certificate; one of "staging" is trusted by no one. */
  readonly certificate: "trusted" | "staging";
  /** Secret of the app, which signs what came without a signature. */
  readonly shopifyApiSecret: pulumi.Input<string>;
}

/**
 * Stands between the subscription and its end: when the customer goes back to delivery over https, or goes, what is still in Pub/Sub
 * is brought to the server's door before the subscription is deleted. Make it depend on the subscription and on a server that answers.
 */
export class QueueDrain extends pulumi.ComponentResource {
  /** The subscription that is emptied before it goes. */
  readonly subscription: pulumi.Output<string>;

  constructor(name: string, args: QueueDrainArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:gcp:QueueDrain", name, {}, opts);
    new Command(
      `${name}-left`,
      {
        delete: DRAIN,
        environment: {
          CUSTOMER: args.slug,
          SUBSCRIPTION: args.subscription,
          SHOP_DOMAIN: args.shopDomain,
          DOOR_URL: args.doorUrl,
          DOOR_HOST: args.doorHost,
          DOOR_CERTIFICATE: args.certificate,
          ...(args.apiUrl === undefined ? {} : { PUBSUB_URL: args.apiUrl }),
        },
        stdin: pulumi.secret(args.shopifyApiSecret),
        addPreviousOutputInEnv: false,
      },
      { parent: this },
    );
    this.subscription = pulumi.output(args.subscription);
    this.registerOutputs({ subscription: this.subscription });
  }
}
