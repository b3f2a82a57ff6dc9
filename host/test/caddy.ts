import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { freePort } from "../../sandbox/ports";

/** Milliseconds that Caddy may take to listen and to sign its own certificate. */
const LIMIT_MS = 20_000;

/** One answer of the door. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Question {
  readonly method?: string;
  /** Sent as it stands, without normalisation. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Send the body in chunks, without its length. */
  readonly chunked?: boolean;
  /** Length to announce without ever sending a body (bytes). */
  readonly announced?: number;
}

/** A Caddy that runs one of this folder's files. */
export interface RunningCaddy {
  readonly port: number;
  readonly httpPort: number;
  /** Everything it printed, access log included. */
  output(): string;
  ask(question: Question): Promise<Answer>;
  askPlain(question: Question): Promise<Answer>;
  stop(): Promise<void>;
}

/** Where a tool is; undefined when it is not installed, which is a failure where CI=true. */
export function toolOnPath(name: string): string | undefined {
  const found = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
  if (found === "" && process.env["CI"] === "true") {
    throw new Error(`"${name}" is not installed: the tests of host/ need it in CI`);
  }
  return found === "" ? undefined : found;
}

/** Runs a file of host/, as it stands or edited, under the installed Caddy; `environment` is what host/compose.yaml gives it. */
export async function startCaddy(
  file: string,
  environment: Readonly<Record<string, string>>,
  edit: (text: string) => string = (text) => text,
): Promise<RunningCaddy> {
  const dir = mkdtempSync(join(tmpdir(), "caddy-"));
  writeFileSync(join(dir, file), edit(readFileSync(join(__dirname, "..", file), "utf8")));
  const [httpPort, port] = [await freePort(), await freePort()];
  const child = spawn("caddy", ["run", "--config", join(dir, file), "--adapter", "caddyfile"], {
    cwd: dir,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: dir,
      // As on whatever machine this is tried: neither UTC nor the server's zone may matter.
      TZ: "Asia/Kolkata",
      XDG_DATA_HOME: dir,
      XDG_CONFIG_HOME: dir,
      HTTP_PORT: String(httpPort),
      HTTPS_PORT: String(port),
      HEALTH_PORT: String(port),
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => {
      resolve();
    });
  });
  const host = environment["HOOK_HOST"] ?? "localhost";
  const ask = (question: Question): Promise<Answer> => send(question, { host, port, tls: "HOOK_HOST" in environment });
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    // It waits for requests that are under way; none of them matters any more.
    const hard = setTimeout(() => child.kill("SIGKILL"), 3_000);
    await gone;
    clearTimeout(hard);
    rmSync(dir, { recursive: true, force: true });
  };
  const deadline = Date.now() + LIMIT_MS;
  while (!(await ask({ path: "/" }).catch(() => undefined))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      await stop();
      throw new Error(`Caddy does not answer: ${printed}`);
    }
    await sleep(50);
  }
  return {
    port,
    httpPort,
    output: () => printed,
    ask,
    askPlain: (question) => send(question, { host, port: httpPort, tls: false }),
    stop,
  };
}

function send(question: Question, to: { host: string; port: number; tls: boolean }): Promise<Answer> {
  const { method = "GET", path, headers = {}, body, announced, chunked = false } = question;
  const length = chunked ? undefined : (body?.length ?? announced);
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port: to.port,
      method,
      path,
      headers: {
        host: to.host,
        ...(chunked ? { "transfer-encoding": "chunked" } : {}),
        ...(length === undefined ? {} : { "content-length": String(length) }),
        ...headers,
      },
      servername: to.host,
      rejectUnauthorized: false,
      agent: false as const,
    };
    const request = (to.tls ? httpsRequest : httpRequest)(options, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => {
        request.destroy();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
      response.on("error", reject);
    });
    request.on("error", reject);
    if (announced === undefined) {
      request.end(body);
    } else {
      request.flushHeaders();
    }
  });
}
