import { redact } from "../../core/secrets";

/** Exit codes of every script. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/**
 * Runs a script's body and turns what it throws into one sentence and an exit code. A stack trace would hide the sentence;
 * `--verbose` shows it, for defects of this project.
 */
export async function runScript(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    process.exitCode = EXIT.failed;
    process.stderr.write(`${redact(describeFailure(error, process.argv.includes("--verbose")))}\n`);
  }
}

/** What an operator is told of something that was thrown: its sentence; with `verbose` where it came from. */
export function describeFailure(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return verbose ? (error.stack ?? error.message) : error.message;
}
