import { isSet, text } from "./document";
import { load } from "./documents";
import type { QueueName } from "../options";
import type { Site } from "../site";
import { HISTORY_EVENT } from "../fixtures";
import type { Transaction } from "./transaction";

const HOUR_MS = 3_600_000;

/** Queues a scheduled event, unless a copy of it is queued or running already. Says whether it did. */
export function enqueueEvent(site: Site, tx: Transaction, name: string): boolean {
  const event = load(tx, "Scheduled Job Type", name);
  const method = text(event["method"]);
  const isThere = site.queue
    .jobs()
    .some((job) => job.kwargs["scheduled"] === name && (job.status === "queued" || job.status === "started"));
  if (isThere) return false;
  const queue: QueueName = text(event["frequency"]).includes("Long") ? "long" : "default";
  site.queue.enqueue({ method, queue, kwargs: { scheduled: name } });
  return true;
}

/** The scheduler: every hour of the clock it queues the history event, unless that one is stopped. */
export async function runScheduler(site: Site): Promise<void> {
  for (;;) {
    try {
      await site.options.clock.sleep(HOUR_MS, site.stopping);
    } catch {
      return; // The containers stopped.
    }
    if (site.options.isScheduling?.() === false) continue;
    const tx = site.store.begin();
    const event = tx.get("Scheduled Job Type", HISTORY_EVENT.name);
    if (event !== undefined && !isSet(event["stopped"])) enqueueEvent(site, tx, HISTORY_EVENT.name);
    tx.rollback();
  }
}
