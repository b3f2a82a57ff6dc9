import { spawn, type ChildProcess } from "node:child_process";
import { connect } from "node:net";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

import { pythonPackages, REDIS_CLIENT } from "../../../tools/python-packages";
import { ToolError } from "../../../tools/tool-error";
import { ProgramError } from "../programs/call";
import type { Container } from "./engine";

export interface DeliveryProgramsOptions {
  readonly ports: Readonly<Record<"frontend" | "redis" | "receiver" | "standby" | "google", number>>;
  /** A path inside of a container on this machine. */
  readonly at: (container: Container, path: string) => string;
  /** Directory of the programs' code on this machine. */
  readonly code: () => string;
}

const SERVICES: ReadonlySet<string> = new Set([
  ...["redis-deliveries", "deliveries-receiver", "deliveries-receiver-standby", "deliveries-forwarder"],
  "deliveries-puller",
]);

/** Milliseconds that one of them may take to listen. */
const LIMIT_MS = 20_000;

interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
}

/** The server's own programs for Shopify's deliveries, and their Redis, run for real. */
export class DeliveryPrograms {
  readonly #running = new Map<string, Running>();
  #redisPassword = "";

  constructor(private readonly options: DeliveryProgramsOptions) {}

  has(service: string): boolean {
    return SERVICES.has(service);
  }

  async start(container: Container): Promise<void> {
    const { name } = container.service;
    await this.stop(name);
    if (name === "redis-deliveries") this.#startRedis(container);
    else
      this.#run(name, this.#python(container), { cwd: dirname(this.options.code()), env: this.environment(container) });
    const port = this.#portOf(name);
    const deadline = Date.now() + LIMIT_MS;
    while (port !== undefined && !(await isListening(port))) {
      if (Date.now() > deadline || !this.isRunning(name)) throw new ProgramError(this.output(name));
      await sleep(20);
    }
  }

  /** As `docker stop` does. */
  async stop(service: string): Promise<void> {
    const child = this.#running.get(service)?.child;
    this.#running.delete(service);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const hard = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await once(child, "exit");
    clearTimeout(hard);
  }

  isRunning(service: string): boolean {
    const child = this.#running.get(service)?.child;
    return child?.exitCode === null && child.signalCode === null;
  }

  output(service: string): string {
    return this.#running.get(service)?.output() ?? "";
  }

  /** How many deliveries ERPNext does not have yet, but for those that are tried again later; none where there is no Redis. */
  async waiting(): Promise<number> {
    return this.isRunning("redis-deliveries") ? this.#count(`ZCOUNT waiting -inf ${Date.now() / 1000}`) : 0;
  }

  /** Whether someone waits for the verdict on the next delivery. */
  async isCapturing(): Promise<boolean> {
    return this.isRunning("redis-deliveries") && (await this.#count("EXISTS capture")) > 0;
  }

  /** Asks Redis for a number. */
  async #count(command: string): Promise<number> {
    const peer = connect(this.options.ports.redis, "127.0.0.1");
    peer.end(`AUTH ${this.#redisPassword}\r\n${command}\r\n`);
    const answers = await text(peer);
    return Number(answers.split("\r\n")[1]?.slice(1));
  }

  /** What a program of deliveries/ gets, by where things are on this machine. */
  environment(container: Container): Record<string, string> {
    const { ports, at, code } = this.options;
    const packages = pythonPackages(REDIS_CLIENT);
    if ("trouble" in packages) throw new ToolError(`pip cannot get ${REDIS_CLIENT.join()}`, packages.trouble);
    return {
      ...container.service.environment,
      PATH: process.env["PATH"] ?? "",
      PYTHONPATH: [dirname(code()), packages.directory].join(":"),
      REDIS_DELIVERIES: `redis://127.0.0.1:${ports.redis}`,
      LISTEN: `127.0.0.1:${this.#portOf(container.service.name) ?? 0}`,
      FRONTEND: `127.0.0.1:${ports.frontend}`,
      PUBSUB_URL: `http://127.0.0.1:${ports.google}`,
      ACCESS_TOKEN: join(at(container, "/run/secrets"), "access-token"),
      ALIVE: join(dirname(code()), `alive-${container.service.name}`),
      SECRETS: at(container, "/run/secrets"),
      STATE: at(container, "/state"),
    };
  }

  #python({ service }: Container): string[] {
    return ["python3", "-B", "-m", ...service.command];
  }

  #startRedis(container: Container): void {
    const cwd = this.options.at(container, "/data");
    mkdirSync(cwd, { recursive: true });
    const configuration = readFileSync(this.options.at(container, "/run/secrets/redis.conf"), "utf8");
    this.#redisPassword = /^requirepass (\S+)$/m.exec(configuration)?.[1] ?? "";
    const command = container.service.command.map((word) =>
      word.startsWith("/") ? this.options.at(container, word) : word,
    );
    const place = ["--port", String(this.options.ports.redis), "--bind", "127.0.0.1"];
    this.#run(container.service.name, [...command, ...place], { cwd, env: { PATH: process.env["PATH"] ?? "" } });
  }

  #run(service: string, command: readonly string[], options: { cwd: string; env: Record<string, string> }): void {
    const [program = "", ...args] = command;
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    const keep = (chunk: Buffer): void => {
      printed = (printed + chunk.toString("utf8")).slice(-200_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => {
      printed += `${error.message}\n`;
    });
    this.#running.set(service, { child, output: () => printed });
  }

  #portOf(service: string): number | undefined {
    const { redis, receiver, standby } = this.options.ports;
    const ports: Readonly<Record<string, number>> = {
      "redis-deliveries": redis,
      "deliveries-receiver": receiver,
      "deliveries-receiver-standby": standby,
    };
    return ports[service];
  }
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const end = (is: boolean) => (): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", end(true));
    socket.once("error", end(false));
  });
}
