import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, sep } from "node:path";

/** How a program ended that {@link run} has started. */
export interface RunResult {
  /** The exit code; `undefined` when the program did not start, was killed or ran into the time limit. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Why there is no exit code: one phrase without a full stop. */
  readonly trouble?: string;
}

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly cwd?: string;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The first executable of that name on PATH.
 * node_modules/.bin is left out: npm puts it in front of PATH for every script, and what stands there is a package's launcher, not an installed tool.
 */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env["PATH"] ?? "")
    .split(delimiter)
    .filter((directory) => isAbsolute(directory) && !directory.endsWith(join("node_modules", ".bin")))
    .map((directory) => join(directory.endsWith(sep) ? directory.slice(0, -1) : directory, name))
    .find(isExecutable);
}

/**
 * The environment with the directories first on PATH, in their order.
 * One that is on PATH already stays in its place: moving /usr/bin to the front would put all of it before what the user prefers.
 */
export function withPath(env: NodeJS.ProcessEnv, ...directories: readonly string[]): NodeJS.ProcessEnv {
  const present = (env["PATH"] ?? "").split(delimiter).filter((part) => part !== "");
  const added = directories.filter((directory) => !present.includes(directory));
  return { ...env, PATH: [...added, ...present].join(delimiter) };
}

/** Runs a program without input and collects what it prints. Never rejects: a program that cannot start is a result too. */
export function run(binary: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(binary, args, {
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    let stdout = "";
    let stderr = "";
    let trouble: string | undefined;
    const timer = setTimeout(() => {
      trouble = `no answer within ${options.timeoutMs / 1000} s`;
      child.kill("SIGKILL");
      // A grandchild may hold the pipes open for longer than the program itself lives.
      child.stdout.destroy();
      child.stderr.destroy();
    }, options.timeoutMs);
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", (error) => {
      clearTimeout(timer);
      resolve({ code: undefined, stdout, stderr, trouble: error.message });
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const ended = trouble ?? (code === null ? `killed by ${String(signal)}` : undefined);
      resolve({
        code: ended === undefined ? (code ?? undefined) : undefined,
        stdout,
        stderr,
        ...(ended === undefined ? {} : { trouble: ended }),
      });
    });
  });
}

/** Says in one phrase how a program failed: its trouble, its last line on stderr, or its exit code. */
export function failure(result: RunResult): string {
  return result.trouble ?? lastLines(result.stderr, 1)[0] ?? `exit code ${String(result.code)}`;
}

/** The last `count` lines that are not blank. */
export function lastLines(text: string, count: number): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-count);
}
