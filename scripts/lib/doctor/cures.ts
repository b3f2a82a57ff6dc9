import type { FrappeClient } from "../../../clients/frappe";
import { jobsUnderWay } from "../../../clients/frappe-jobs";
import { historyEvent, SCHEDULED } from "../../../clients/frappe-schedule";
import { QUEUES } from "../../../core/verdicts";
import { reasonOf, type Ask } from "./fact-cache";
import { jobsOf, SETTING, siteOf } from "./gather-erpnext";
import { buryStuck } from "./log-counts";
import { MIGRATION } from "./queue-checks";

/** Cures one illness and says in a few words what was done. */
type CureOf = (ask: Ask) => Promise<string>;

const STOP_JOB = "frappe.core.doctype.rq_job.rq_job.stop_job";

/** What can be cured without a choice and without losing anything; all of it is idempotent. By the id of the check. */
export const CURES: Readonly<Record<string, CureOf>> = {
  unfinished: async (ask) => {
    try {
      return await (await ask("adoption")).adopt();
    } catch (error) {
      return `nothing was done: ${reasonOf(error)}`;
    }
  },
  "old-data-migrated": saying(async (site) => {
    await markMigrated(site);
    return "set is_old_data_migrated to 1";
  }),
  "migration-loop": saying(async (site) => {
    // Without the flag, the next save would queue another one.
    await markMigrated(site);
    const taken = new Set<string>();
    for (;;) {
      // Frappe never tells all of them at once.
      const looping = (await jobsOf(site)).filter(({ id, name }) => MIGRATION.test(name) && !taken.has(id));
      if (looping.length === 0) return `set is_old_data_migrated to 1 and took away ${taken.size} migration jobs`;
      for (const { id, status } of looping) {
        await takeAway(site, { id, isRunning: status === "started" });
        taken.add(id);
      }
    }
  }),
  "stuck-orders": saying(async (site, ask) => {
    // Before the rows: a job that ends in between has left its row.
    const jobs = (await Promise.all(QUEUES.map((queue) => jobsUnderWay(site, queue)))).flat();
    const [now, { company, slug }] = [await ask("now"), await ask("customer")];
    const lost = await buryStuck(site, { now, timeZone: company.timeZone }, jobs);
    return `marked ${lost} rows whose job was lost; "./stack heal ${slug}" makes what is missing of their orders`;
  }),
  "hourly-history": saying(async (site) => {
    const event = await historyEvent(site);
    if (event === undefined) throw new Error("the site has no such event");
    await site.update(SCHEDULED, event.name, { stopped: 0 });
    return "let the hourly event go on";
  }),
};

/** A cure that fails must not hide what was found: it says why, and the second look shows that it did not help. */
function saying(work: (site: FrappeClient, ask: Ask) => Promise<string>): CureOf {
  return async (ask) => {
    try {
      return await work(await siteOf(ask), ask);
    } catch (error) {
      return `nothing was done: ${reasonOf(error)}`;
    }
  };
}

/**
 * The setting is saved enabled and with its webhook rows, so that the connector asks Shopify nothing (connector.md). A
 * disabled one is left alone: saving it would delete the subscriptions.
 */
async function markMigrated(site: FrappeClient): Promise<void> {
  const setting = await site.get(SETTING, SETTING);
  if (setting?.["is_old_data_migrated"] === 1) return;
  const webhooks = setting?.["webhooks"];
  if (setting?.["enable_shopify"] !== 1 || !Array.isArray(webhooks) || webhooks.length === 0) {
    throw new Error('the connector is disabled or has no webhook rows, so saving it is left to "pulumi up"');
  }
  await site.update(SETTING, SETTING, { is_old_data_migrated: 1 });
}

/** One that runs is stopped first, or its worker would put it back. */
async function takeAway(site: FrappeClient, { id, isRunning }: { id: string; isRunning: boolean }): Promise<void> {
  if (isRunning) await site.call(STOP_JOB, { job_id: id });
  await site.delete("RQ Job", id);
}
