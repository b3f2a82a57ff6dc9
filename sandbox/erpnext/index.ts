import { Gate } from "./web/auth";
import { frappeApplication } from "./web/application";
import { type Doc, type Fields, isFields, type Value } from "./frappe/document";
import { type Fault, Faults } from "./web/faults";
import { setUpSite } from "./fixtures";
import { runFunction, runJob } from "./connector/jobs";
import type { ErpnextOptions, QueueName } from "./options";
import { type Job, keptJobs, Queue, type WorkerRecord } from "./frappe/queue";
import { runScheduler } from "./frappe/scheduler";
import { listen, type WebServer } from "./web/server";
import type { ServerScript } from "./frappe/server-scripts";
import type { Site } from "./site";
import { Store } from "./frappe/store";
import type { Transaction } from "./frappe/transaction";

export { benchInstallApp, benchInstallFrappe } from "./bench";
export { completeSetup, isSetupComplete, setUpCompany } from "./fixtures";
export type { Doc, Fields, Value } from "./frappe/document";
export type { Fault } from "./web/faults";
export type { Company, ErpnextOptions, Patches, QueueName } from "./options";
export type { Job, WorkerRecord } from "./frappe/queue";
export type { ServerScript } from "./frappe/server-scripts";
export type { Transaction } from "./frappe/transaction";

/** What the worker containers can be made to do. */
export interface WorkerControl {
  /** What RQ Worker lists; empty means that no worker lives. */
  list(): WorkerRecord[];
  /** They take no further job and give no heartbeat; what runs goes on. */
  stall(): void;
  resume(): void;
  /** They are gone, and with them what they ran; start() brings new ones. */
  kill(): void;
  start(): void;
  /** Exactly these live, by their place in the layout. */
  keep(indexes: readonly number[]): void;
}

/** A running ERPNext with the connector, and the hands that reach behind its REST. */
export interface ErpnextStandIn {
  /** Where it listens, e.g. "http://127.0.0.1:8080"; requests need the site's name in `Host`. */
  readonly url: string;
  readonly port: number;
  /** False between stop() and start(). */
  readonly isUp: boolean;
  failNext(fault: Fault): void;
  /** Takes the containers down; what a worker runs is lost, and queued jobs too unless the queue is kept. */
  stop(): Promise<void>;
  /** Brings them up again on the same port with the same data disk. */
  start(): Promise<void>;
  readonly workers: WorkerControl;
  /** Restarts redis-queue alone: queued jobs are lost unless the queue is kept. */
  restartRedis(): void;
  /** FLUSHALL on redis-queue. */
  flushQueue(): void;
  /** The committed documents of a doctype whose fields equal the filter's, oldest first. */
  documents(doctype: string, filter?: Readonly<Record<string, Value>>): Doc[];
  jobs(): Job[];
  /** Takes one job out of redis, stopping it when it runs. @returns whether it was there */
  removeJob(id: string): boolean;
  /** Rows of Ecommerce Integration Log, oldest first. */
  logs(filter?: Readonly<Record<string, Value>>): Doc[];
  /** The database past REST, as bench's own commands reach it. The caller commits or rolls back. */
  begin(): Transaction;
  /** Every committed document by doctype, as a dump holds them. */
  tables(): Record<string, Doc[]>;
  /** Puts a dump in the place of all that is there. */
  replaceTables(tables: Readonly<Record<string, readonly Doc[]>>): void;
  /** From now on these are the site's Server Scripts, until the containers stop. */
  setServerScripts(scripts: readonly ServerScript[]): void;
  /** Changes what Password fields are encrypted with; what was written before cannot be read with another key. */
  setEncryptionKey(key: string): void;
  /** `bench execute <method>`: runs a function of the connector outside the queue, without a limit. Rejects as it fails. */
  benchExecute(method: string, options?: { kwargs?: Fields; signal?: AbortSignal }): Promise<void>;
  /** Resolves when nothing is queued or running any more; never while a job loops. */
  settled(): Promise<void>;
  /** Ends it for good, with the data written and no handle left open. */
  close(): Promise<void>;
}

interface Running {
  readonly site: Site;
  readonly server: WebServer;
  readonly stopping: AbortController;
  readonly scheduler: Promise<void>;
}

