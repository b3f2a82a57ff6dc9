import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { EngineEvent } from "@pulumi/pulumi/automation";

import { adviceOn } from "../../clients/google-refusals";
import { loadCustomer } from "../../customers/load";
import { run } from "../../tools/executables";
import { hasPendingCreates, type RawDeployment } from "./adopt/unfinished";

/** A state is read in a second or two (milliseconds). */
const LIMIT_MS = 60_000;

const CUSTOMERS = join(__dirname, "../../customers");

/** A run of the CLI of which the errors are kept besides being shown. */
export interface LoggedRun {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** What Google refused, in the provider's words. Call it once, when the CLI has ended. */
  faults(): readonly string[];
}

/**
 * Has an update write its events to a file, as the Automation API does (pulumi v3.276.0, pkg/cmd/pulumi/operations/up.go: the flag is
 * there with PULUMI_DEBUG_COMMANDS alone). The engine masks secrets in it.
 */
export function loggedRun(args: readonly string[]): LoggedRun {
  const verb = verbAt(args);
  if (verb < 0) return { args, env: {}, faults: () => [] };
  const directory = mkdtempSync(join(tmpdir(), "pulumi-events-"));
  const file = join(directory, "events.jsonl");
  return {
    args: [...args.slice(0, verb + 1), "--event-log", file, ...args.slice(verb + 1)],
    env: { PULUMI_DEBUG_COMMANDS: "true" },
    faults: () => {
      const faults = faultsIn(file);
      rmSync(directory, { recursive: true, force: true });
      return faults;
    },
  };
}

/** What failed, and how it was run. */
export interface FailedUpdate {
  readonly binary: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly faults: readonly string[];
}

/**
 * What to say after an `up` that failed, a sentence each: where one that was killed has left something half made, because the engine's
 * own advice, a refresh, drops what tells of it; and what to do about what Google refused.
 */
export async function adviceAfter(failed: FailedUpdate): Promise<readonly string[]> {
  if (verbAt(failed.args) < 0) return [];
  const stack = await stackOf(failed);
  const slug = stack.split("/").at(-1) ?? stack;
  const refused = refusalAdvice(slug, failed.faults);
  return [...((await isPending(failed, stack)) ? [unfinishedAdvice(slug)] : []), ...refused];
}

/** What Google refused a customer's update, and what to do about it: each once. */
export function refusalAdvice(slug: string, faults: readonly string[], directory = CUSTOMERS): readonly string[] {
  const loaded = loadCustomer(slug, directory);
  if (!loaded.ok) return [];
  const { project } = loaded.customer.gcp;
  const advice = faults.flatMap((words) => adviceOn({ words, project, customer: slug }) ?? []);
  return [...new Set(advice)].map((one) => `Google refused the update: ${one}.`);
}

function unfinishedAdvice(slug: string): string {
  return `An update was killed while it made something, which may exist without being in the state: run "./stack doctor ${slug} --fix" before any "pulumi refresh", and then "pulumi up" again.`;
}

async function isPending({ binary, env }: FailedUpdate, stack: string): Promise<boolean> {
  const { stdout } = await run(binary, ["stack", "export", "--stack", stack], { env, timeoutMs: LIMIT_MS });
  try {
    const { deployment } = JSON.parse(stdout) as { deployment?: RawDeployment };
    return deployment !== undefined && hasPendingCreates(deployment);
  } catch {
    return false;
  }
}

/** What the gcp provider says of a resource that it could not make, change or delete. */
export function googleFault(event: EngineEvent["diagnosticEvent"]): string | undefined {
  const isGoogles = /(::|\$)gcp:[^:$]+:[^:$]+::/.test(event?.urn ?? "");
  return event?.severity === "error" && isGoogles ? event.message : undefined;
}

/** A file that is not there, or was cut off, tells what it can. */
function faultsIn(file: string): readonly string[] {
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      return googleFault((JSON.parse(line) as EngineEvent).diagnosticEvent) ?? [];
    } catch {
      return [];
    }
  });
}

/** Flags of every command that take a value, which may stand before the command. */
const VALUED = new Set(["-C", "--cwd", "-s", "--stack", "--color", "-v", "--verbose", "--profiling", "--tracing"]);

/** Where the command stands, if it is an update; `config set key up` is none. */
function verbAt(args: readonly string[]): number {
  const at = args.findIndex((arg, index) => !arg.startsWith("-") && !VALUED.has(args[index - 1] ?? ""));
  return args[at] === "up" || args[at] === "update" ? at : -1;
}

/** The stack that the command names, or the one that is selected; `<customer>` where there is none. */
async function stackOf({ binary, args, env }: FailedUpdate): Promise<string> {
  const at = args.findIndex((arg) => arg === "-s" || arg === "--stack");
  const named = at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith("--stack="))?.slice("--stack=".length);
  if (named !== undefined) return named;
  const { stdout } = await run(binary, ["stack", "--show-name"], { env, timeoutMs: LIMIT_MS });
  return stdout.trim() === "" ? "<customer>" : stdout.trim();
}
