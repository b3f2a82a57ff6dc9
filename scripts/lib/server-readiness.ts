import { z } from "zod";

/** A step of host/converge.sh. */
const stepSchema = z.object({
  name: z.string(),
  state: z.enum(["pending", "running", "done", "failed", "skipped"]),
  detail: z.string().optional(),
});

/** Something the server was asked for by its metadata (host/watch.sh), by the nonce of whoever asked. */
const requestSchema = z.object({
  nonce: z.string(),
  state: z.enum(["running", "done", "failed"]),
  /** When done, what came of it; when failed, its last words. */
  detail: z.string().optional(),
});

/** The answer of `GET https://<hook host>/healthz`, as far as a waiting operator needs it. */
export const healthReportSchema = z.object({
  customer: z.string(),
  /** `sha256:<hex>` over the files and the environment that the server is applying. */
  digest: z.string(),
  state: z.enum(["converging", "ready", "failed"]),
  steps: z.array(stepSchema),
  /** The latest few; a server that was never asked for anything may leave it out. */
  requests: z.array(requestSchema).optional(),
});

export type HealthReport = z.infer<typeof healthReportSchema>;

/** What one look at the server came to: a report, or why there is none. */
export type Observation = { kind: "report"; report: HealthReport } | { kind: "silent"; reason: string };

/** What to do after one look. */
export type Verdict =
  { kind: "ready" } | { kind: "wait"; because: string } | { kind: "failed"; step: string; detail: string };

/**
 * Decides from one observation. A report about another digest is about an earlier update: its failure says nothing about
 * this one, so the wait goes on until the server has seen the new metadata.
 */
export function judge(observation: Observation, digest: string): Verdict {
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
    const failed = report.steps.find((step) => step.state === "failed");
    return { kind: "failed", step: failed?.name ?? "unknown", detail: failed?.detail ?? "the server gave no reason" };
  }
  const running = report.steps.find((step) => step.state === "running");
  return {
    kind: "wait",
    because: running === undefined ? "the server is converging" : `step "${running.name}" is running`,
  };
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
