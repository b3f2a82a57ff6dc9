/** What a customer has one of. A second one is a doubled bill, or the same thing under another name. */
const ONCE = [
  "gcp:compute/instance:Instance",
  "gcp:compute/disk:Disk",
  "gcp:compute/address:Address",
  "gcp:artifactregistry/repository:Repository",
  "gcp:storage/bucket:Bucket",
  "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
  "cloudflare:index/d1Database:D1Database",
] as const;

/** Resources of a stack, components included; the documented example has about a hundred. */
export const MOST_RESOURCES = 160;

/** How many resources a stack may have. Looks at the whole stack, where rules look at one resource. */
export const BUDGET = {
  name: "budget",
  why: "A loop that goes wrong makes a thousand of something, and every one of them is billed or slows each preview.",
  faultOf: (types: readonly string[]): string | undefined => {
    const own = types.filter((type) => !type.startsWith("pulumi:"));
    for (const type of ONCE) {
      const found = own.filter((each) => each === type).length;
      if (found > 1) return `has ${found} of ${type}: a customer has one`;
    }
    if (own.length <= MOST_RESOURCES) return undefined;
    return `has ${own.length} resources: at most ${MOST_RESOURCES} are meant, or raise the limit in infra/policy/budget.ts`;
  },
} as const;
