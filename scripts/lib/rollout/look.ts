import pLimit from "p-limit";

import { AttemptFailed, persist, type Patience } from "../../../clients/http";
import { UserError } from "../../../core/user-error";
import type { Customer } from "../../../customers/schema";
import { progressTo } from "../../../tools/progress";
import { healthDoorOf } from "../cli/open-customer";
import { readStack } from "../cli/stack-state";
import type { Terminal } from "../cli/terminal";
import type { Observation } from "../server-readiness";
import { observe, type HealthDoor } from "../server-watch";
import type { Sighting } from "./plan";
import { notDeployed, sightingOf } from "./sighting";

/** Stacks that are read at the same time: each is a Pulumi CLI. */
const AT_ONCE = 4;

/** One request may be lost on its way; a door that is silent three times is shut. One look takes 5 s at most. */
const PATIENCE: Patience = { maxWaitMs: 30_000, tries: 3, firstDelayMs: 1_000 };

/** Where the customers are, and what they should have. */
export interface Looking {
  /** The project's directory. */
  readonly directory: string;
  readonly image: string;
  readonly signal: AbortSignal;
}

/** Looks at each customer's stack and server. One that cannot be looked at is unhealthy, and the others are still looked at. */
export async function lookAtAll(
  customers: readonly Customer[],
  looking: Looking,
  terminal: Terminal,
): Promise<ReadonlyMap<string, Sighting>> {
  const limit = pLimit(AT_ONCE);
  const progress = terminal.progress("looking at servers", customers.length);
  let done = 0;
  const look = async (customer: Customer): Promise<readonly [string, Sighting]> => {
    const sighting = await lookAt(customer, looking).catch(notLookedAt);
    progress.update(++done, customer.slug);
    return [customer.slug, sighting];
  };
  try {
    return new Map(await Promise.all(customers.map((customer) => limit(look, customer))));
  } finally {
    progress.end();
  }
}

/** @throws UserError when the stack cannot be read */
async function lookAt(customer: Customer, { directory, image, signal }: Looking): Promise<Sighting> {
  if (signal.aborted) return { kind: "unhealthy", reason: "interrupted before its turn" };
  const state = await readStack({ slug: customer.slug, directory }, progressTo(process.stderr));
  const behind = notDeployed(state?.outputs, image);
  if (state?.outputs === undefined || behind !== undefined) return { kind: "behind", reason: behind ?? "" };
  const door = healthDoorOf(customer, state.config);
  return sightingOf(await observePatiently(door), { image, digest: state.outputs.serverDigest });
}

function notLookedAt(error: unknown): Sighting {
  if (!(error instanceof UserError)) throw error;
  return { kind: "unhealthy", reason: error.problem.what };
}

/** The last of a few looks, unless an earlier one got a report. */
async function observePatiently(door: HealthDoor): Promise<Observation> {
  let last: Observation = { kind: "silent", reason: "it was not looked at" };
  const attempt = async (): Promise<Observation> => {
    last = await observe(door);
    if (last.kind === "report") return last;
    throw new AttemptFailed(() => new Error("silent"), { repeat: true });
  };
  return persist(PATIENCE, attempt).catch(() => last);
}
