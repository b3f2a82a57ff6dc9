import { DnsRecord } from "@pulumi/cloudflare/dnsRecord";
import * as pulumi from "@pulumi/pulumi";

import { HEALTH_PATH, webhookUrl } from "../core/connector";

/** Seconds a resolver may keep the address: short, so that a new address reaches Shopify within its four hours of retries. */
const TTL_SECONDS = 300;

/** Where Shopify finds the server. */
export interface WebhookIngressArgs {
  /** Host name that Caddy answers for, e.g. "hook-acme.example.com". */
  readonly hookHost: string;
  /** Cloudflare zone that holds the host name (32 hex digits). */
  readonly zoneId: string;
  /** The server's reserved IPv4 address. */
  readonly address: pulumi.Input<string>;
}

/**
 * The direct door for Shopify's deliveries: a DNS-only record, so that no edge stands between the signed body and Caddy.
 * A proxied record would put Cloudflare's TLS, its body handling and its challenges inside Shopify's five seconds.
 */
export class WebhookIngress extends pulumi.ComponentResource {
  /** Host name that Caddy answers for. */
  readonly hookHost: pulumi.Output<string>;
  /** Address that Shopify delivers to. */
  readonly webhookUrl: pulumi.Output<string>;
  /** Address where the server reports its state. */
  readonly healthUrl: pulumi.Output<string>;

  constructor(name: string, args: WebhookIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:cloudflare:WebhookIngress", name, {}, opts);

    new DnsRecord(
      `${name}-record`,
      {
        zoneId: args.zoneId,
        name: args.hookHost,
        type: "A",
        content: args.address,
        proxied: false,
        ttl: TTL_SECONDS,
        comment: "Shopify webhooks, straight to Caddy: keep DNS-only",
      },
      { parent: this },
    );

    this.hookHost = pulumi.output(args.hookHost);
    this.webhookUrl = pulumi.output(webhookUrl(args.hookHost));
    this.healthUrl = pulumi.output(`https://${args.hookHost}${HEALTH_PATH}`);
    this.registerOutputs({ hookHost: this.hookHost, webhookUrl: this.webhookUrl, healthUrl: this.healthUrl });
  }
}
