import { execFileSync, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where and how the real Pulumi CLI runs against the stand-ins. */
export interface PulumiRunnerOptions {
  /** Directory of the CLI and its companions; put first on PATH. */
  readonly cliDirectory: string;
  /** The working copy of the project; see makeWorkspace. */
  readonly workspace: string;
  /** Directory for PULUMI_HOME, the state and temporary files. */
  readonly dir: string;
  /** Further environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface PulumiRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Gets each line of standard output as it is printed. */
  readonly onLine?: (line: string) => void;
  /** The same of standard error. */
  readonly onError?: (line: string) => void;
  /** Sends SIGINT when aborted, as Ctrl-C does; a second one follows the engine's own rules. */
  readonly signal?: AbortSignal;
  /** Sends SIGKILL when aborted, as the kernel does when memory is short: the engine gets no chance to tidy up. */
  readonly kill?: AbortSignal;
  readonly input?: string;
  /** Longest that it may take (milliseconds). @default 300,000 */
  readonly timeLimitMs?: number;
  /** Told the process that was started, for example to watch its memory. */
  readonly onStart?: (pid: number) => void;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Longest that one command may take (milliseconds): an engine that hangs must not hang the tests. */
const TIME_LIMIT_MS = 300_000;

/** The passphrase of the sandbox's stacks. It protects nothing: every secret in them is made up. */
const PASSPHRASE = "sandbox";

/** Runs the real Pulumi CLI with a state, plugins and home of the sandbox's own. */
export class PulumiRunner {
  readonly environment: Readonly<Record<string, string>>;

  constructor(private readonly options: PulumiRunnerOptions) {
    const state = join(options.dir, "state");
    const home = join(options.dir, "pulumi-home");
    mkdirSync(state, { recursive: true });
    mkdirSync(home, { recursive: true });
    this.environment = {
      ...withoutPulumi(process.env),
      PATH: [options.cliDirectory, process.env["PATH"] ?? ""].join(delimiter),
      PULUMI_HOME: home,
      // Beside each file of a state in a directory its attributes are kept, written in place: an engine that is killed there
      // leaves an empty file, after which every command ends with "failed to load checkpoint: EOF". Nothing needs them.
      PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      NO_COLOR: "1",
      CI: "",
      ...options.environment,
    };
  }

  /** Directory of the CLI and its companions. */
  get cliDirectory(): string {
    return this.options.cliDirectory;
  }

  get home(): string {
    return join(this.options.dir, "pulumi-home");
  }

  get stateDirectory(): string {
    return join(this.options.dir, "state");
  }

  /** Runs `pulumi <args>` in the workspace; never rejects for a command that fails. */
  run(args: readonly string[], options: RunOptions = {}): Promise<PulumiRun> {
    return this.#spawn(["pulumi", "--non-interactive", "--color", "never", ...args], options);
  }

  /** Runs `npm run pulumi -- <args>` in the workspace; never rejects for a command that fails. */
  npmRunPulumi(args: readonly string[], options: RunOptions = {}): Promise<PulumiRun> {
    return this.#spawn([process.execPath, "--import", "tsx", "scripts/pulumi.ts", ...args], options);
  }

  /** Runs `./stack <args>` in the workspace, as an operator does; never rejects for a command that fails. */
  operator(args: readonly string[], options: RunOptions = {}): Promise<PulumiRun> {
    return this.#spawn([process.execPath, "stack", ...args], options);
  }

  #spawn([command, ...args]: readonly [string, ...string[]], options: RunOptions): Promise<PulumiRun> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: this.options.workspace,
        env: { ...this.environment, ...options.environment },
        stdio: ["pipe", "pipe", "pipe"],
      });
      const limit = setTimeout(() => child.kill("SIGKILL"), options.timeLimitMs ?? TIME_LIMIT_MS);
      if (child.pid !== undefined) options.onStart?.(child.pid);
      const interrupt = (): void => void child.kill("SIGINT");
      let orphans: number[] = [];
      const kill = (): void => {
        orphans = child.pid === undefined ? [] : descendantsOf(child.pid);
        child.kill("SIGKILL");
      };
      options.signal?.addEventListener("abort", interrupt);
      options.kill?.addEventListener("abort", kill);
      const out = collect(child.stdout, options.onLine);
      const err = collect(child.stderr, options.onError);
      child.stdin.end(options.input ?? "");
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(limit);
        options.signal?.removeEventListener("abort", interrupt);
        options.kill?.removeEventListener("abort", kill);
        orphans.forEach(end);
        resolve({ code: code ?? -1, stdout: out(), stderr: err() });
      });
    });
  }

  /** As {@link run}, but a failing command is an error that carries all it printed. */
  async must(args: readonly string[], options: RunOptions = {}): Promise<PulumiRun> {
    const run = await this.run(args, options);
    if (run.code !== 0) {
      throw new Error(`pulumi ${args.join(" ")} ended with ${run.code}:\n${run.stdout}\n${run.stderr}`);
    }
    return run;
  }
}

/** The processes that a process started, and those that they did: plugins outlive an engine that is killed. */
function descendantsOf(ancestor: number): number[] {
  const listed = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const processes = [...listed.matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm)].map(([, pid, parent]) => [
    Number(pid),
    Number(parent),
  ]);
  const childrenOf = (parent: number): number[] =>
    processes.flatMap(([pid, its]) => (pid !== undefined && its === parent ? [pid, ...childrenOf(pid)] : []));
  return childrenOf(ancestor);
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function collect(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): () => string {
  let text = "";
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach((line) => onLine?.(line));
  });
  return () => text;
}

/** A developer's own Pulumi settings must not leak into the sandbox, nor its stacks into their backend. */
function withoutPulumi(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !/^(PULUMI|GOOGLE|CLOUDFLARE)_/.test(entry[0]),
    ),
  );
}
