import type { PulumiRun } from "./pulumi-runner";

/** All that a command printed. */
export function printed(run: PulumiRun): string {
  return `${run.stdout}\n${run.stderr}`;
}

/** The part of a command's output in which the engine says what went wrong. */
export function diagnostics(run: PulumiRun): string {
  const from = run.stdout.indexOf("Diagnostics:");
  const to = run.stdout.slice(from).search(/\n(?:Outputs|Resources):\n/);
  return from < 0 ? printed(run) : `${run.stdout.slice(from, to < 0 ? undefined : from + to)}\n${run.stderr}`;
}
