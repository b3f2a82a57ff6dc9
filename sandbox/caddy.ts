import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How long Caddy may take to come up or to go (milliseconds). */
const LIMIT_MS = 60_000;

export interface CaddyOptions {
  readonly binary: string;
  /** Keeps certificates; the same directory keeps the same certificate authority. */
  readonly storage: string;
  /** Where the configuration is written. */
  readonly dir: string;
  readonly configuration: string;
  readonly adapter: "caddyfile" | "json";
  readonly environment: Readonly<Record<string, string>>;
}

/** A running Caddy, with what it printed. */
export interface RunningCaddy {
  output(): string;
  exited(): boolean;
  stop(): Promise<void>;
}

export function startCaddy(options: CaddyOptions): RunningCaddy {
  mkdirSync(options.dir, { recursive: true });
  mkdirSync(options.storage, { recursive: true });
  const adapter = options.adapter === "caddyfile" ? ["--adapter", "caddyfile"] : [];
  const file = join(options.dir, options.adapter === "caddyfile" ? "Caddyfile" : "caddy.json");
  writeFileSync(file, options.configuration);
  const child = spawn(options.binary, ["run", "--config", file, ...adapter], {
    cwd: options.dir,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: options.storage,
      XDG_DATA_HOME: options.storage,
      XDG_CONFIG_HOME: options.storage,
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString("utf8")).slice(-200_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  child.on("error", (error) => {
    printed += `${error.message}\n`;
  });
  return { output: () => printed, exited: () => hasExited(child), stop: () => stop(child) };
}

/**
 * Makes the sandbox's certificate authority, by letting Caddy make its local one, and returns the file of its root
 * certificate. It has to exist before the server does, because Node reads extra authorities only when it starts.
 */
export async function makeCertificateAuthority(binary: string, storage: string): Promise<string> {
  const authority = join(storage, "caddy", "pki", "authorities", "local");
  const root = join(authority, "root.crt");
  if (isWhole(authority)) {
    return root;
  }
  rmSync(authority, { recursive: true, force: true });
  const authorities = { local: { install_trust: false } };
  const configuration = JSON.stringify({
    admin: { disabled: true },
    apps: { pki: { certificate_authorities: authorities } },
  });
  const dir = join(storage, "authority");
  const caddy = startCaddy({ binary, storage, dir, configuration, adapter: "json", environment: {} });
  try {
    const deadline = Date.now() + LIMIT_MS;
    while (!isWhole(authority)) {
      if (Date.now() > deadline || caddy.exited()) {
        throw new Error(`Caddy made no certificate authority: ${caddy.output()}`);
      }
      await sleep(20);
    }
  } finally {
    await caddy.stop();
  }
  return root;
}

/**
 * Caddy writes four files one after the other and in place. One that is stopped in between leaves an authority with which no
 * other Caddy starts: "parsing root certificate PEM: no PEM block found".
 */
function isWhole(authority: string): boolean {
  return ["root.crt", "root.key", "intermediate.crt", "intermediate.key"]
    .map((name) => join(authority, name))
    .every((file) => existsSync(file) && readFileSync(file, "utf8").includes("-----END "));
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasExited(child)) {
    return;
  }
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => {
      resolve();
    });
  });
  child.kill("SIGTERM");
  const hard = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  await gone;
  clearTimeout(hard);
}
