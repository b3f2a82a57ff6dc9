import { execFile } from "node:child_process";
import { request } from "node:http";

import type { Patches } from "../../erpnext";
import { type Call, ProgramError } from "../programs/call";
import type { BenchCall } from "../site/bench";
import { runBench } from "../site/bench";
import { runPython } from "../site/python-exec";
import type { SiteHost } from "../site/site-host";
import type { Execution } from "./compose";
import type { ContainerRuntime } from "./runtime";

const PYTHON = "/home/frappe/frappe-bench/env/bin/python";
const BENCH_DIRECTORY = "/home/frappe/frappe-bench";

export interface ExecuteParts {
  readonly runtime: ContainerRuntime;
  readonly host: SiteHost;
  readonly caddyBinary: string;
  readonly frontendPort: number;
  /** Whether containers are kept from the metadata server. */
  readonly isWalled: () => boolean;
  /** What was patched in the image. */
  readonly patches: Patches;
}

interface Inside extends Execution {
  /** Aborted when the container is stopped. */
  readonly signal: AbortSignal;
}

type Command = (parts: ExecuteParts, inside: Inside, call: Call) => Promise<number> | number;

/** Commands by service and first word. */
const COMMANDS: Readonly<Record<string, Command>> = {
  "backend bench": ({ host, runtime }, inside, call) =>
    runBench(benchCall({ host, runtime }, inside, call), inside.command.slice(1)),
  [`backend ${PYTHON}`]: ({ host, runtime }, inside, call) =>
    runPython({
      ...benchCall({ host, runtime }, inside, call),
      source: inside.command[2] ?? "",
      stdin: call.stdin,
      env: { ...inside.env, SANDBOX_SERVER: call.env["ERPNEXT_ROOT"] ?? "" },
    }),
  "backend timeout": timeLimited,
  "backend env": pullHistory,
  // curl's exit code where the wall before the metadata server refuses; without it, someone answers.
  "backend curl": ({ isWalled }, { command }) =>
    command.at(-1)?.startsWith("http://169.254.169.254/") === true && !isWalled() ? 0 : 7,
  "backend cat": ({ runtime }, { container, command }, call) => {
    call.out(runtime.read(container, `${BENCH_DIRECTORY}/${command[1] ?? ""}`));
    return 0;
  },
  "backend python3": ({ patches }, _inside, call) => {
    call.out(`${JSON.stringify({ patches: patchReport(patches) })}\n`);
    return 0;
  },
  "caddy caddy": validate,
  "health caddy": validate,
  "configurator ": ({ runtime }, { container }) => runtime.configure(container),
  "db sh": ({ host, runtime }, { container, command }, call) => {
    const { database } = host;
    database.signIn(runtime.read(container, "/run/secrets/database-root-password"));
    call.out(database.query(command.at(-1) ?? "", host.countRows));
    return 0;
  },
  [`deliveries-forwarder ${PYTHON}`]: runAdmin,
  "frontend curl": ({ frontendPort, host }, { command, container }, call) => {
    const path = new URL(command.at(-1) ?? "").pathname;
    const page = host.assets.answer(path, container.tag);
    if (page === undefined) return curl(command, frontendPort);
    if (page !== "" && !command.includes("--output")) call.out(page);
    return page === "" ? 22 : 0;
  },
  "redis-cache sh": ({ host, runtime }, { command, container }, call) => {
    const [, , script = "", , ...asked] = command;
    runtime.read(container, "/run/secrets/redis.conf");
    if (!script.includes("REDISCLI_AUTH=")) throw new ProgramError("NOAUTH Authentication required.", 1);
    if (asked.join(" ") !== "DEL assets_json") throw new ProgramError("ERR unknown command", 1);
    call.out(`${host.assets.forget()}\n`);
    return 0;
  },
};

/** Runs a command as the daemon does: it goes on when its caller is killed, and ends with its container. */
export function execute(parts: ExecuteParts, inside: Inside, call: Call): Promise<number> | number {
  const { container, command } = inside;
  const run = COMMANDS[`${container.service.name} ${command[0] ?? ""}`];
  if (run === undefined) {
    throw new ProgramError(`exec: "${command[0] ?? ""}": executable file not found in $PATH: unknown`, 127);
  }
  return run(parts, inside, call);
}

