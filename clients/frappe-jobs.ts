import type { FrappeApi } from "./frappe-api";

/** The queues of a Frappe bench. */
export const QUEUES = ["short", "default", "long"] as const;

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
 * each. Frappe reads RQ Job from redis with code of its own: filters have to name the doctype, and an order has to be given.
 * The length counts ended jobs too, so each queue and state is asked by itself. While its worker gets ready, a job is for a
 * moment in neither state: that one is not there says only a second look. @throws FrappeError
 */
export async function jobsUnderWay(
  site: Pick<FrappeApi, "view">,
  queue: (typeof QUEUES)[number],
): Promise<readonly SiteJob[]> {
  const jobs = new Map<string, SiteJob>();
  // In this sequence, or one that is taken between the two questions would be in neither answer.
  for (const status of ["queued", "started"] as const) {
    const rows = await site.view("RQ Job", {
      filters: [
        ["RQ Job", "queue", "=", queue],
        ["RQ Job", "status", "=", status],
      ],
      orderBy: "creation asc",
      length: LONGEST_LOOK,
    });
    for (const row of rows) jobs.set(String(row["name"]), { ...described(row), status });
  }
  return [...jobs.values()].sort((left, right) => right.status.localeCompare(left.status));
}

function described(row: Readonly<Record<string, unknown>>): Omit<SiteJob, "status"> {
  const { name, job_name: title, arguments: given } = row;
  return { id: String(name), name: String(title), arguments: typeof given === "string" ? given : "" };
}
