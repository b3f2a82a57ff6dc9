import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { diagnostics, printed } from "../pulumi-output";
import type { PulumiRun } from "../pulumi-runner";
import { Session, STACK, type SessionOptions } from "../session";
import { openWarmSession } from "./warm-world";

/** Longest that one test may take (milliseconds); a busy machine takes ten times what an idle one does. */
const TEST_LIMIT_MS = 300_000;

jest.setTimeout(TEST_LIMIT_MS);

/** The session of a test file, which is there once its first test starts. */
export interface SessionHolder {
  readonly session: Session;
}

/** Gives the tests of a file one session with nothing up yet, in a directory that is removed after them. */
export function useSession(options: Omit<SessionOptions, "dir" | "again"> = {}): SessionHolder {
  const dir = mkdtempSync(join(tmpdir(), "erpnext-integration-"));
  return holderOf(
    () => Session.open({ ...options, dir }),
    () => {
      rmSync(dir, { recursive: true, force: true });
    },
  );
}

/** Gives the tests of a file one session whose stack is up as the documented example says, as after a first `pulumi up`. */
export function useWarmSession(options: Omit<SessionOptions, "dir" | "again"> = {}): SessionHolder {
  return holderOf(() => openWarmSession(options));
}

function holderOf(open: () => Promise<Session>, cleared: () => void = () => undefined): SessionHolder {
  let session: Session | undefined;
  beforeAll(async () => {
    session = await open();
  });
  afterAll(async () => {
    await session?.close();
    cleared();
  });
  return {
    get session() {
      if (session === undefined) throw new Error("the session is not open yet: use it inside of a test");
      return session;
    },
  };
}

/** @throws Error with all that the command printed, unless it succeeded */
export function succeeded(run: PulumiRun): PulumiRun {
  if (run.code !== 0) throw new Error(`the command ended with ${run.code}:\n${printed(run)}`);
  return run;
}

/** What a command that has to fail told the operator. @throws Error with all that it printed, if it succeeded */
export function refusal(run: PulumiRun): string {
  if (run.code === 0) throw new Error(`the command succeeded:\n${printed(run)}`);
  return diagnostics(run);
}

/** Lines of a stack trace, in whichever of JavaScript's and Go's shapes. */
export const STACK_TRACE = /^\s+at .*[:(]\d+|^goroutine \d+|\.ts:\d+:\d+|node:internal/m;

interface State {
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly replaceReasons?: readonly string[];
  readonly diffReasons?: readonly string[];
  readonly oldState?: State;
  readonly newState?: State;
}

/** What `pulumi preview` says would change: one line a resource, sorted. */
export async function planOf(session: Session): Promise<string[]> {
  const { stdout } = succeeded(await session.preview(["--json"]));
  const { steps = [] } = JSON.parse(stdout) as { steps?: readonly Step[] };
  return steps
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(describeStep)
    .sort();
}

/** For example "update server-instance [metadata]", "replace webhooks-orders-paid [shopDomain]". */
function describeStep(step: Step): string {
  const reasons = step.op === "replace" ? (step.replaceReasons ?? []) : changedInputs(step);
  return `${step.op} ${nameOf(step.urn)}${reasons.length === 0 ? "" : ` [${[...new Set(reasons)].sort().join(", ")}]`}`;
}

/** Dynamic providers do not say what differs, so their inputs are compared here; secret ones look alike. */
function changedInputs({ diffReasons = [], oldState, newState }: Step): readonly string[] {
  if (newState === undefined || oldState?.type.startsWith("pulumi-nodejs:dynamic/") !== true) return diffReasons;
  return changedKeys(oldState.inputs ?? {}, newState.inputs ?? {}).flatMap((key) => {
    const [before, after] = [oldState.inputs?.[key], newState.inputs?.[key]];
    return key === "values" ? changedKeys(before as object, after as object) : [key];
  });
}

function changedKeys(before: object, after: object): string[] {
  const [old, next] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const keys = new Set([...Object.keys(old), ...Object.keys(next)]);
  return [...keys].filter((key) => JSON.stringify(old[key]) !== JSON.stringify(next[key]));
}

/** A resource's name in the program. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The stack's resources as the state holds them, without the secrets in clear. */
export async function exportedState(session: Session): Promise<{ text: string; resources: readonly StateResource[] }> {
  const { stdout } = await session.pulumi.must(["stack", "export", "--stack", STACK]);
  const { deployment } = JSON.parse(stdout) as { deployment: { resources?: readonly StateResource[] } };
  return { text: stdout, resources: deployment.resources ?? [] };
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Answers every request that matches with 500 until the returned function is called: `match` is checked each time. */
export function outage(
  standIn: { failNext(fault: { match: RegExp; readonly times: number; readonly kind: "500" }): void },
  match: RegExp,
): () => void {
  const endless = { match, times: Infinity, kind: "500" as const };
  standIn.failNext(endless);
  return () => {
    endless.match = /^never$/;
  };
}

/** Every word of a sentence, as one line: the engine indents what it prints. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/**
 * Waits until `look` gives something else than undefined. A command alone takes half a minute to start on a busy machine.
 * @throws Error when the time is up (milliseconds)
 */
export async function eventually<T>(look: () => T | undefined, limitMs = 120_000): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`it did not happen within ${limitMs / 1000} s: ${look.toString()}`);
    await sleep(25);
  }
}
