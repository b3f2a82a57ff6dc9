import type { TokenMemory } from "../../clients/shopify-api";
import type { D1Database } from "@cloudflare/workers-types";
import { log } from "../log";
import type { Settings } from "../settings";
import { Budget, type Limits } from "../sides/budget";
import { reach } from "../sides/sides";
import { giveBack, takeLease } from "../store/lease";
import { countBoth } from "./counts";
import { refreshFeed } from "./feed";
import { examineHealth } from "./health";
import type { Work } from "./job";
import { scanOrders, sweepOld } from "./orders";
import { recheckGaps } from "./recheck";
import { forLog } from "./why";

/** What a run needs to know of its Worker. */
export interface Means {
  readonly settings: Settings;
  readonly database: D1Database;
  readonly limits: Limits;
  readonly tokenMemory: TokenMemory;
}

/** Longer than an invocation may ask the sides, so that a lease ends only after its holder was killed (milliseconds). */
const LEASE_MARGIN_MS = 30_000;

/** In the sequence of what is missed most when an invocation's budget is spent; the scan takes all that is left. */
const JOBS: Readonly<Record<string, (work: Work) => Promise<void>>> = {
  health: examineHealth,
  counts: countBoth,
  recheck: recheckGaps,
  orders: scanOrders,
  sweep: sweepOld,
};

/** One minute's work. Two invocations never do it at the same time. */
export async function tick(means: Means): Promise<void> {
  await refreshFeedOnce(means);
  await alone(means, { name: "scan", restMs: 0 }, async (work) => {
    for (const [name, job] of Object.entries(JOBS)) await attempt(name, job, work);
    log("info", "tick", { customer: work.settings.customer, requests: work.budget.requests });
  });
}

/** Looks for what is new, unless someone did so just now. */
export async function refreshFeedOnce(means: Means): Promise<void> {
  await alone(means, { name: "feed", restMs: means.limits.feedRestMs }, (work) => attempt("feed", refreshFeed, work));
}

async function alone(
  { settings, database, limits, tokenMemory }: Means,
  { name, restMs }: { readonly name: string; readonly restMs: number },
  task: (work: Work) => Promise<void>,
): Promise<void> {
  const lease = await takeLease(database, name, limits.endMs + LEASE_MARGIN_MS);
  if (lease === undefined) return;
  const budget = new Budget(limits);
  try {
    await task({ settings, database, lease, budget, sides: reach(settings, budget, tokenMemory) });
  } finally {
    await giveBack(database, lease, restMs);
  }
}

/** A job that fails keeps none of the others from its turn. */
async function attempt(name: string, job: (work: Work) => Promise<void>, work: Work): Promise<void> {
  try {
    await job(work);
  } catch (error) {
    log("warn", "job-failed", { job: name, why: forLog(error) });
  }
}
