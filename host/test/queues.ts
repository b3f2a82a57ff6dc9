import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { pythonPackages } from "../../tools/python-packages";
import { freePort } from "../../sandbox/ports";
import { toolOnPath } from "./caddy";
import { until } from "./until";
import { HOST } from "./sandbox";

/** What Frappe 15 and Frappe 16 bring along. */
const RQ_VERSIONS = {
  "Frappe 15": ["rq==1.15.1", "redis==4.6.0", "click==8.1.8"],
  "Frappe 16": ["rq==2.6.1", "redis==5.2.1", "click==8.1.8", "croniter==6.0.0"],
} as const;

/** Tests of a program before the rq of each version of Frappe, whose Python packages are in `directory`; skipped aloud where there are none. */
export function describeWithRq(program: string, tests: (directory: string) => void): void {
  const hasRedis = toolOnPath("redis-server") !== undefined;
  describe.each(Object.entries(RQ_VERSIONS))(`${program} with the rq of %s`, (name, versions) => {
    const packages = hasRedis ? pythonPackages(versions) : { trouble: "redis-server is not installed" };
    if ("trouble" in packages) {
      process.stderr.write(`SKIPPED the tests of ${program} with ${name}: ${packages.trouble}\n`);
      it.skip("needs redis-server and PyPI", () => undefined);
      return;
    }
    tests(packages.directory);
  });
}

/** Of redis-queue. */
const PASSWORD = "of-redis-queue";

/** A real Redis with RQ's real code before it; Frappe itself is host/test/python/frappe. */
export class Queues {
  readonly #directory = mkdtempSync(join(tmpdir(), "queues-"));
  readonly #running: ChildProcess[] = [];
  #pool: ChildProcess | undefined;
  #port = 0;

  constructor(private readonly packages: string) {}

  async start(): Promise<void> {
    this.#port = await freePort();
    const configuration = join(this.#directory, "redis.conf");
    writeFileSync(configuration, `requirepass ${PASSWORD}\n`);
    this.#run("redis-server", [configuration, "--port", String(this.#port), "--save", "", "--dir", this.#directory]);
    await until("redis-server answers", () => this.#redis("PING") === "PONG");
  }

  /** What the fake Frappe's database holds. */
  get state(): Record<string, Record<string, unknown>> {
    return JSON.parse(readFileSync(this.#statePath, "utf8")) as Record<string, Record<string, unknown>>;
  }

  set state(state: Record<string, Record<string, unknown>>) {
    writeFileSync(this.#statePath, JSON.stringify(state));
  }

  /** Runs a command of scene.py to its end. */
  scene(...args: readonly string[]): string {
    return this.#python([join(HOST, "test/python/scene.py"), ...args]);
  }

  /** `queue place function site` of every job. */
  jobs(): string[] {
    return JSON.parse(this.scene("list")) as string[];
  }

  /** Brings a worker to life, and waits until it is there. */
  async work(...names: readonly string[]): Promise<void> {
    const before = this.workers();
    this.#run("python3", [join(HOST, "test/python/scene.py"), "work", ...names]);
    await until("the worker is there", () => this.workers() > before);
  }

  /** Starts deliveries/worker.py, for orders at once, with a directory in which each job leaves "<process> <order>". */
  async workWarm(atOnce: number): Promise<void> {
    for (const name of ["sites", "jobs", "bin"]) mkdirSync(join(this.#directory, name));
    const bench = join(this.#directory, "bin/bench");
    writeFileSync(bench, `#!/bin/sh\necho "bench $*" > "${this.#directory}/jobs/command"\n`, { mode: 0o755 });
    const environment = this.#environment;
    this.#pool = this.#run("python3", ["-B", "-m", "deliveries.worker"], {
      ...environment,
      PATH: `${dirname(bench)}:${environment["PATH"] ?? ""}`,
      PYTHONPATH: `${environment["PYTHONPATH"] ?? ""}:${dirname(HOST)}`,
      BENCH: this.#directory,
      ORDERS_AT_ONCE: String(atOnce),
      JOBS: join(this.#directory, "jobs"),
    });
    if (atOnce > 1) await until("the workers are there", () => this.workers() === atOnce);
  }

  /** What the jobs of warm workers left, by order. */
  done(): { process: number; order: string }[] {
    const names = readdirSync(join(this.#directory, "jobs")).filter((name) => name !== "command");
    const found = names.map((name) => ({ process: Number.parseInt(name, 10), order: name.split(" ")[1] ?? "" }));
    return found.sort((left, right) => left.order.localeCompare(right.order));
  }

  /** How bench was called in place of the warm workers. */
  benchCall(): string {
    const file = join(this.#directory, "jobs/command");
    return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  }

  /** Seconds for which a worker is listed without a sign of life, at most. */
  listedFor(): number {
    const keys = this.#redis("SMEMBERS", "rq:workers").split("\n");
    return Math.max(...keys.map((key) => Number(this.#redis("TTL", key))));
  }

  workers(): number {
    return Number(this.#redis("SCARD", "rq:workers"));
  }

  /** What host/bench/queues.py prints, run as site_python of stack.sh runs it. */
  ask(): unknown {
    return JSON.parse(this.#python(["-c", readFileSync(join(HOST, "bench/queues.py"), "utf8")]));
  }

  /** Workers stay registered and alive, and do nothing. */
  stopWorkers(): void {
    for (const child of this.#running.slice(1)) child.kill("SIGSTOP");
    // Redis hands a job to any worker that waits for one, asleep or not.
    this.#redis("CLIENT", "KILL", "TYPE", "normal");
  }

  stop(): void {
    // Its processes end by themselves when Redis does, and it would begin others.
    this.#pool?.kill("SIGTERM");
    for (const child of this.#running) if (child !== this.#pool) child.kill("SIGKILL");
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get #statePath(): string {
    return join(this.#directory, "state.json");
  }

  #redis(...command: readonly string[]): string {
    const env = { PATH: process.env["PATH"], REDISCLI_AUTH: PASSWORD };
    return spawnSync("redis-cli", ["-p", String(this.#port), ...command], { encoding: "utf8", env }).stdout.trim();
  }

  #run(program: string, args: readonly string[], env = this.#environment): ChildProcess {
    const child = spawn(program, args, { env, stdio: "ignore" });
    this.#running.push(child);
    return child;
  }

  #python(args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync("python3", args, {
      env: this.#environment,
      encoding: "utf8",
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  get #environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env["PATH"],
      HOME: this.#directory,
      PYTHONPATH: `${this.packages}:${join(HOST, "test/python")}`,
      PYTHONDONTWRITEBYTECODE: "1",
      REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:${this.#port}`,
      FRAPPE_STATE: this.#statePath,
      SITE_NAME: "erp.acme.example",
    };
  }
}
