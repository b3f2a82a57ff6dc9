// The small edition, and not `{ z }`: the Sync Console's Worker holds what is imported here. Zod itself takes 70 kB more,
// its messages in every language 260 kB.
import * as z from "zod/mini";

const queues = z.object({
  /** Live workers that serve the queue. */
  workers: z.object({ short: z.number(), default: z.number(), long: z.number() }),
  queued: z.object({ short: z.number(), default: z.number(), long: z.number() }),
  /** How long the oldest job of all queues has waited; null when none waits. */
  oldestQueuedSeconds: z.nullable(z.number()),
  /** How long the oldest job of each queue has waited since a worker lives for it; null when none waits. */
  waits: z.optional(
    z.object({ short: z.nullable(z.number()), default: z.nullable(z.number()), long: z.nullable(z.number()) }),
  ),
  failedJobs: z.number(),
  /** Jobs of the connector's own migration that were found this time. */
  oldMigrationJobs: z.number(),
  /** How many of them were taken away since the status began. */
  oldMigrationsCured: z.number(),
});

/** A disk of the server's (bytes). */
const disk = z.object({ totalBytes: z.number(), freeBytes: z.number() });

/** What is known of Google Cloud Pub/Sub, where Shopify delivers to it (deliveries/bus_store.py). */
const bus = z.object({
  /** When it was asked last, had something, and had nothing left; null before. */
  pulledAt: z.nullable(z.string()),
  broughtAt: z.nullable(z.string()),
  drainedAt: z.nullable(z.string()),
  /** Why nothing is pulled, in Google's words; null when it is. */
  trouble: z.nullable(z.string()),
  /** How many messages had a right signature, had none, and have a wrong one. */
  signatures: z.object({ verified: z.number(), absent: z.number(), wrong: z.number() }),
  /** How many were of another shop, and no delivery. */
  foreign: z.number(),
  unreadable: z.number(),
  /** Kept here and not acknowledged, because they have not come to their end. */
  unacknowledged: z.number(),
  /** Left with Pub/Sub for their signature, or for lack of room. */
  refused: z.number(),
});

const deliveries = z.object({
  /** Kept, and not given to ERPNext yet. */
  waiting: z.number(),
  /** How long the oldest of them has waited; null when none waits. */
  oldestWaitingSeconds: z.nullable(z.number()),
  /** Refused by ERPNext, and to be given to it again later. */
  parked: z.number(),
  /** How long ago the oldest of them came; null when there is none. Older servers do not tell it. */
  oldestParkedSeconds: z.optional(z.nullable(z.number())),
  /** Given up. */
  failed: z.number(),
  /** Of the last 24 hours: refused for their signature, and taken. */
  forgedLastDay: z.number(),
  acceptedLastDay: z.number(),
  /** Why nothing is given to ERPNext at the moment, for example "migration"; null when it is. */
  paused: z.nullable(z.string()),
  /** Only where Shopify has ever delivered to Pub/Sub. */
  bus: z.optional(bus),
});

/**
 * What the server has found out about itself (host/facts.sh): no secret is among it. Times are RFC 3339, by the server's
 * clock. Whatever it could not find out is missing, so every part is optional.
 */
export const serverFactsSchema = z.object({
  /** When image, queues, disk and connector were last looked at; every minute while nothing else goes on. */
  checkedAt: z.optional(z.string()),
  /** The image that the site's database belongs to. */
  image: z.optional(z.object({ ref: z.string(), tag: z.string() })),
  /** States are those of image/patch_connector.py: already-applied, upstream, missing, failed. */
  patches: z.optional(z.array(z.object({ id: z.string(), state: z.string() }))),
  queues: z.optional(queues),
  /** What stands between Shopify and the connector (deliveries/). */
  deliveries: z.optional(deliveries),
  /** The data disk. */
  disk: z.optional(disk),
  /** With none left of it, the server cannot write down how it is. */
  bootDisk: z.optional(disk),
  /** The connector's 24-hour token, only with `app: dev-dashboard`. */
  token: z.optional(z.object({ refreshedAt: z.string() })),
  /** The newest row of Ecommerce Integration Log; null when there is none. */
  connector: z.optional(z.object({ lastDeliveryAt: z.nullable(z.string()) })),
  /** The last time that a backup was restored to see whether it can be. */
  restoreProof: z.optional(
    z.object({ set: z.nullable(z.string()), at: z.string(), ok: z.boolean(), detail: z.string() }),
  ),
});

export type ServerFacts = z.infer<typeof serverFactsSchema>;
