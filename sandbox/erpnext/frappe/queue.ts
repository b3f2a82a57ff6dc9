import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock";
import type { Fields, Value } from "./document";
import { asException, PythonException } from "./exceptions";
import type { QueueName } from "../options";

/** One job of RQ. Times are ISO 8601; `timeoutMs` is in milliseconds of the stand-in's clock. */
export interface Job {
  readonly id: string;
  /** The Python path of the function, e.g. "ecommerce_integrations.shopify.order.sync_sales_order". */
  readonly method: string;
  /** What RQ Job shows; the method unless the caller gave the job a name. */
  readonly jobName: string;
  readonly kwargs: Fields;
  readonly queue: QueueName;
  readonly timeoutMs: number;
  readonly enqueuedAt: string;
  readonly status: "queued" | "started" | "finished" | "failed";
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** The traceback of a failed job. */
  readonly excInfo?: string;
  /** When its worker was killed. */
  readonly abandonedAt?: string;
}

export interface JobRequest {
  readonly method: string;
  readonly queue: QueueName;
  readonly kwargs?: Fields;
  readonly jobName?: string;
  readonly timeoutMs?: number;
}

/** What a job ends in; "again" puts it back to the front of its queue for as long as redis still knows it. */
export type Ending = "done" | "again";

/** What RQ Worker shows of one worker process. */
export interface WorkerRecord {
  readonly name: string;
  readonly queues: readonly QueueName[];
  readonly status: "idle" | "busy";
  readonly currentJob?: Job;
  /** ISO 8601; stands still while the worker is stalled. */
  readonly lastHeartbeat: string;
  readonly birthDate: string;
  readonly successful: number;
  readonly failed: number;
}

interface Worker {
  /** Its place in the layout. */
  readonly index: number;
  readonly name: string;
  readonly queues: readonly QueueName[];
  readonly birthDate: string;
  stalledAt: string | undefined;
  running: { job: Job; controller: AbortController } | undefined;
  successful: number;
  failed: number;
}

/** RQ's limits as Frappe sets them: 300 s on short and default, 1500 s on long. */
const LIMIT_MS: Readonly<Record<QueueName, number>> = { short: 300_000, default: 300_000, long: 1_500_000 };

/** How many ended jobs RQ still shows. */
const ENDED_KEPT = 500;

/** How often a worker buries what killed workers left (rq 1.15.1, DEFAULT_MAINTENANCE_TASK_INTERVAL). */
const BURIAL_MS = 600_000;

export interface QueueParts {
  readonly clock: Clock;
  readonly layout: readonly (readonly QueueName[])[];
  readonly run: (job: Job, signal: AbortSignal) => Promise<Ending>;
  /** Called with the unfinished jobs after every change; keeps them when redis has an append-only file. */
  readonly keep: (jobs: readonly Job[]) => void;
}

/** Redis' queues and the workers that serve them. */
export class Queue {
  #jobs = new Map<string, Job>();
  #order: string[] = [];
  #workers: Worker[] = [];
  #waiting: (() => void)[] = [];

  constructor(private readonly parts: QueueParts) {
    this.start();
  }

  /** Takes back what redis kept; what was running when it stopped counts as abandoned. */
  restore(jobs: readonly Job[]): void {
    for (const job of jobs) {
      const status = job.status === "started" ? ("failed" as const) : job.status;
      const end = { excInfo: abandoned().traceback, abandonedAt: this.#now() };
      this.#set({ ...job, status, ...(status === "failed" ? end : {}) });
      if (status === "queued") this.#order.push(job.id);
    }
    this.#changed();
  }

  enqueue(request: JobRequest): Job {
    const job: Job = {
      id: randomUUID(),
      method: request.method,
      jobName: request.jobName ?? request.method,
      kwargs: request.kwargs ?? {},
      queue: request.queue,
      timeoutMs: request.timeoutMs ?? LIMIT_MS[request.queue],
      enqueuedAt: this.#now(),
      status: "queued",
    };
    this.#set(job);
    this.#order.push(job.id);
    this.#changed();
    return job;
  }

  jobs(): Job[] {
    return [...this.#jobs.values()];
  }

  /**
   * Whether a killed worker's job is not buried yet. RQ counts it as running for 90 seconds, and Frappe's list of what runs is
   * an exception after them; here it is one from the beginning.
   */
  hasAbandoned(): boolean {
    const since = this.parts.clock.now().getTime() - BURIAL_MS;
    return this.jobs().some(({ abandonedAt }) => abandonedAt !== undefined && Date.parse(abandonedAt) > since);
  }

  /** Takes one job out of redis; a running one is stopped. */
  remove(id: string): boolean {
    for (const worker of this.#workers) if (worker.running?.job.id === id) worker.running.controller.abort(stopped());
    this.#order = this.#order.filter((queued) => queued !== id);
    const isKnown = this.#jobs.delete(id);
    this.#changed();
    return isKnown;
  }

  /** `redis-cli FLUSHALL` on redis-queue: every job is gone; what runs at the moment ends, but cannot come back. */
  flush(): void {
    this.#jobs.clear();
    this.#order = [];
    this.#changed();
  }

  workers(): WorkerRecord[] {
    return this.#workers.map((worker) => ({
      name: worker.name,
      queues: worker.queues,
      status: worker.running === undefined ? "idle" : "busy",
      ...(worker.running === undefined ? {} : { currentJob: worker.running.job }),
      lastHeartbeat: worker.stalledAt ?? this.#now(),
      birthDate: worker.birthDate,
      successful: worker.successful,
      failed: worker.failed,
    }));
  }

