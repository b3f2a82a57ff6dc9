import { siteTimeOf } from "../../../clients/site-time";
import { type Doc, type Fields, text } from "./document";
import { builtin, doesNotExist } from "./exceptions";
import { filtered, parseFilters } from "./list-query";
import type { Job, Queue, WorkerRecord } from "./queue";

/** The two doctypes that Frappe reads from redis instead of the database. */
export function isRqDoctype(doctype: string): boolean {
  return doctype === "RQ Worker" || doctype === "RQ Job";
}

/** What the two are read from. Times of redis are UTC; Frappe tells them in the site's zone. */
interface RqSite {
  readonly queue: Queue;
  readonly store: { siteTimeZone(): string };
}

/** How many are told where no length is handed on. */
const TOLD = 20;

/** Which of them: the view of Frappe's own pages can say so. */
interface Slice {
  readonly start: number;
  readonly length: number;
}

/**
 * As REST lists them. Both ignore what fields are asked for, and give all; workers ignore filters too. A length sent with it
 * does nothing in version 15, and fails in version 16, which adds its digits to a number.
 */
export function listRq(site: RqSite, doctype: string, params: Fields): Fields[] {
  if (params["limit_page_length"] !== undefined || params["limit"] !== undefined) {
    throw builtin("TypeError", "unsupported operand type(s) for +: 'int' and 'str'");
  }
  return told(site, doctype, { params, slice: { start: 0, length: TOLD } });
}

/** As the list view of Frappe's pages asks for them (frappe.desk.reportview.get_list). */
export function viewRq(site: RqSite, doctype: string, params: Fields): Fields[] {
  const length = Number(params["page_length"] ?? 0) || TOLD;
  return told(site, doctype, { params, slice: { start: Number(params["start"] ?? 0), length } });
}

function told(site: RqSite, doctype: string, { params, slice }: { params: Fields; slice: Slice }): Fields[] {
  if (doctype === "RQ Job") return listJobs(site, params, slice);
  return docsOf(site, doctype).slice(slice.start, slice.start + slice.length);
}

/**
 * The first jobs, by queue and by state, sorted only then. Without an order its code searches the missing text, which is a
 * 500; so is a filter in a list that does not name the doctype.
 */
function listJobs(site: RqSite, params: Fields, { start, length }: Slice): Fields[] {
  const order = params["order_by"];
  if (order === undefined) throw builtin("TypeError", "argument of type 'NoneType' is not iterable");
  const filters = parseFilters(params["filters"], 4);
  // It buries what killed workers left whenever it lists what runs, with a signal, which gunicorn's threads may not set.
  if (site.queue.hasAbandoned() && listsRunning(filters)) {
    throw builtin("ValueError", "signal only works in main thread of the main interpreter");
  }
  const jobs = site.queue.jobs().sort((left, right) => place(left) - place(right));
  const zone = site.store.siteTimeZone();
  const docs = jobs.map((job) => jobDoc(job, zone));
  const page = filtered(docs, filters, JOB_COLUMNS).slice(start, start + length);
  const sign = text(order).includes("desc") ? -1 : 1;
  return page.sort((left, right) => sign * text(left["modified"]).localeCompare(text(right["modified"])));
}

function listsRunning(filters: ReturnType<typeof parseFilters>): boolean {
  return filters.every(({ field, operator, value }) => field !== "status" || operator !== "=" || value === "started");
}

/** Where Frappe comes to a job: its queues one after the other, and in each the states. */
function place({ queue, status }: Job): number {
  const states = ["queued", "started", "failed", "finished"];
  return ["short", "default", "long"].indexOf(queue) * states.length + states.indexOf(status);
}

export function getRq(site: RqSite, doctype: string, name: string): Doc {
  const doc = docsOf(site, doctype).find((candidate) => candidate.name === name);
  if (doc === undefined) throw doesNotExist(doctype, name);
  return doc;
}

function docsOf({ queue, store }: RqSite, doctype: string): Doc[] {
  const zone = store.siteTimeZone();
  if (doctype === "RQ Job") return queue.jobs().map((job) => jobDoc(job, zone));
  return queue.workers().map((worker) => workerDoc(worker, zone));
}

const JOB_COLUMNS = new Set(["queue", "status"]);

function jobDoc(job: Job, zone: string): Doc {
  return {
    doctype: "RQ Job",
    name: job.id,
    job_id: job.id,
    queue: job.queue,
    status: job.status,
    job_name: job.jobName,
    timeout: String(job.timeoutMs / 1000),
    arguments: JSON.stringify({ method: job.method, ...job.kwargs }),
    creation: frappeTime(job.enqueuedAt, zone),
    modified: frappeTime(job.endedAt ?? job.startedAt ?? job.enqueuedAt, zone),
    started_at: job.startedAt === undefined ? null : frappeTime(job.startedAt, zone),
    ended_at: job.endedAt === undefined ? null : frappeTime(job.endedAt, zone),
    exc_info: job.excInfo ?? null,
  };
}

function workerDoc(worker: WorkerRecord, zone: string): Doc {
  return {
    doctype: "RQ Worker",
    name: worker.name,
    worker_name: worker.name,
    queue: worker.queues.join(","),
    queue_type: worker.queues.join(","),
    status: worker.status,
    current_job_id: worker.currentJob?.id ?? null,
    current_job: worker.currentJob?.jobName ?? null,
    last_heartbeat: frappeTime(worker.lastHeartbeat, zone),
    birth_date: frappeTime(worker.birthDate, zone),
    successful_job_count: worker.successful,
    failed_job_count: worker.failed,
    modified: frappeTime(worker.lastHeartbeat, zone),
  };
}

function frappeTime(iso: string, zone: string): string {
  return `${siteTimeOf(Date.parse(iso), zone)}${iso.slice(19, 23)}000`;
}
