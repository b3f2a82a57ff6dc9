import { QUEUES } from "../../../core/verdicts";
import { check, type Facts } from "./check";
import { bad, ok, type Finding } from "./finding";

/** What the connector queues when it is saved with is_old_data_migrated = 0, and what that queues in turn. */
export const MIGRATION = /migrate_from_old_connector|_migrate_items_to_ecommerce_item/;

export function judgeWorkers({ workers }: Pick<Facts, "workers">): Finding {
  const unserved = QUEUES.filter((queue) => !workers.some(({ queues }) => queues.includes(queue)));
  if (unserved.length === 0) return ok(`${workers.length} workers serve ${QUEUES.join(", ")}`);
  return bad(
    workers.length === 0 ? "no worker lives" : `no worker serves ${unserved.join(", ")}`,
    "look at docker compose logs queue-short queue-long on the server; the server's check starts them again",
  );
}

export function judgeMigrationLoop({ jobs, customer }: Pick<Facts, "jobs" | "customer">): Finding {
  const looping = jobs.filter(({ name }) => MIGRATION.test(name));
  if (looping.length === 0) return ok(`none among ${jobs.length} jobs that wait or run`);
  const states = looping.map(({ status }) => status).join(", ");
  return bad(
    `${looping.length} of them: ${states}`,
    `run "./stack doctor ${customer.slug} --fix", which takes them away`,
  );
}

export const QUEUE_CHECKS = [
  check({
    id: "workers",
    group: "ERPNext",
    title: "a worker serves every queue",
    looksAt: "RQ Worker",
    why: "Shopify is told 200 before an order is worked on: without workers orders pile up and no one notices.",
    from: ["workers"],
    judge: judgeWorkers,
  }),
  check({
    id: "migration-loop",
    group: "ERPNext",
    title: "no migration job jams the queue",
    looksAt: "RQ Job, waiting and running",
    why: "A migrate_from_old_connector job comes back to the front of its queue forever, and nothing else gets a turn.",
    from: ["jobs", "customer"],
    judge: judgeMigrationLoop,
  }),
];
