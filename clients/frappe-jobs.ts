import type { Queue } from "../core/verdicts";
import type { FrappeApi, FrappeDocumentFields } from "./frappe-api";

/** How many jobs of one queue and state are known at most. Each brings what it was called with, so a whole order. */
const LONGEST_LOOK = 500;

/** A job that waits or runs. */
export interface SiteJob {
  readonly id: string;
  /** The name that its caller gave it, or its function. */
  readonly name: string;
  /** What it was called with, as JSON; Frappe's own words. */
  readonly arguments: string;
  readonly status: "queued" | "started";
}

/**
 * The site's jobs of one queue that run, and those that wait there, the next to run first; the first {@link LONGEST_LOOK} of
 * each. Frappe reads both lists from redis with code of its own: filters have to name the doctype, and an order has to be given.
 * What runs is asked of the workers: Frappe's list of the running jobs is a 500 (`ValueError: signal only works in main thread
 * of the main interpreter`) while a killed worker's job is in it, up to ten minutes (rq 1.15.1, StartedJobRegistry.cleanup, seen
 * on Frappe 15.92). While its worker gets ready, a job is for a moment in neither state: that one is not there says only a
 * second look. @throws FrappeError
 */
export async function jobsUnderWay(site: Pick<FrappeApi, "view" | "get">, queue: Queue): Promise<readonly SiteJob[]> {
  // In this sequence, or one that is taken between the two questions would be in neither answer.
  const filters = [
    ["RQ Job", "queue", "=", queue],
    ["RQ Job", "status", "=", "queued"],
  ] as const;
  const waiting = await site.view("RQ Job", { filters, orderBy: "creation asc", length: LONGEST_LOOK });
  const running = await runningJobs(site);
  const started = running.filter((job) => job["queue"] === queue).map((job) => described(job, "started"));
  const taken = new Set(started.map(({ id }) => id));
  return [...started, ...waiting.map((job) => described(job, "queued")).filter(({ id }) => !taken.has(id))];
}

/** Of a worker that was killed too, for as long as RQ lists it: 90 seconds. */
async function runningJobs(site: Pick<FrappeApi, "view" | "get">): Promise<readonly FrappeDocumentFields[]> {
  const workers = await site.view("RQ Worker", { filters: [], orderBy: "creation asc", length: LONGEST_LOOK });
  const ids = workers.flatMap(({ current_job_id: id }) => (typeof id === "string" && id !== "" ? [id] : []));
  // One that has ended in between may be gone.
  const jobs = await Promise.all(ids.map((id) => site.get("RQ Job", id)));
  return jobs.filter((job) => job !== undefined);
}

function described(row: Readonly<Record<string, unknown>>, status: SiteJob["status"]): SiteJob {
  const { name, job_name: title, arguments: given } = row;
  return { id: String(name), name: String(title), arguments: typeof given === "string" ? given : "", status };
}
