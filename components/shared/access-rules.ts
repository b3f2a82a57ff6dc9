import type { ZeroTrustAccessPolicyInclude } from "@pulumi/cloudflare/types/input";

/**
 * Cloudflare Access rules for the people a customer names. Each entry is an e-mail address ("ann@example.com") or, with a
 * leading at sign, everyone of a domain ("@example.com"); a person needs to match one of them.
 */
export function accessRules(allowed: readonly string[]): ZeroTrustAccessPolicyInclude[] {
  return allowed.map((entry) =>
    entry.startsWith("@") ? { emailDomain: { domain: entry.slice(1) } } : { email: { email: entry } },
  );
}
