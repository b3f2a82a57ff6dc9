import type { ErpnextStandIn, Patches, QueueName } from "../erpnext";

const QUEUES = ["short", "default", "long"] as const;

/** What host/facts.sh would find on this server. */
export function siteFacts(seen: { erpnext: ErpnextStandIn; patches: Patches; now: Date }): object {
  const { erpnext, patches, now } = seen;
  const patch = (id: string, applied: boolean): object => ({ id, state: applied ? "already-applied" : "missing" });
  return {
    checkedAt: now.toISOString(),
    patches: [
      patch("fetch-all-orders", patches.statusAny),
      patch("line-item-name", patches.truncate),
      patch("order-fault-tolerance", patches.perOrderTry),
      patch("product-item-name", patches.truncate),
    ],
    disk: { totalBytes: 50 * 1024 ** 3, freeBytes: 41 * 1024 ** 3 },
    ...queueFacts(erpnext, now),
  };
}

function queueFacts(erpnext: ErpnextStandIn, now: Date): object {
  const workers = erpnext.workers.list();
  const waiting = erpnext.jobs().filter(({ status }) => status === "queued");
  const ages = waiting.map(({ enqueuedAt }) => (now.getTime() - Date.parse(enqueuedAt)) / 1000);
  const perQueue = (count: (queue: QueueName) => number): object =>
    Object.fromEntries(QUEUES.map((queue) => [queue, count(queue)]));
  const newest = erpnext.logs().at(-1)?.["creation"];
  return {
    queues: {
      workers: perQueue((queue) => workers.filter(({ queues }) => queues.includes(queue)).length),
      queued: perQueue((queue) => waiting.filter((job) => job.queue === queue).length),
      oldestQueuedSeconds: ages.length === 0 ? null : Math.round(Math.max(...ages)),
      failedJobs: erpnext.jobs().filter(({ status }) => status === "failed").length,
      oldMigrationJobs: erpnext.jobs().filter(({ method }) => method.includes("migrate_from_old_connector")).length,
      oldMigrationsCured: 0,
    },
    connector: { lastDeliveryAt: typeof newest === "string" ? `${newest.slice(0, 19).replace(" ", "T")}Z` : null },
  };
}