/** frappe_docker's two worker services. */
const WORKERS: readonly (readonly QueueName[])[] = [
  ["short", "default"],
  ["long", "default", "short"],
];

/** Starts the stand-in. On an empty directory it sets up the site as the setup wizard would. */
export async function startErpnext(options: ErpnextOptions): Promise<ErpnextStandIn> {
  const faults = new Faults();
  let running: Running | undefined = await up(options, faults, options.port ?? 0);
  const { port } = running.server;
  const site = (): Site => {
    if (running !== undefined) return running.site;
    throw new Error(`The stand-in for ERPNext of "${options.siteName}" is stopped.`);
  };
  const stop = async (): Promise<void> => {
    const ending = running;
    running = undefined;
    if (ending !== undefined) await down(ending);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get isUp() {
      return running !== undefined;
    },
    failNext: (fault) => {
      faults.add(fault);
    },
    stop,
    start: async () => {
      running ??= await up(options, faults, port);
    },
    ...controls(options, site),
    close: stop,
  };
}

type Controls = Omit<ErpnextStandIn, "url" | "port" | "isUp" | "failNext" | "stop" | "start" | "close">;

function controls(options: ErpnextOptions, site: () => Site): Controls {
  const documents = (doctype: string, filter: Readonly<Record<string, Value>> = {}): Doc[] =>
    [...site().store.table(doctype)]
      .filter((doc) => Object.entries(filter).every(([field, value]) => doc[field] === value))
      .map((doc) => structuredClone(doc));
  return {
    workers: {
      list: () => site().queue.workers(),
      stall: () => {
        site().queue.stall();
      },
      resume: () => {
        site().queue.resume();
      },
      kill: () => {
        site().queue.kill();
      },
      start: () => {
        site().queue.start();
      },
      keep: (indexes) => {
        site().queue.keep(indexes);
      },
    },
    restartRedis: () => {
      if (options.appendOnly !== true) site().queue.flush();
    },
    flushQueue: () => {
      site().queue.flush();
    },
    documents,
    jobs: () => site().queue.jobs(),
    removeJob: (id) => site().queue.remove(id),
    logs: (filter) => documents("Ecommerce Integration Log", filter),
    benchExecute: async (method, { kwargs = {}, signal } = {}) => {
      const { stopping } = site();
      const either = signal === undefined ? stopping : AbortSignal.any([stopping, signal]);
      await runFunction(site(), { method, kwargs }, either);
    },
    settled: () => site().queue.settled(),
    begin: () => site().store.begin(),
    tables: () => site().store.tables(),
    replaceTables: (tables) => {
      site().store.replaceTables(tables);
    },
    setServerScripts: (scripts) => {
      site().store.serverScripts = scripts;
    },
    setEncryptionKey: (key) => {
      site().store.encryptionKey = key;
    },
  };
}

async function up(options: ErpnextOptions, faults: Faults, port: number): Promise<Running> {
  const store = new Store(options.dir, options.clock, options.timeZone);
  store.encryptionKey = options.encryptionKey ?? "";
  const { setup } = options;
  if (setup !== undefined && store.read("Company", setup.company.name) === undefined) setUpSite(store.begin(), setup);
  const stopping = new AbortController();
  const queue = new Queue({
    clock: options.clock,
    layout: options.workers ?? WORKERS,
    run: (job, signal) => runJob(site, job, signal),
    keep: (jobs) => {
      if (options.appendOnly === true && !stopping.signal.aborted) store.redis = jobs as unknown as Value;
    },
  });
  const site: Site = { options, store, queue, stopping: stopping.signal };
  if (options.appendOnly === true) queue.restore(keptJobs(store.redis).filter((job) => isFields(job)));
  const app = frappeApplication(site, new Gate(store));
  const server = await listen((request) => app.fetch(request), {
    log: options.log,
    faults,
    port,
    door: options.door ?? (() => "open"),
  });
  return { site, server, stopping, scheduler: runScheduler(site) };
}

async function down(running: Running): Promise<void> {
  running.stopping.abort(new Error("The containers stopped."));
  running.site.queue.kill();
  await running.scheduler;
  await running.server.close();
  running.site.store.close();
}
