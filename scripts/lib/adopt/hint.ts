import { run } from "../../../tools/executables";
import { hasPendingCreates, type RawDeployment } from "./unfinished";

/** A state is read in a second or two (milliseconds). */
const LIMIT_MS = 60_000;

/**
 * What to say after an `up` that failed, where one that was killed has left something half made: the engine's own advice, a refresh,
 * drops what tells of it. Undefined where there is nothing to say, or the state cannot be read.
 */
export async function unfinishedHint(
  binary: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (!args.some((arg) => arg === "up" || arg === "update")) return undefined;
  const stack = stackOf(args);
  const named = stack === undefined ? [] : ["--stack", stack];
  const { stdout } = await run(binary, ["stack", "export", ...named], { env, timeoutMs: LIMIT_MS });
  try {
    const { deployment } = JSON.parse(stdout) as { deployment?: RawDeployment };
    if (deployment === undefined || !hasPendingCreates(deployment)) return undefined;
  } catch {
    return undefined;
  }
  const which = stack?.split("/").at(-1) ?? "<customer>";
  return `An update was killed while it made something, which may exist without being in the state: run "./stack doctor ${which} --fix" before any "pulumi refresh", and then "pulumi up" again.`;
}

function stackOf(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === "-s" || arg === "--stack");
  if (at >= 0) return args[at + 1];
  return args.find((arg) => arg.startsWith("--stack="))?.slice("--stack=".length);
}
