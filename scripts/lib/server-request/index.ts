import { AttemptFailed, givenUp, persist } from "../../../clients/http";
import { UserError } from "../../../core/user-error";
import type { Observation } from "../server-readiness";
import { observe, type HealthDoor } from "../server-watch";
import { type Instance, type Post, postRequest, withdrawRequest } from "./compute";
import { afterLook, isUnseen, type Metadata, type ServerRequest, standingRequest } from "./plan";

/** What the server is asked for, and how long the answer may take. */
export interface Asking extends Instance {
  readonly request: ServerRequest;
  /** What it is called in sentences, without an article: "last backup". */
  readonly subject: string;
  /** What the operator does when Google refuses the request, and when the server fails it or says nothing. */
  readonly next: { readonly refused: string; readonly failed: string };
  readonly health: HealthDoor;
  /** For all of it. */
  readonly timeoutMs: number;
  /** Pause between two looks at the server. */
  readonly intervalMs: number;
  /** Gets one line for each change. */
  readonly onProgress: (line: string) => void;
}

/** Google's API is asked this often, and the first pause after a failure is this long (milliseconds). */
const TRIES = 8;
const FIRST_DELAY_MS = 1_000;

/** How long a request that the server has not seen may not be replaced (milliseconds). */
const STANDS_MS = 10 * 60_000;

/** Looks at the server for each look at its metadata, which costs Google's quota; some seconds lie between two (clients/http.ts). */
const LOOKS_PER_CHECK = 2;

/** How long an answered request may take to be taken away (milliseconds). */
const WITHDRAWAL_MS = 15_000;

/**
 * Asks the server for something by its metadata, and waits until its health report says how that ended. It needs no SSH and
 * no open port, only Google's API. An update of the stack that runs beside it may take the request away (the provider sends the
 * metadata of its own state), so that it is posted again until the server has seen it. @returns the last words of the request's script
 * @throws UserError when someone else's request is not taken up yet, Google refuses, the request fails, or the time is up
 */
export async function askServer(asking: Asking): Promise<string> {
  const { subject, customer, next } = asking;
  const deadline = performance.now() + asking.timeoutMs;
  const post = postOf(asking, (metadata) => refuseOvertaking(asking, metadata));
  await postRequest(asking, post, apiPatience(asking, asking.timeoutMs));
  asking.onProgress(`the server "${asking.instance}" is asked for a ${subject}`);
  const patience = {
    maxWaitMs: deadline - performance.now(),
    tries: Number.MAX_SAFE_INTEGER,
    firstDelayMs: firstDelay(asking),
  };
  const keeper = new Keeper(asking);
  return persist(patience, async (remainingMs) => {
    const observation = await observe(asking.health);
    const state = afterLook(observation, asking.request);
    if (state.kind !== "wait") await withdraw(asking);
    if (state.kind === "done") return state.words;
    if (state.kind === "failed") {
      throw new UserError({
        what: `the ${subject} failed on the server with "${state.detail}"`,
        customer,
        next: next.failed,
      });
    }
    keeper.say(state.because);
    await keeper.keep(observation, remainingMs);
    const late = (effort: { tries: number; elapsedMs: number }): Error =>
      new UserError({
        what: `there is no ${subject} (last seen: ${keeper.seen}${givenUp(effort)})`,
        customer,
        next: next.failed,
      });
    throw new AttemptFailed(late, { repeat: true, waitMs: asking.intervalMs });
  });
}

/** Keeps the request in the metadata until the server has seen it. */
class Keeper {
  seen = "";
  #told = "";
  #looks = 0;

  constructor(private readonly asking: Asking) {}

  /** One line for each change. */
  say(because: string): void {
    if (because !== this.seen) this.asking.onProgress(because);
    this.seen = because;
  }

  async keep(observation: Observation, remainingMs: number): Promise<void> {
    this.#looks += 1;
    const { asking } = this;
    const isSeen = observation.kind === "report" && !isUnseen(observation, asking.request);
    if (isSeen || this.#looks % LOOKS_PER_CHECK !== 0) return;
    const admit = (metadata: Metadata): Promise<void> => waitForTurn(asking, { metadata, observation });
    try {
      if (await postRequest(asking, postOf(asking, admit), apiPatience(asking, remainingMs)))
        this.asking.onProgress(
          `the request for a ${asking.subject} was gone from the server's metadata and is put back`,
        );
    } catch (error) {
      // The request was posted once, and may be answered all the same.
      if (!(error instanceof Overtaken)) this.#tell(error instanceof Error ? error.message : String(error));
    }
  }

  #tell(failure: string): void {
    if (failure !== this.#told) this.asking.onProgress(failure);
    this.#told = failure;
  }
}

/** Another request stands in the place of this one, and has its turn first: being overtaken is no reason for a refusal. */
class Overtaken extends Error {}

function waitForTurn(
  { request }: Asking,
  { metadata, observation }: { metadata: Metadata; observation: Observation },
): Promise<void> {
  const other = standingRequest(metadata, request, new Date());
  const isWaiting = other !== undefined && (observation.kind === "silent" || isUnseen(observation, other));
  return isWaiting ? Promise.reject(new Overtaken()) : Promise.resolve();
}

/** The key goes once it is answered: what stays there is put back by every later update. That it stays does no harm at once. */
async function withdraw(asking: Asking): Promise<void> {
  const patience = { maxWaitMs: WITHDRAWAL_MS, tries: 3, firstDelayMs: firstDelay(asking) };
  const refusal = (because: string): Error => new Error(because);
  await withdrawRequest(asking, { request: asking.request, refusal }, patience).catch((error: unknown) => {
    const because = error instanceof Error ? error.message : String(error);
    asking.onProgress(`the answered request stays in the server's metadata (${because}), which does no harm`);
  });
}

function postOf(asking: Asking, admit: Post["admit"]): Post {
  const standsMs = Math.min(STANDS_MS, asking.timeoutMs);
  return { request: asking.request, standsMs, admit, refusal: (because) => refused(asking, because) };
}

function firstDelay({ intervalMs }: Asking): number {
  return Math.min(FIRST_DELAY_MS, intervalMs);
}

function apiPatience(asking: Asking, maxWaitMs: number) {
  return { maxWaitMs, tries: TRIES, firstDelayMs: firstDelay(asking) };
}

function refused({ customer, project, zone, instance, subject, next }: Asking, because: string): UserError {
  return new UserError({
    what: `the server "${instance}" (project "${project}", zone "${zone}") could not be asked for a ${subject} (${because})`,
    customer,
    next: next.refused,
  });
}

/** @throws UserError when the metadata holds someone else's request that the server has not seen yet */
async function refuseOvertaking({ request, subject, customer, health }: Asking, metadata: Metadata): Promise<void> {
  const other = standingRequest(metadata, request, new Date());
  if (other === undefined || !isUnseen(await observe(health), other)) return;
  throw new UserError({
    what: `another request ("${other.name}") is still pending on the server; the ${subject} was not requested`,
    customer,
    next: `try again in a minute; from ${other.until} on, that request can be replaced`,
  });
}
