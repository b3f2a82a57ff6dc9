import type { ResourceChange } from "./resource-change";

/** How much a change may hurt, from worst to least. */
export const DANGERS = ["loses", "interrupts", "replaces", "changes", "adds"] as const;

/**
 * loses: data, an address or a name that cannot be restored. interrupts: a door or the server is away for a while. replaces:
 * something that can be made again at once. changes and adds: what the words say.
 */
export type Danger = (typeof DANGERS)[number];

/** What cannot be had back once it is deleted, with what goes with it. */
const IRREPLACEABLE: Readonly<Record<string, string>> = {
  "gcp:compute/disk:Disk": "all data of the server",
  "gcp:compute/address:Address": "the address that the hook host points at",
  "gcp:artifactregistry/repository:Repository": "every image, also those to go back to",
  "gcp:storage/bucket:Bucket": "all backups",
  "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared":
    "the tunnel that the server is connected to",
  "cloudflare:index/d1Database:D1Database": "the Sync Console's database",
  "pulumi-nodejs:dynamic/shopify:WebhookSubscription": "deliveries of this topic until it is made again",
};

/** What the server or its doors cannot be without while it is made again. */
const NEEDED: readonly RegExp[] = [
  /^gcp:compute\/(instance|network|subnetwork|firewall):/,
  /^gcp:secretmanager\//,
  /^gcp:serviceaccount\//,
  /^cloudflare:index\/(dnsRecord|zeroTrust)/,
  /^pulumi-nodejs:dynamic\/frappe:/,
];

export function dangerOf({ operation, type }: ResourceChange): Danger {
  if (operation === "create" || operation === "import") return "adds";
  if (operation === "update") return "changes";
  if (type in IRREPLACEABLE) return "loses";
  return NEEDED.some((shape) => shape.test(type)) ? "interrupts" : "replaces";
}

/** What is lost with a resource that is deleted or replaced; undefined where nothing is. */
export function lossOf(change: ResourceChange): string | undefined {
  return dangerOf(change) === "loses" ? IRREPLACEABLE[change.type] : undefined;
}

/** The worst of them; undefined of none. */
export function worstOf(changes: readonly ResourceChange[]): Danger | undefined {
  const dangers = new Set(changes.map(dangerOf));
  return DANGERS.find((danger) => dangers.has(danger));
}

/** Orders changes so that the dangerous ones are read first, then by name. */
export function byDanger(one: ResourceChange, other: ResourceChange): number {
  const rank = DANGERS.indexOf(dangerOf(one)) - DANGERS.indexOf(dangerOf(other));
  return rank === 0 ? (one.name < other.name ? -1 : 1) : rank;
}
