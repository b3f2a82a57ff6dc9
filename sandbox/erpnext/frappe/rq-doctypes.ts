import type { Doc, Fields } from "./document";
import { builtin, doesNotExist } from "./exceptions";
import { list, parseListQuery } from "./list-query";
import type { Job, Queue, WorkerRecord } from "./queue";

/** The two doctypes that Frappe reads from redis instead of the database. */
export function isRqDoctype(doctype: string): boolean {
  return doctype === "RQ Worker" || doctype === "RQ Job";
}

/** RQ Job cannot be listed without an order: its code searches the missing text, which is a 500. */
export function listRq(queue: Queue, doctype: string, params: Fields): Fields[] {
  if (doctype === "RQ Job" && params["order_by"] === undefined) {
    throw builtin("TypeError", "argument of type 'NoneType' is not iterable");
  }
  const docs = docsOf(queue, doctype);
  const columns = new Set(Object.keys(doctype === "RQ Job" ? JOB_COLUMNS : WORKER_COLUMNS));
  const query = parseListQuery(params);
  // These two ignore what fields are asked for, and give all.
  return list(docs, { ...query, fields: ["*"] }, columns);
}

export function getRq(queue: Queue, doctype: string, name: string): Doc {
  const doc = docsOf(queue, doctype).find((candidate) => candidate.name === name);
  if (doc === undefined) throw doesNotExist(doctype, name);
  return doc;
}

function docsOf(queue: Queue, doctype: string): Doc[] {
  return doctype === "RQ Job" ? queue.jobs().map(jobDoc) : queue.workers().map(workerDoc);
}

const JOB_COLUMNS = {
  name: true,
  job_id: true,
  queue: true,
  status: true,
  job_name: true,
  timeout: true,
  arguments: true,
  creation: true,
  modified: true,
  started_at: true,
  ended_at: true,
  exc_info: true,
};

function jobDoc(job: Job): Doc {
  return {
    doctype: "RQ Job",
    name: job.id,
    job_id: job.id,
    queue: job.queue,
    status: job.status,
    job_name: job.jobName,
    timeout: String(job.timeoutMs / 1000),
    arguments: JSON.stringify({ method: job.method, ...job.kwargs }),
    creation: frappeTime(job.enqueuedAt),
    modified: frappeTime(job.endedAt ?? job.startedAt ?? job.enqueuedAt),
    started_at: job.startedAt === undefined ? null : frappeTime(job.startedAt),
    ended_at: job.endedAt === undefined ? null : frappeTime(job.endedAt),
    exc_info: job.excInfo ?? null,
  };
}

const WORKER_COLUMNS = {
  name: true,
  worker_name: true,
  queue: true,
  queue_type: true,
  status: true,
  current_job_id: true,
  current_job: true,
  last_heartbeat: true,
  birth_date: true,
  successful_job_count: true,
  failed_job_count: true,
  modified: true,
};

function workerDoc(worker: WorkerRecord): Doc {
  return {
    doctype: "RQ Worker",
    name: worker.name,
    worker_name: worker.name,
    queue: worker.queues.join(","),
    queue_type: worker.queues.join(","),
    status: worker.status,
    current_job_id: worker.currentJob?.id ?? null,
    current_job: worker.currentJob?.jobName ?? null,
    last_heartbeat: frappeTime(worker.lastHeartbeat),
    birth_date: frappeTime(worker.birthDate),
    successful_job_count: worker.successful,
    failed_job_count: worker.failed,
    modified: frappeTime(worker.lastHeartbeat),
  };
}

function frappeTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}000`;
}