function benchCall(
  { host, runtime }: Pick<ExecuteParts, "host" | "runtime">,
  { container, signal }: Inside,
  call: Call,
): BenchCall {
  const at = (path: string): string =>
    runtime.at(container, path.startsWith("/") ? path : `${BENCH_DIRECTORY}/${path}`);
  return { host, at, tag: container.tag, signal, out: call.out, err: call.err };
}

/** `timeout [--kill-after=…] <seconds> <command…>`: 124 when the time is up. */
async function timeLimited(parts: ExecuteParts, inside: Inside, call: Call): Promise<number> {
  const [seconds = "", ...command] = inside.command.slice(1).filter((word) => !word.startsWith("--kill-after"));
  const limit = AbortSignal.timeout(Number(seconds) * 1000);
  try {
    return await execute(parts, { ...inside, command, signal: AbortSignal.any([inside.signal, limit]) }, call);
  } catch (error) {
    if (limit.aborted) return 124;
    throw error;
  }
}

/** deliveries/history.py needs Frappe, which is not here: the connector's pull books the same orders, one after the other. */
function pullHistory(parts: ExecuteParts, inside: Inside, call: Call): Promise<number> | number {
  const site = inside.command.find((word) => word.startsWith("SITE_NAME="))?.slice("SITE_NAME=".length);
  if (site === undefined || inside.command.at(-1) !== "deliveries.history") {
    throw new ProgramError(`the stand-in of env runs deliveries.history alone, not "${inside.command.join(" ")}"`, 127);
  }
  const command = ["bench", "--site", site, "execute", "ecommerce_integrations.shopify.order.sync_old_orders"];
  return execute(parts, { ...inside, command }, call);
}

/** What image/patch_connector.py tells about the connector in the image. */
function patchReport({ statusAny, truncate, perOrderTry, booksApp }: Patches): object[] {
  const report = (id: string, isIn: boolean): object => ({ id, state: isIn ? "already-applied" : "missing" });
  return [
    report("fetch-all-orders", statusAny),
    report("line-item-name", truncate),
    report("order-fault-tolerance", perOrderTry),
    report("product-item-name", truncate),
    report("books-app", booksApp),
  ];
}

/** A command of deliveries/, run for real as in its container. */
function runAdmin({ runtime }: ExecuteParts, { container, command, signal }: Inside, call: Call): Promise<number> {
  const env = runtime.deliveries.environment(container);
  return new Promise((resolve) => {
    execFile("python3", command.slice(1), { env, signal }, (error, stdout, stderr) => {
      call.out(stdout);
      call.err(stderr);
      resolve(error === null ? 0 : 1);
    });
  });
}

/** `caddy validate --config <file> …`, with the real Caddy. */
function validate({ runtime, caddyBinary }: ExecuteParts, { container, command }: Inside, call: Call): Promise<number> {
  const args = command.slice(1).map((word) => (word.startsWith("/") ? runtime.at(container, word) : word));
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: runtime.at(container, "/tmp"),
    ...runtime.caddyEnvironment(container),
  };
  return new Promise((resolve) => {
    execFile(caddyBinary, args, { env }, (error, stdout, stderr) => {
      call.out(stdout);
      call.err(stderr);
      resolve(error === null ? 0 : 1);
    });
  });
}

/** `curl … --header "Host: …" http://127.0.0.1:8080/<path>`: curl's own exit codes for no connection and for a status of 400 on. */
function curl(command: readonly string[], port: number): Promise<number> {
  const header = command[command.indexOf("--header") + 1] ?? "";
  const { pathname } = new URL(command.at(-1) ?? "");
  return new Promise((resolve) => {
    const headers = { host: header.replace(/^Host: */, "") };
    const asked = request({ host: "127.0.0.1", port, path: pathname, headers, agent: false }, (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 400 ? 0 : 22);
    });
    asked.once("error", () => {
      resolve(7);
    });
    asked.end();
  });
}
