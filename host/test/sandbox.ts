import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { renderEnvFile } from "../../components/shared/env-file";

/** The folder under test. */
export const HOST = join(__dirname, "..");

/** Milliseconds after which a script of a test is killed. */
const LIMIT_MS = 60_000;

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** A directory that stands for a server's root, with a release of host/ in it. */
export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), "host-"));
  readonly environment: Record<string, string> = { CUSTOMER: "acme", SITE_NAME: "erp.acme.example" };

  constructor() {
    mkdirSync(join(this.root, "bin"), { recursive: true });
  }

  /** Puts the real scripts in place, as bootstrap.sh would. */
  install(digest = `sha256:${"a".repeat(64)}`): void {
    cpSync(HOST, join(this.root, "opt/erpnext"), { recursive: true });
    cpSync(join(HOST, "../deliveries"), join(this.root, "opt/erpnext/deliveries"), { recursive: true });
    this.write("opt/erpnext/.env", renderEnvFile("acme", this.environment));
    this.write("opt/erpnext/.digest", digest);
  }

  path(relative: string): string {
    return join(this.root, relative);
  }

  write(relative: string, content: string): void {
    mkdirSync(dirname(this.path(relative)), { recursive: true });
    writeFileSync(this.path(relative), content);
  }

  read(relative: string): string {
    return readFileSync(this.path(relative), "utf8");
  }

  has(relative: string): boolean {
    return existsSync(this.path(relative));
  }

  executable(relative: string, content: string): void {
    this.write(relative, content);
    chmodSync(this.path(relative), 0o755);
  }

  /** A program that scripts find before the machine's own of that name. */
  program(name: string, script: string): void {
    this.executable(`bin/${name}`, `#!/bin/bash\n${script}\n`);
  }

  /** Replaces a step by a script. */
  step(name: string, script: string): void {
    this.write(`opt/erpnext/steps/${name}.sh`, script);
  }

  status(): Record<string, unknown> & { steps: { name: string; state: string; detail?: string }[] } {
    return JSON.parse(this.read("var/lib/erpnext/status/status.json")) as ReturnType<Sandbox["status"]>;
  }

  /** `name: state` of every step. */
  steps(): string[] {
    return this.status().steps.map(({ name, state }) => `${name}: ${state}`);
  }

  run(command: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      cwd: this.root,
      env: {
        PATH: `${this.path("bin")}:${process.env["PATH"] ?? ""}`,
        ERPNEXT_ROOT: this.root,
        ERPNEXT_RETRY_SECONDS: "0",
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const killer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    return new Promise((resolve) => {
      child.on("close", (code) => {
        clearTimeout(killer);
        resolve({ code, output });
      });
    });
  }

  /** Runs lines of bash after lib.sh, and after the further libraries. */
  bash(
    lines: string,
    libraries: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const sources = ["lib.sh", ...libraries].map((name) => `. "${join(HOST, name)}"`);
    return this.run(["bash", "-c", ["set -euo pipefail", ...sources, lines].join("\n")], environment);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** What the stack would say about these files and this environment. */
export function digestOf(filesJson: string, envFile: string): string {
  return `sha256:${createHash("sha256").update(`${filesJson}\n${envFile}`).digest("hex")}`;
}
