import { DnsRecord } from "@pulumi/cloudflare/dnsRecord";
import { getZeroTrustTunnelCloudflaredTokenOutput } from "@pulumi/cloudflare/getZeroTrustTunnelCloudflaredToken";
import type { ZeroTrustAccessApplication } from "@pulumi/cloudflare/zeroTrustAccessApplication";
import { ZeroTrustAccessPolicy } from "@pulumi/cloudflare/zeroTrustAccessPolicy";
import { ZeroTrustAccessServiceToken } from "@pulumi/cloudflare/zeroTrustAccessServiceToken";
import { ZeroTrustTunnelCloudflared } from "@pulumi/cloudflare/zeroTrustTunnelCloudflared";
import { ZeroTrustTunnelCloudflaredConfig } from "@pulumi/cloudflare/zeroTrustTunnelCloudflaredConfig";
import * as pulumi from "@pulumi/pulumi";

import { accessApplication } from "./shared/access-application";
import { accessRules } from "./shared/access-rules";

/** ERPNext's web server as cloudflared, a container beside it, reaches it. */
const FRONTEND = "http://frontend:8080";

/** One year. Cloudflare renews nothing by itself: `accessExpiresAt` is there to warn in time. */
const TOKEN_DURATION = "8760h";

/** Cloudflare's value for "automatic", the only one a proxied record may have. */
const AUTOMATIC_TTL = 1;

/** Who reaches ERPNext's pages, and where. */
export interface UiTunnelArgs {
  /** The customer's slug: what Cloudflare calls the tunnel, the application and its policies begins with it. */
  readonly slug: string;
  /** Host name of ERPNext's pages, one label below the zone; also the name of the Frappe site. */
  readonly uiHost: string;
  /** Cloudflare account (32 hex digits). */
  readonly accountId: string;
  /** Cloudflare zone that holds the host name (32 hex digits). */
  readonly zoneId: string;
  /** Who signs the tokens of Cloudflare Access, e.g. "https://agency.cloudflareaccess.com". */
  readonly accessIssuer: pulumi.Input<string>;
  /** People who may sign in: e-mail addresses, or "@domain" for everyone of a domain. */
  readonly allowed: readonly string[];
}

/**
 * The door for people: a Cloudflare tunnel, so that the server opens no port for its pages, behind Cloudflare Access.
 * This project's own requests pass Access with a service token, which `pulumi up --replace <its urn>` rotates: the new one
 * is in place everywhere before the old one goes.
 */
export class UiTunnel extends pulumi.ComponentResource {
  /** The tunnel's UUID. */
  readonly tunnelId: pulumi.Output<string>;
  /** What cloudflared on the server runs with; secret. */
  readonly tunnelToken: pulumi.Output<string>;
  /** Value of the header `CF-Access-Client-Id` of this project's own requests. */
  readonly accessClientId: pulumi.Output<string>;
  /** Value of the header `CF-Access-Client-Secret` of this project's own requests; secret. */
  readonly accessClientSecret: pulumi.Output<string>;
  /** When Cloudflare stops taking the service token (RFC 3339). */
  readonly accessExpiresAt: pulumi.Output<string>;
  /** Address of ERPNext's pages. */
  readonly uiUrl: pulumi.Output<string>;

  constructor(name: string, args: UiTunnelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("erpnext:cloudflare:UiTunnel", name, {}, opts);

    const token = this.serviceToken(name, args);
    const application = this.application(name, args, token);
    const tunnel = this.tunnel(name, args, application);
    this.record(name, args, { tunnel, application });
    const cloudflared = getZeroTrustTunnelCloudflaredTokenOutput(
      { accountId: args.accountId, tunnelId: tunnel.id },
      { parent: this },
    );

    this.tunnelId = tunnel.id;
    this.tunnelToken = pulumi.secret(cloudflared.token);
    this.accessClientId = token.clientId;
    this.accessClientSecret = pulumi.secret(token.clientSecret);
    this.accessExpiresAt = token.expiresAt;
    this.uiUrl = pulumi.output(`https://${args.uiHost}`);
    this.registerOutputs({
      tunnelId: this.tunnelId,
      tunnelToken: this.tunnelToken,
      accessClientId: this.accessClientId,
      accessClientSecret: this.accessClientSecret,
      accessExpiresAt: this.accessExpiresAt,
      uiUrl: this.uiUrl,
    });
  }