  /** Workers stay registered, but take no job and give no heartbeat. */
  stall(): void {
    for (const worker of this.#workers) worker.stalledAt ??= this.#now();
  }

  resume(): void {
    for (const worker of this.#workers) worker.stalledAt = undefined;
    this.#pump();
  }

  /** Ends the worker processes; what they ran is abandoned and counts as failed. */
  kill(): void {
    this.keep([]);
  }

  /** Starts the workers of the layout, unless they are there already. */
  start(): void {
    this.keep([...this.parts.layout.keys()]);
  }

  /** Lets exactly these workers of the layout live. */
  keep(wanted: readonly number[]): void {
    for (const { index, running } of this.#workers) {
      if (!wanted.includes(index)) running?.controller.abort(abandoned());
    }
    this.#workers = this.#workers.filter(({ index }) => wanted.includes(index));
    for (const index of wanted) {
      if (!this.#workers.some((worker) => worker.index === index)) this.#workers.push(this.#worker(index));
    }
    this.#pump();
  }

  #worker(index: number): Worker {
    return {
      index,
      name: `${this.parts.clock.now().getTime().toString(16)}.worker-${index + 1}`,
      queues: this.parts.layout[index] ?? [],
      birthDate: this.#now(),
      stalledAt: undefined,
      running: undefined,
      successful: 0,
      failed: 0,
    };
  }

  /** Resolves once nothing is queued or running. With a looping job it never does. */
  async settled(): Promise<void> {
    while (this.jobs().some((job) => job.status === "queued" || job.status === "started")) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #pump(): void {
    for (const worker of this.#workers) {
      if (worker.running !== undefined || worker.stalledAt !== undefined) continue;
      const job = this.#take(worker.queues);
      if (job !== undefined) void this.#work(worker, job);
    }
  }

  #take(queues: readonly QueueName[]): Job | undefined {
    for (const queue of queues) {
      const id = this.#order.find((queued) => this.#jobs.get(queued)?.queue === queue);
      if (id === undefined) continue;
      this.#order = this.#order.filter((queued) => queued !== id);
      return this.#jobs.get(id);
    }
    return undefined;
  }

  async #work(worker: Worker, queued: Job): Promise<void> {
    const job: Job = { ...queued, status: "started", startedAt: this.#now() };
    const controller = new AbortController();
    const ended = new AbortController();
    worker.running = { job, controller };
    this.#set(job);
    this.parts.clock.sleep(job.timeoutMs, ended.signal).then(
      () => {
        controller.abort(timedOut(job));
      },
      () => undefined, // The job ended within its limit.
    );
    let ending: Ending | PythonException;
    try {
      ending = await this.parts.run(job, controller.signal);
    } catch (error) {
      ending = asException(controller.signal.aborted ? controller.signal.reason : error);
    }
    ended.abort();
    worker.running = undefined;
    this.#end(worker, job, ending);
  }

  #end(worker: Worker, job: Job, ending: Ending | PythonException): void {
    const isFailed = ending instanceof PythonException;
    if (isFailed) worker.failed += 1;
    else worker.successful += 1;
    if (this.#jobs.has(job.id)) {
      if (ending === "again") {
        this.#set({ ...job, status: "queued" });
        this.#order.unshift(job.id);
      } else {
        const endedAt = this.#now();
        const excInfo = isFailed ? { excInfo: ending.traceback } : {};
        const left = isFailed && ending.name === "AbandonedJobError" ? { abandonedAt: endedAt } : {};
        this.#set({ ...job, status: isFailed ? "failed" : "finished", endedAt, ...excInfo, ...left });
        this.#forgetOld();
      }
    }
    this.#changed();
  }

  #forgetOld(): void {
    const ended = this.jobs().filter((job) => job.endedAt !== undefined);
    for (const job of ended.slice(0, Math.max(0, ended.length - ENDED_KEPT))) this.#jobs.delete(job.id);
  }

  #set(job: Job): void {
    this.#jobs.set(job.id, job);
  }

  #changed(): void {
    this.parts.keep(this.jobs().filter((job) => job.status === "queued" || job.status === "started"));
    this.#pump();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #now(): string {
    return this.parts.clock.now().toISOString();
  }
}

/** Unfinished jobs as they were kept on the disk. */
export function keptJobs(kept: Value): Job[] {
  return Array.isArray(kept) ? (kept as Job[]) : [];
}

function timedOut(job: Job): PythonException {
  const message = `Task exceeded maximum timeout value (${job.timeoutMs / 1000} seconds)`;
  return new PythonException(message, { type: "JobTimeoutException", module: "rq.timeouts.", status: 500 });
}

function abandoned(): PythonException {
  const message = "Moved to FailedJobRegistry, due to AbandonedJobError";
  return new PythonException(message, { type: "AbandonedJobError", module: "rq.exceptions.", status: 500 });
}

function stopped(): PythonException {
  return new PythonException("Job stopped by user", { type: "StopRequested", module: "rq.worker.", status: 500 });
}
