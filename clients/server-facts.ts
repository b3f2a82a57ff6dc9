// Not `{ z }`: that would bring every language of its messages, 260 kB, into the Worker.
import * as z from "zod";

const queues = z.object({
  /** Live workers that serve the queue. */
  workers: z.object({ short: z.number(), default: z.number(), long: z.number() }),
  queued: z.object({ short: z.number(), default: z.number(), long: z.number() }),
  /** How long the oldest job of all queues has waited; null when none waits. */
  oldestQueuedSeconds: z.number().nullable(),
  failedJobs: z.number(),
  /** Jobs of the connector's own migration that were found this time. */
  oldMigrationJobs: z.number(),
  /** How many of them were taken away since the status began. */
  oldMigrationsCured: z.number(),
});

/**
 * What the server has found out about itself (host/facts.sh): no secret is among it. Times are RFC 3339, by the server's
 * clock. Whatever it could not find out is missing, so every part is optional.
 */
export const serverFactsSchema = z.object({
  /** When image, queues, disk and connector were last looked at; every minute while nothing else goes on. */
  checkedAt: z.string().optional(),
  /** The image that the site's database belongs to. */
  image: z.object({ ref: z.string(), tag: z.string() }).optional(),
  /** States are those of image/patch_connector.py: already-applied, upstream, missing, failed. */
  patches: z.array(z.object({ id: z.string(), state: z.string() })).optional(),
  queues: queues.optional(),
  /** The data disk. */
  disk: z.object({ totalBytes: z.number(), freeBytes: z.number() }).optional(),
  /** The connector's 24-hour token, only with `app: dev-dashboard`. */
  token: z.object({ refreshedAt: z.string() }).optional(),
  /** The newest row of Ecommerce Integration Log; null when there is none. */
  connector: z.object({ lastDeliveryAt: z.string().nullable() }).optional(),
  /** The last time that a backup was restored to see whether it can be. */
  restoreProof: z
    .object({ set: z.string().nullable(), at: z.string(), ok: z.boolean(), detail: z.string() })
    .optional(),
});

export type ServerFacts = z.infer<typeof serverFactsSchema>;