  /** The tunnel with its ingress rules, kept at Cloudflare so that a changed rule needs no restart on the server. */
  private tunnel(
    name: string,
    args: UiTunnelArgs,
    application: ZeroTrustAccessApplication,
  ): ZeroTrustTunnelCloudflared {
    const tunnel = new ZeroTrustTunnelCloudflared(
      `${name}-tunnel`,
      { accountId: args.accountId, name: `${args.slug}-ui`, configSrc: "cloudflare" },
      { parent: this },
    );
    new ZeroTrustTunnelCloudflaredConfig(
      `${name}-rules`,
      {
        accountId: args.accountId,
        tunnelId: tunnel.id,
        config: {
          ingresses: [
            {
              hostname: args.uiHost,
              service: FRONTEND,
              originRequest: {
                // Frappe finds its site by Host, and socket.io refuses a Host that differs from the page's origin.
                httpHostHeader: args.uiHost,
                // cloudflared checks the login's token itself: an application that is deleted or bypassed at Cloudflare would
                // otherwise open ERPNext to the world.
                access: {
                  required: true,
                  teamName: pulumi.output(args.accessIssuer).apply(teamName),
                  audTags: [application.aud],
                },
              },
            },
            { service: "http_status:404" },
          ],
        },
      },
      { parent: this },
    );
    return tunnel;
  }

  /** What this project's own requests identify themselves with. */
  private serviceToken(name: string, args: UiTunnelArgs): ZeroTrustAccessServiceToken {
    return new ZeroTrustAccessServiceToken(
      `${name}-automation-token`,
      { accountId: args.accountId, name: `${args.slug}-automation`, duration: TOKEN_DURATION },
      { parent: this },
    );
  }

  /** The login in front of the pages. Access evaluates Service Auth first; a reusable policy is attached by its id. */
  private application(
    name: string,
    args: UiTunnelArgs,
    token: ZeroTrustAccessServiceToken,
  ): ZeroTrustAccessApplication {
    const automation = new ZeroTrustAccessPolicy(
      `${name}-automation-policy`,
      {
        accountId: args.accountId,
        name: `${args.slug}-ui-automation`,
        decision: "non_identity",
        includes: [{ serviceToken: { tokenId: token.id } }],
      },
      { parent: this },
    );
    const people = new ZeroTrustAccessPolicy(
      `${name}-people-policy`,
      {
        accountId: args.accountId,
        name: `${args.slug}-ui-people`,
        decision: "allow",
        includes: accessRules(args.allowed),
      },
      { parent: this },
    );
    return accessApplication(
      `${name}-application`,
      {
        title: `${args.slug}-ui`,
        accountId: args.accountId,
        domain: args.uiHost,
        policies: [automation.id, people.id],
      },
      this,
    );
  }

  /** The proxied name, published only once the login stands: without it the pages would be open to everyone. */
  private record(
    name: string,
    args: UiTunnelArgs,
    behind: { tunnel: ZeroTrustTunnelCloudflared; application: ZeroTrustAccessApplication },
  ): void {
    new DnsRecord(
      `${name}-record`,
      {
        zoneId: args.zoneId,
        name: args.uiHost,
        type: "CNAME",
        content: pulumi.interpolate`${behind.tunnel.id}.cfargotunnel.com`,
        proxied: true,
        ttl: AUTOMATIC_TTL,
        comment: "ERPNext's pages, through the tunnel",
      },
      { parent: this, dependsOn: [behind.application] },
    );
  }
}

/** The organization's name as cloudflared takes it: it asks `https://<name>.cloudflareaccess.com` for the keys. */
function teamName(issuer: string): string {
  return new URL(issuer).hostname.replace(/\.cloudflareaccess\.com$/, "");
}
