import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnsureContext } from "./ensure-options";
import { findOnPath, lastLines, run } from "./executables";
import { ToolError } from "./tool-error";
import { formatVersion, isOlder, parseVersion } from "./version";

/** A program that is built from Go modules as go.mod and go.sum in `module` pin them. */
export interface GoProgram {
  /** As in "building <title>". */
  readonly title: string;
  /** The directory that holds go.mod and go.sum. */
  readonly module: string;
  /** The import path of its main package, which a dependency provides. */
  readonly packagePath: string;
  /** Values of string variables that are set by the linker, by their full name. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** How many of go's own last lines an error shows. */
const SHOWN_LINES = 12;
const ASK_TIMEOUT_MS = 20_000;
/** What go prints when it cannot reach where modules come from. */
const UNREACHABLE = /dial tcp|no such host|i\/o timeout|connection refused|TLS handshake|module lookup disabled/;

/** The version go.mod requires of a module, without its leading v. */
export function requiredVersion(module: string, dependency: string): string {
  const version = goModLine(module, `require ${dependency} `);
  return version.replace(/^v/, "");
}

/** A short digest of all that builds depend on: pinned modules, what is built of them, platform and what else the caller names. */
export function fingerprint(programs: readonly GoProgram[], others: readonly string[]): string {
  const hash = createHash("sha256");
  const contents = programs.flatMap(({ module }) =>
    ["go.mod", "go.sum"].map((name) => readFileSync(join(module, name), "utf8")),
  );
  const recipes = programs.map((program) => JSON.stringify([program.packagePath, program.variables ?? {}]));
  for (const part of [...contents, ...recipes, process.platform, process.arch, ...others]) {
    hash.update(`${part.length}\n${part}`);
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Finds a Go that can build the programs and returns its path.
 * An older Go will do when it may fetch the toolchain that go.mod asks for (GOTOOLCHAIN, since Go 1.21).
 * @throws ToolError when there is none
 */
export async function findGo(programs: readonly GoProgram[], env: NodeJS.ProcessEnv): Promise<string> {
  const needed = newest(programs.map(({ module }) => goModLine(module, "go ")));
  const install = `install Go ${needed} or newer, put it on PATH and try again`;
  const go = findOnPath("go", env);
  if (go === undefined) {
    throw new ToolError("Go is not on PATH", install);
  }
  // Asked outside of any module, where go never switches to another toolchain.
  const answer = await run(go, ["env", "GOVERSION", "GOTOOLCHAIN"], { env, timeoutMs: ASK_TIMEOUT_MS, cwd: tmpdir() });
  const [name = "", toolchain = ""] = answer.stdout.split("\n");
  const found = parseVersion(name.replace(/^go/, ""));
  const least = parseVersion(needed);
  if (answer.code !== 0 || found === undefined || least === undefined) {
    throw new ToolError(
      `Go does not work ("${go}" does not say its version)`,
      install,
      lastLines(answer.stderr, SHOWN_LINES),
    );
  }
  if (isOlder(found, least) && !toolchain.trim().endsWith("auto")) {
    throw new ToolError(`Go ${formatVersion(found)} ("${go}") is too old`, install);
  }
  return go;
}

/**
 * Builds a program into the file `target`. Only what it needs is downloaded, and nothing that go.sum does not know.
 * @throws ToolError with the last lines of go's output
 */
export async function goBuild(
  program: GoProgram,
  target: string,
  build: { go: string; context: EnsureContext },
): Promise<void> {
  const variables = Object.entries(program.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const flags = ["-mod=readonly", "-trimpath", "-ldflags", ["-s -w", ...variables].join(" ")];
  const child = spawn(build.go, ["build", ...flags, "-o", target, program.packagePath], {
    cwd: program.module,
    env: buildEnvironment(build.context.env),
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kill = (): void => {
    child.kill();
  };
  process.once("exit", kill);
  const output: string[] = [];
  let downloaded = 0;
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    downloaded += lines.filter(isDownload).length;
    output.push(...lines.filter((line) => !isDownload(line)));
  });
  const stop = announce(program.title, build.context, () => downloaded);
  try {
    const trouble = await ended(child);
    if (trouble !== undefined) {
      throw buildError(program, trouble, [...output, rest]);
    }
  } finally {
    stop();
    process.removeListener("exit", kill);
  }
}

/** Says that a build begins, how it gets on and, by the returned function, that it has ended. */
function announce(title: string, context: EnsureContext, downloaded: () => number): () => void {
  const since = Date.now();
  const seconds = (): number => Math.round((Date.now() - since) / 1000);
  context.say(`building ${title} from Go modules`);
  const timer = setInterval(() => {
    const downloads = downloaded() === 0 ? "" : `, ${downloaded()} modules downloaded`;
    context.say(`building ${title}: ${seconds()} s${downloads}`, true);
  }, context.progressIntervalMs);
  return () => {
    clearInterval(timer);
    context.say(`building ${title} took ${seconds()} s`);
  };
}

/** The user's own settings (GOPROXY, GOFLAGS, caches) hold, but for those that would give a program for another machine. */
function buildEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, GOOS: undefined, GOARCH: undefined, GOWORK: "off", CGO_ENABLED: "0" };
}

/** Resolves to `undefined` when the program has ended well, else to a phrase that says how it has ended. */
function ended(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      resolve(error.message);
    });
    child.once("close", (code, signal) => {
      if (code === 0) {
        resolve(undefined);
      } else {
        resolve(code === null ? `go was killed by ${String(signal)}` : `go ended with exit code ${code}`);
      }
    });
  });
}

function buildError(program: GoProgram, trouble: string, output: readonly string[]): ToolError {
  const shown = lastLines(output.join("\n"), SHOWN_LINES);
  if (shown.some((line) => UNREACHABLE.test(line))) {
    const what = `${program.title} cannot be built because its Go modules cannot be downloaded (${trouble})`;
    return new ToolError(
      what,
      "allow the network access that go needs or set GOPROXY to a module proxy in reach, and try again",
      shown,
    );
  }
  return new ToolError(`${program.title} cannot be built (${trouble})`, "fix what go says and try again", shown);
}

function isDownload(line: string): boolean {
  return line.startsWith("go: downloading ");
}

/** What follows `start` on the first line of go.mod that begins with it. */
function goModLine(module: string, start: string): string {
  const path = join(module, "go.mod");
  const line = readFileSync(path, "utf8")
    .split("\n")
    .find((candidate) => candidate.startsWith(start));
  if (line === undefined) {
    throw new Error(`${path} has no line that starts with "${start}"`);
  }
  return line.slice(start.length).trim();
}

/** The newest of some Go versions, of which there is at least one. */
function newest(versions: readonly string[]): string {
  return versions.reduce((left, right) => {
    const [a, b] = [parseVersion(left), parseVersion(right)];
    return a !== undefined && b !== undefined && isOlder(a, b) ? right : left;
  });
}
