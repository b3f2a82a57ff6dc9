import { z } from "zod";

import { backfillReportSchema } from "./backfill/report";
import { serverFactsSchema } from "../../clients/server-facts";

/** A step of host/converge.sh. */
const stepSchema = z.object({
  name: z.string(),
  state: z.enum(["pending", "running", "done", "failed", "skipped"]),
  detail: z.string().optional(),
  /** RFC 3339, by the server's clock. */
  finishedAt: z.string().optional(),
});

/** Something the server was asked for by its metadata (host/watch.sh), by the nonce of the caller. */
const requestSchema = z.object({
  nonce: z.string(),
  state: z.enum(["running", "done", "failed"]),
  /** When done, what came of it; when failed, its last words. */
  detail: z.string().optional(),
});

/** The answer of `GET https://<hook host>/healthz`, as far as a waiting operator needs it. Everyone gets digest and state. */
export const healthReportSchema = z.object({
  customer: z.string().optional(),
  /** `sha256:<hex>` over the files and the environment that the server is applying. */
  digest: z.string(),
  /** "stale": it was ready, and has not looked at itself for an hour (host/health.caddy). */
  state: z.enum(["converging", "ready", "failed", "stale"]),
  steps: z.array(stepSchema).default([]),
  /** The latest few; a server that was never asked for anything may leave it out. */
  requests: z.array(requestSchema).optional(),
  /** The newest set that is whole in the bucket (host/lib.sh). */
  lastBackup: z.object({ set: z.string(), finishedAt: z.string() }).optional().catch(undefined),
  /** Nothing waits for these, so facts that cannot be parsed are left out and hold up no update. */
  facts: z.optional(serverFactsSchema).catch(undefined),
  /** How far the pull of the order history is; nothing where it was never begun. */
  backfill: backfillReportSchema.optional().catch(undefined),
});

export type HealthReport = z.infer<typeof healthReportSchema>;

/** Why a report says no more than everyone may know; undefined where it is whole. */
export function withheld(report: HealthReport): string | undefined {
  return report.customer === undefined
    ? "it does not take the stack's token, so it shows nothing but its state"
    : undefined;
}

/** What a stale report says: not how the server is. */
export function stillness({ facts }: HealthReport): string {
  const since = facts?.checkedAt === undefined ? "for an hour" : `since ${facts.checkedAt}`;
  return `the server has not looked at itself ${since}: its boot disk is full, or erpnext-watch does not run`;
}

/** What one look at the server came to: a report, or why there is none. */
export type Observation =
  | { kind: "report"; report: HealthReport; /** When it was given, by the server's clock. */ at?: Date }
  | { kind: "silent"; reason: string };

/** What is waited for. */
export interface Wait {
  readonly digest: string;
  /** Milliseconds since the wait began. */
  readonly waitedMs: number;
}

/** The `Date` header counts in whole seconds, and a proxy's clock may be a little off (milliseconds). */
const CLOCK_MARGIN_MS = 5_000;

/** What to do after one look. */
export type Verdict =
  { kind: "ready" } | { kind: "wait"; because: string } | { kind: "failed"; step: string; detail: string };

/**
 * Decides from one observation. A report about another digest is about an earlier update: its failure says nothing about
 * this one, so the wait goes on until the server has seen the new metadata. Nor does a failure from before the wait began,
 * which the operator may have fixed since: the server tries again by itself (host/watch.sh).
 */
export function judge(observation: Observation, { digest, waitedMs }: Wait): Verdict {
  if (observation.kind === "silent") {
    return { kind: "wait", because: observation.reason };
  }
  const { report } = observation;
  if (report.digest !== digest) {
    return {
      kind: "wait",
      because: `the server still applies ${shortDigest(report.digest)}, not ${shortDigest(digest)}`,
    };
  }
  if (report.state === "ready") {
    return { kind: "ready" };
  }
  if (report.state === "failed") {
    return judgeFailure(report, observation.at, waitedMs);
  }
  if (report.state === "stale") return { kind: "wait", because: stillness(report) };
  const running = report.steps.find((step) => step.state === "running");
  return {
    kind: "wait",
    because: running === undefined ? "the server is converging" : `step "${running.name}" is running`,
  };
}

function judgeFailure(report: HealthReport, at: Date | undefined, waitedMs: number): Verdict {
  const failed = report.steps.find((candidate) => candidate.state === "failed");
  const step = failed?.name ?? "unknown";
  const detail = failed?.detail ?? withheld(report) ?? "the server gave no reason";
  const age = at === undefined ? 0 : at.getTime() - Date.parse(failed?.finishedAt ?? "");
  return age > waitedMs + CLOCK_MARGIN_MS
    ? { kind: "wait", because: `step "${step}" failed earlier with "${detail}" and will be tried again` }
    : { kind: "failed", step, detail };
}

/** One line for each step whose state is not what the previous report said, in the order of the steps. */
export function changedSteps(previous: HealthReport | undefined, current: HealthReport): string[] {
  const before = new Map(
    previous?.digest === current.digest ? previous.steps.map((step) => [step.name, step.state] as const) : [],
  );
  return current.steps
    .filter((step) => step.state !== "pending" && before.get(step.name) !== step.state)
    .map((step) => `${step.name}: ${step.state}${step.detail === undefined ? "" : ` (${step.detail})`}`);
}

function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}
