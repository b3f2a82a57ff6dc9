import { UserError } from "./user-error";

/** How long the clouds let a name be (characters). Sources: the naming rules in each service's documentation. */
export const NAME_LIMITS = {
  /** IAM service account id: 6 to 30. */
  serviceAccountId: 30,
  /** Compute Engine (RFC 1035): networks, subnetworks, firewalls, addresses, disks, policies, instances, network tags. */
  computeEngine: 63,
  /** Artifact Registry repository id. */
  repositoryId: 63,
  /** Cloud Storage bucket without dots. */
  bucket: 63,
  /** Pub/Sub topic and subscription: 3 to 255. */
  deliveryQueue: 255,
  /** Secret Manager secret id. */
  secretId: 255,
  /** Cloudflare Worker and D1 database; a Worker's name is a DNS label. */
  worker: 63,
  /** What a console shows: the tightest of them, IAM's, takes 100. */
  displayName: 100,
} as const;

/** What stands on the server besides the server itself. */
export type ServerPart = "web" | "iap-ssh" | "data" | "daily";

/** The service account that the server runs as. */
export function serviceAccountId(slug: string): string {
  return fitting(slug, { name: `${slug}-erpnext`, what: "service account id", limit: NAME_LIMITS.serviceAccountId });
}

/** The server, its network, subnetwork, address and network tag; with a part, what belongs to them. */
export function serverName(slug: string, part?: ServerPart): string {
  const name = part === undefined ? `${slug}-erpnext` : `${slug}-erpnext-${part}`;
  return fitting(slug, { name, what: "Compute Engine name", limit: NAME_LIMITS.computeEngine });
}

/** The repository that holds the customer's images. */
export function repositoryId(slug: string): string {
  return fitting(slug, {
    name: `${slug}-erpnext`,
    what: "Artifact Registry repository",
    limit: NAME_LIMITS.repositoryId,
  });
}

/** The bucket of backups. Bucket names are unique in the whole world, hence the project in it. */
export function backupBucketName(slug: string, project: string): string {
  return fitting(slug, { name: `${project}-${slug}-backups`, what: "Cloud Storage bucket", limit: NAME_LIMITS.bucket });
}

/** The topic that Shopify delivers to, and the server's subscription; with a part, the other subscription. */
export function deliveryQueueName(slug: string, part?: "evidence"): string {
  const name = part === undefined ? `${slug}-deliveries` : `${slug}-deliveries-${part}`;
  return fitting(slug, { name, what: "Pub/Sub topic", limit: NAME_LIMITS.deliveryQueue });
}

/** What the ids of all the customer's secrets begin with. */
export function secretPrefix(slug: string): string {
  return `${slug}-`;
}

/** One secret, by the key that the server asks for. */
export function secretId(slug: string, key: string): string {
  return fitting(slug, {
    name: `${secretPrefix(slug)}${key}`,
    what: "Secret Manager secret id",
    limit: NAME_LIMITS.secretId,
  });
}

/** The Sync Console's Worker and its database. */
export function consoleName(slug: string): string {
  const name = `${slug}-erpnext-sync-console`;
  return fitting(slug, { name, what: "Worker name", limit: NAME_LIMITS.worker, cloud: "Cloudflare" });
}

/** What a console shows, the customer first so that a list of fifty sorts by customer. */
export function displayName(slug: string, subject: string): string {
  return fitting(slug, { name: `${slug}: ${subject}`, what: "display name", limit: NAME_LIMITS.displayName });
}

/** The name, or a {@link UserError} that names the limit. Shortened names would collide between customers. */
function fitting(slug: string, wanted: { name: string; what: string; limit: number; cloud?: string }): string {
  const { name, what, limit, cloud = "Google Cloud" } = wanted;
  if (name.length <= limit) return name;
  throw new UserError({
    what: `${what} "${name}" has ${name.length} characters where ${cloud} takes ${limit}`,
    customer: slug,
    next: `shorten "slug" by ${name.length - limit}`,
  });
}
