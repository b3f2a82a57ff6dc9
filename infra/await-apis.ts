import { setTimeout as sleep } from "node:timers/promises";

import { remedyOf } from "../clients/google-refusals";
import { NEEDED_RIGHTS } from "../clients/google-rights";
import { probeApi, probeRights, type ApiState, type ProbedApi, type Probing } from "../clients/google-services";
import { UserError } from "../core/user-error";

/** What is waited for, and how long. */
export interface ApiWait extends Probing {
  readonly customer: string;
  /** Those that the update calls. */
  readonly apis: readonly ProbedApi[];
  /** Google says that it takes a few minutes until an API that was enabled answers everywhere. */
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** Gets a line for each change. */
  readonly onProgress: (line: string) => void;
}

/** Google's APIs answer a while after they were enabled (milliseconds). */
export const API_WAIT = { timeoutMs: 10 * 60_000, intervalMs: 5_000 };

/**
 * Waits until every API that the update calls answers: the provider does not try again what a fresh project refuses.
 * @throws UserError when waiting does not help, or the time is up
 */
export async function awaitApis(wait: ApiWait): Promise<void> {
  const deadline = performance.now() + wait.timeoutMs;
  let waiting = wait.apis;
  for (let told = ""; ;) {
    const states = await Promise.all(waiting.map(async (api) => [api, await probeApi(api, wait)] as const));
    for (const [api, state] of states) if (state.kind === "refused") throw refused(wait, api, state);
    const late = states.flatMap(([api, state]) => (state.kind === "not-yet" ? [{ api, words: state.words }] : []));
    waiting = late.map(({ api }) => api);
    const [first] = late;
    if (first === undefined) return;
    const line = `waiting until Google's APIs answer: ${waiting.join(", ")}`;
    if (line !== told) wait.onProgress(line);
    told = line;
    if (performance.now() + wait.intervalMs > deadline) throw tooLate(wait, waiting, first.words);
    await sleep(wait.intervalMs);
  }
}

/**
 * What the token may not do, told before anything fails for it: resource by resource Google refuses in words that name no role, in a
 * project whose APIs may be late as well. It refuses nothing by itself, because an update need not need all. Undefined where nothing lacks.
 */
export async function rightsWarning({
  customer,
  project,
  ...rest
}: Pick<ApiWait, "customer" | keyof Probing>): Promise<string | undefined> {
  const missing = (await probeRights({ ...rest, project })) ?? [];
  if (missing.length === 0) return undefined;
  const roles = [...new Set(missing.map((permission) => NEEDED_RIGHTS[permission]))].join(", ");
  return `the login of this update lacks ${missing.join(", ")} in the project "${project}" for customer "${customer}": where Google refuses something for it, give the account ${roles} and run "pulumi up -s ${customer}" again.`;
}

function refused(
  { customer, project }: ApiWait,
  api: ProbedApi,
  { words, refusal }: Extract<ApiState, { kind: "refused" }>,
): UserError {
  return new UserError({
    what: `Google's API "${api}" refuses the project "${project}" ("${words}")`,
    customer,
    next: `${remedyOf(refusal, { words, project, customer })}, and run "pulumi up -s ${customer}" again`,
  });
}

function tooLate({ customer, project, timeoutMs }: ApiWait, apis: readonly string[], words: string): UserError {
  return new UserError({
    what: `Google's APIs ${apis.join(", ")} of the project "${project}" do not answer ${Math.round(timeoutMs / 1000)} s after they were enabled ("${words}")`,
    customer,
    next: `run "pulumi up -s ${customer}" again in some minutes, which goes on waiting; see them with "gcloud services list --enabled --project ${project}"`,
  });
}
