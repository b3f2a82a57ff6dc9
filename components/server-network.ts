import { Address } from "@pulumi/gcp/compute/address";
import { Firewall } from "@pulumi/gcp/compute/firewall";
import { Network } from "@pulumi/gcp/compute/network";
import { Subnetwork } from "@pulumi/gcp/compute/subnetwork";
import * as pulumi from "@pulumi/pulumi";

import type { CustomerLabels } from "./shared/labels";
import { serverName } from "../core/names";

/** Clear of 172.16.0.0/12, out of which Docker takes its bridges. */
const SUBNETWORK_RANGE = "10.10.0.0/24";

/** Identity-Aware Proxy forwards SSH from these addresses alone (Google's documentation of TCP forwarding). */
const IAP_RANGE = "35.235.240.0/20";

/** Caddy's ports; 80 is for ACME's HTTP challenge and the redirect. */
const WEB_PORTS = ["80", "443"];

/** Where the server stands. */
export interface ServerNetworkArgs {
  /** The customer's slug. */
  readonly slug: string;
  /** Google Cloud project id. */
  readonly project: string;
  /** Google Cloud region. */
  readonly region: string;
  /** Labels of the address. */
  readonly labels: CustomerLabels;
  /** Refuse to delete or replace the address: Shopify's deliveries and the certificate hang on it. */
  readonly protect: boolean;
}

/**
 * A network of the customer's own, in which nothing is let in but the web from everywhere and SSH from Identity-Aware
 * Proxy, and the address that the hook's DNS record names.
 */
export class ServerNetwork extends pulumi.ComponentResource {
  /** The subnetwork to put the server into (its id). */
  readonly subnetwork: pulumi.Output<string>;
  /** The reserved public IPv4 address. */
  readonly address: pulumi.Output<string>;
  /** Network tag that the firewall's rules apply to. */
  readonly networkTag: pulumi.Output<string>;

  constructor(name: string, args: ServerNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:gcp:ServerNetwork", name, {}, opts);

    const network = new Network(
      `${name}-network`,
      { project: args.project, name: serverName(args.slug), autoCreateSubnetworks: false },
      { parent: this },
    );
    const subnetwork = this.range(name, args, network);
    const rules = [this.webRule(name, args, network), this.sshRule(name, args, network)];
    const address = this.publicAddress(name, args);

    this.subnetwork = subnetwork.id;
    this.address = address.address;
    // A server that carries the tag before the rules exist would fail its first certificate.
    this.networkTag = pulumi.all(rules.map((rule) => rule.name)).apply(() => serverName(args.slug));
    this.registerOutputs({ subnetwork: this.subnetwork, address: this.address, networkTag: this.networkTag });
  }

  private range(name: string, args: ServerNetworkArgs, network: Network): Subnetwork {
    return new Subnetwork(
      `${name}-subnetwork`,
      {
        project: args.project,
        region: args.region,
        name: serverName(args.slug),
        network: network.id,
        ipCidrRange: SUBNETWORK_RANGE,
        privateIpGoogleAccess: true,
      },
      { parent: this },
    );
  }

  private webRule(name: string, args: ServerNetworkArgs, network: Network): Firewall {
    return new Firewall(
      `${name}-web`,
      {
        project: args.project,
        name: serverName(args.slug, "web"),
        network: network.id,
        direction: "INGRESS",
        sourceRanges: ["0.0.0.0/0"],
        targetTags: [serverName(args.slug)],
        allows: [{ protocol: "tcp", ports: WEB_PORTS }],
      },
      { parent: this },
    );
  }

  private sshRule(name: string, args: ServerNetworkArgs, network: Network): Firewall {
    return new Firewall(
      `${name}-iap-ssh`,
      {
        project: args.project,
        name: serverName(args.slug, "iap-ssh"),
        network: network.id,
        direction: "INGRESS",
        sourceRanges: [IAP_RANGE],
        targetTags: [serverName(args.slug)],
        allows: [{ protocol: "tcp", ports: ["22"] }],
      },
      { parent: this },
    );
  }

  /** Without a description, because changing that replaces the address. */
  private publicAddress(name: string, args: ServerNetworkArgs): Address {
    return new Address(
      `${name}-address`,
      {
        project: args.project,
        region: args.region,
        name: serverName(args.slug),
        addressType: "EXTERNAL",
        networkTier: "PREMIUM",
        labels: args.labels,
      },
      { parent: this, protect: args.protect },
    );
  }
}
