import { setTimeout as sleep } from "node:timers/promises";

import { ConnectionError, header, parseJson } from "../../clients/http";
import { send } from "../../clients/node-http";
import { UserError } from "../../core/user-error";
import { changedSteps, healthReportSchema, judge, type HealthReport, type Observation } from "./server-readiness";

/** Where a server reports its state. */
export interface HealthDoor {
  /** `https://<hook host>/healthz`, or the same path on a stand-in's address. */
  readonly url: URL;
  /** The host name that the server answers for. */
  readonly host: string;
  /** Whether its certificate is one of Let's Encrypt's staging. */
  readonly anyCertificate: boolean;
  /** For which it shows more than state and digest; a server of before there were tokens shows all to everyone. */
  readonly token?: string;
}

/** What to wait for, and how long. */
export interface Watch extends HealthDoor {
  readonly customer: string;
  /** The digest that the server should have applied. */
  readonly digest: string;
  readonly timeoutMs: number;
  /** Pause between two looks. */
  readonly intervalMs: number;
  /** Gets one line for each step that changed. */
  readonly onProgress: (line: string) => void;
}

/** Time limit of one look: the door answers from a file, so a slower answer is none. */
const LOOK_TIMEOUT_MS = 5_000;

/**
 * Looks at the server until it has applied the digest.
 * @throws UserError when a step failed, or when the time is up; both say what was last seen.
 */
export async function waitForServer(watch: Watch): Promise<void> {
  const began = Date.now();
  const deadline = began + watch.timeoutMs;
  let previous: HealthReport | undefined;
  let because = "it has not been looked at yet";
  while (Date.now() < deadline) {
    const observation = await observe(watch);
    if (observation.kind === "report") {
      changedSteps(previous, observation.report).forEach(watch.onProgress);
      previous = observation.report;
    }
    const verdict = judge(observation, { digest: watch.digest, waitedMs: Date.now() - began });
    if (verdict.kind === "ready") {
      return;
    }
    if (verdict.kind === "failed") {
      throw new UserError({
        what: `the server's step "${verdict.step}" failed with "${verdict.detail}"`,
        customer: watch.customer,
        next: `fix that and run "pulumi up -s ${watch.customer}" again`,
      });
    }
    because = verdict.because;
    await sleep(watch.intervalMs);
  }
  throw new UserError({
    what: `the server was not ready after ${Math.round(watch.timeoutMs / 1000)} s (last seen: ${because})`,
    customer: watch.customer,
    next: `run "pulumi up -s ${watch.customer}" again, which goes on waiting, or look at the server's log`,
  });
}

/** One look at the server. */
export async function observe({ url, host, anyCertificate, token }: HealthDoor): Promise<Observation> {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  try {
    const answer = await send({ method: "GET", url, host, anyCertificate, headers, timeoutMs: LOOK_TIMEOUT_MS });
    const parsed = healthReportSchema.safeParse(parseJson(answer.text));
    if (!parsed.success) {
      return { kind: "silent", reason: `HTTP ${answer.status} without a health report` };
    }
    const date = header(answer.headers, "date");
    return { kind: "report", report: parsed.data, ...(date === undefined ? {} : { at: new Date(date) }) };
  } catch (error) {
    if (error instanceof ConnectionError) {
      return { kind: "silent", reason: error.message };
    }
    throw error;
  }
}
