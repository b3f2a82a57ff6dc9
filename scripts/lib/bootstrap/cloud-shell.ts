import { execFile, type ExecFileException } from "node:child_process";

import { AttemptFailed, givenUp, persist, type Effort, type Patience } from "../../../clients/http";
import { UserError } from "../../../core/user-error";
import type { Argv, Program } from "./step";

/** Longest that one command may take (milliseconds); enabling APIs takes minutes. */
const LIMIT_MS = 300_000;

/** How long is waited until Google knows everywhere what was just made. */
const PATIENCE: Patience = { maxWaitMs: 180_000, tries: 30, firstDelayMs: 1_000 };

/** What gcloud and gh print about something that is not there, or whose API was never enabled. */
const NOT_THERE = /NOT_FOUND|not found|404|SERVICE_DISABLED|has not been used in project|not enabled on project/i;

/** What it prints while something that was just made is not known everywhere yet. */
const NOT_YET = /does not exist|SERVICE_DISABLED|has not been used in project|concurrent policy changes/i;

export interface CloudShellOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly patience?: Patience;
}

/** The gcloud and the gh on PATH. Arguments are an array, and no shell sees them. */
export class CloudShell {
  constructor(private readonly options: CloudShellOptions) {}

  /** What a look prints, as parsed JSON; undefined where there is nothing. @throws UserError */
  async look(argv: Argv, program: Program = "gcloud"): Promise<unknown> {
    const ended = await this.#run(argv, program);
    if (ended.ok) return JSON.parse(ended.stdout) as unknown;
    if (NOT_THERE.test(ended.words)) return undefined;
    throw failed(shellWords(argv, program), ended.words);
  }

  /** Changes something; waits until what it needs is known everywhere. @throws UserError */
  apply(argv: Argv, program: Program = "gcloud"): Promise<void> {
    return persist(this.options.patience ?? PATIENCE, async () => {
      const ended = await this.#run(argv, program);
      if (ended.ok) return;
      const repeat = NOT_YET.test(ended.words);
      const words = (effort: Effort): string => `${ended.words}${repeat ? givenUp(effort) : ""}`;
      throw new AttemptFailed((effort) => failed(shellWords(argv, program), words(effort)), { repeat });
    });
  }

  #run(
    argv: Argv,
    program: Program,
  ): Promise<{ readonly ok: true; readonly stdout: string } | { readonly ok: false; readonly words: string }> {
    const { environment, signal } = this.options;
    const env = { ...environment, CLOUDSDK_CORE_DISABLE_PROMPTS: "1" };
    return new Promise((resolve) => {
      execFile(
        program,
        [...argv],
        { env, signal, timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          resolve(error === null ? { ok: true, stdout } : { ok: false, words: wordsOf(program, error, stderr) });
        },
      );
    });
  }
}

function failed(command: string, words: string): UserError {
  return new UserError({
    what: `"${command}" failed (${words})`,
    next: "fix that and run the same command again; what is there already is left alone",
  });
}

/** Why it failed, in one line. */
function wordsOf(program: Program, error: ExecFileException, stderr: string): string {
  if (error.code === "ENOENT") return `${program} is not installed`;
  if (error.code === "ABORT_ERR") return "interrupted";
  if (error.killed === true) return `no end after ${LIMIT_MS / 1000} s`;
  const lines = stderr.split("\n").map((line) => line.trim());
  return lines.find((line) => line.startsWith("ERROR:")) ?? lines.findLast((line) => line !== "") ?? error.message;
}

/** A command as someone would type it. */
export function shellWords(argv: Argv, program: Program = "gcloud"): string {
  return [program, ...argv]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}
