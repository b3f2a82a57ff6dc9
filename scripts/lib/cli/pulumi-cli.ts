import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { LocalWorkspace } from "@pulumi/pulumi/automation";

/** Longest that one command on the state may take (milliseconds). */
const STATE_LIMIT_MS = 60_000;

/** A customer's state is about half a megabyte. */
const LIMIT_BYTES = 256 * 1024 * 1024;

/**
 * Runs the CLI in the project. For the state this is used in place of the Automation API, whose `exportStack` has every secret
 * in clear, and whose `importStack` writes them so to a file of a guessable name in the temporary directory, readable by everyone,
 * and leaves it there when the import fails (@pulumi/pulumi, automation/localWorkspace.ts).
 * @returns what it printed @throws what execFile throws, with what was printed on stderr in its message
 */
export async function runPulumi(
  { pulumiCommand, workDir }: Pick<LocalWorkspace, "pulumiCommand" | "workDir">,
  args: readonly string[],
  { input = "", timeoutMs = STATE_LIMIT_MS }: { readonly input?: string; readonly timeoutMs?: number } = {},
): Promise<string> {
  const limits = { timeout: timeoutMs, maxBuffer: LIMIT_BYTES };
  const running = promisify(execFile)(pulumiCommand.command, args, { cwd: workDir, ...limits });
  // A CLI that fails before it has read all says why by itself.
  running.child.stdin?.on("error", () => undefined).end(input);
  return (await running).stdout;
}
