import { join } from "node:path";
import type { Miniflare, Response as WorkerResponse } from "miniflare";

import type { CloudChange, CloudRecord } from "../cloud";
import { settings, type CloudView } from "../vm/cloud-view";
import { D1File, type D1Result } from "./d1-file";
import type { Internet } from "./internet";

const SCRIPT = "cloudflare:index/workersScript:WorkersScript";
const CRON_TRIGGER = "cloudflare:index/workersCronTrigger:WorkersCronTrigger";
const DATABASE = "cloudflare:index/d1Database:D1Database";

/** The one schedule that the stand-in knows. */
const EVERY_MINUTE = "* * * * *";
const MINUTE_MS = 60_000;

export interface WorkersOptions {
  readonly cloud: CloudView;
  /** Keeps the databases. */
  readonly dir: string;
  readonly internet: Internet;
}

/** A request to a Worker. */
export interface WorkerRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

interface Binding {
  readonly name: string;
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
}

/**
 * Cloudflare's Workers: each uploaded script in workerd, with its bindings, its databases and its schedule. One starts when
 * it is first asked for something, because workerd costs more than most who need a stack ask of its console.
 */
export class Workers {
  readonly #running = new Map<string, Promise<Miniflare>>();
  /** The latest invocation of each script's schedule. */
  readonly #invoked = new Map<string, Promise<void>>();
  readonly #clock: NodeJS.Timeout;
  /** Until this is over, a file may be open in a workerd that is on its way out. */
  #ending: Promise<unknown> = Promise.resolve();
  /** What the Workers wrote to their logs. */
  readonly logged: string[] = [];

  constructor(private readonly options: WorkersOptions) {
    this.#clock = setInterval(() => {
      void this.#everyMinute();
    }, MINUTE_MS).unref();
  }

  isRunning(scriptName: string): boolean {
    return this.#running.has(scriptName);
  }

  /** Hands a request to a script as it is, past the edge and Access. */
  async fetch(scriptName: string, request: WorkerRequest): Promise<WorkerResponse> {
    const worker = await this.#started(scriptName);
    const { url, method, headers, body } = request;
    const init = { method, headers, redirect: "manual" } as const;
    return worker.dispatchFetch(url, body === undefined || body.length === 0 ? init : { ...init, body });
  }

  /**
   * Fires the schedule of a script, whatever the time is, after the invocation that may be under way: the console gives
   * the second of two at once nothing to do. @throws Error where it has none, or where it fails
   */
  async fireCron(scriptName: string): Promise<void> {
    const before = this.#invoked.get(scriptName)?.catch(() => undefined);
    const invocation = Promise.resolve(before).then(() => this.#invoke(scriptName));
    this.#invoked.set(scriptName, invocation);
    return invocation;
  }

  async #invoke(scriptName: string): Promise<void> {
    if (!this.#isScheduled(scriptName)) throw new Error(`the Worker ${scriptName} has no schedule`);
    const worker = await (await this.#started(scriptName)).getWorker();
    const { outcome } = await worker.scheduled({ cron: EVERY_MINUTE });
    if (outcome !== "ok")
      throw new Error(`the schedule of ${scriptName} ended with "${outcome}": ${this.logged.join("")}`);
  }

  /** D1's REST API: a transaction on a database's file, which workerd must not have open meanwhile. @throws D1Refusal */
  async query(databaseId: string, sql: string): Promise<readonly D1Result[]> {
    await this.#stopAll();
    return this.#file(databaseId).query(sql);
  }

  /** A new script takes the place of the old one; a deleted one ends, a deleted database is gone. */
  async notice({ operation, record }: CloudChange): Promise<void> {
    if (record.type === SCRIPT) await this.#stop(String(settings(record)["scriptName"]));
    if (record.type !== DATABASE || operation !== "delete") return;
    await this.#stopAll();
    this.#file(record.id).remove();
  }

  async close(): Promise<void> {
    clearInterval(this.#clock);
    await this.#stopAll();
  }

  #file(databaseId: string): D1File {
    return new D1File(this.#persisted(), databaseId);
  }

  #persisted(): string {
    return join(this.options.dir, "d1");
  }

  #isScheduled(scriptName: string): boolean {
    return this.options.cloud
      .resources(CRON_TRIGGER)
      .map(settings)
      .some((trigger) => {
        const schedules = trigger["schedules"] as readonly { readonly cron: string }[];
        return trigger["scriptName"] === scriptName && schedules.some(({ cron }) => cron === EVERY_MINUTE);
      });
  }

  /** Of the Workers that run: a schedule alone starts none. One that fails says so in its log. */
  async #everyMinute(): Promise<void> {
    const scheduled = [...this.#running.keys()].filter((name) => this.#isScheduled(name));
    await Promise.allSettled(scheduled.map((name) => this.fireCron(name)));
  }

  #started(scriptName: string): Promise<Miniflare> {
    const running = this.#running.get(scriptName) ?? this.#start(scriptName);
    this.#running.set(scriptName, running);
    return running;
  }

  async #start(scriptName: string): Promise<Miniflare> {
    const record = this.options.cloud.resources(SCRIPT).find((one) => settings(one)["scriptName"] === scriptName);
    if (record === undefined) throw new Error(`Cloudflare has no Worker ${scriptName}`);
    await this.#ending;
    const { Miniflare: Runtime, Response } = await import("miniflare");
    const { internet } = this.options;
    const worker = new Runtime({
      ...scriptOf(record),
      modules: true,
      d1Persist: this.#persisted(),
      outboundService: async (request) => {
        const url = new URL(request.url);
        const body = Buffer.from(await request.arrayBuffer());
        const headers = Object.fromEntries(request.headers);
        const answer = await internet.send({ method: request.method, url, headers, body });
        const kept = Object.entries(answer.headers).flatMap(([name, value]) =>
          value === undefined || name === "transfer-encoding" ? [] : [[name, String(value)] as [string, string]],
        );
        const bodyless = answer.status === 204 || answer.status === 304;
        return new Response(bodyless ? null : answer.body, { status: answer.status, headers: kept });
      },
      handleRuntimeStdio: (...streams) => {
        for (const stream of streams) stream.on("data", (chunk: Buffer) => this.logged.push(chunk.toString("utf8")));
      },
    });
    await worker.ready;
    return worker;
  }

  #stop(scriptName: string): Promise<unknown> {
    const running = this.#running.get(scriptName);
    this.#running.delete(scriptName);
    this.#invoked.delete(scriptName);
    if (running === undefined) return this.#ending;
    const ended = running.then(
      (worker) => worker.dispose(),
      () => undefined,
    );
    this.#ending = Promise.all([this.#ending, ended]);
    return this.#ending;
  }

  async #stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.#stop(name)));
    await this.#ending;
  }
}

/** A script with its bindings as miniflare takes them. */
function scriptOf(record: CloudRecord) {
  const { content, compatibilityDate, compatibilityFlags, bindings } = settings(record);
  const list = (bindings as readonly Binding[] | undefined) ?? [];
  const texts = list.filter(({ type }) => type === "plain_text" || type === "secret_text");
  const databases = list.filter(({ type }) => type === "d1");
  return {
    script: String(content),
    compatibilityDate: String(compatibilityDate),
    compatibilityFlags: (compatibilityFlags as string[] | undefined) ?? [],
    bindings: Object.fromEntries(texts.map(({ name, text = "" }) => [name, text])),
    d1Databases: Object.fromEntries(databases.map(({ name, id = "" }) => [name, id])),
  };
}
