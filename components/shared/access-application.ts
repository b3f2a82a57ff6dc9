import { ZeroTrustAccessApplication } from "@pulumi/cloudflare/zeroTrustAccessApplication";
import type * as pulumi from "@pulumi/pulumi";

/** How long a person stays signed in. */
const SESSION_DURATION = "24h";

/** A login in front of a host. */
export interface AccessApplicationArgs {
  /** What Cloudflare calls it. */
  readonly title: string;
  /** Cloudflare account (32 hex digits). */
  readonly accountId: string;
  /** The host that it protects. */
  readonly domain: string;
  /** Ids of reusable policies, asked in this order. */
  readonly policies: readonly pulumi.Input<string>[];
}

/** Every login of this project's: self-hosted, and its cookie out of scripts' reach. */
export function accessApplication(
  name: string,
  { title, accountId, domain, policies }: AccessApplicationArgs,
  parent: pulumi.Resource,
): ZeroTrustAccessApplication {
  return new ZeroTrustAccessApplication(
    name,
    {
      accountId,
      name: title,
      type: "self_hosted",
      domain,
      sessionDuration: SESSION_DURATION,
      httpOnlyCookieAttribute: true,
      policies: policies.map((id, index) => ({ id, precedence: index + 1 })),
    },
    { parent },
  );
}
