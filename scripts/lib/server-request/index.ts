import { AttemptFailed, givenUp, persist } from "../../../clients/http";
import { UserError } from "../../../components/shared/user-error";
import { observe, type HealthDoor } from "../server-watch";
import { type Instance, postRequest } from "./compute";
import { afterLook, isUnseen, type Metadata, type ServerRequest, standingRequest } from "./plan";

/** What the server is asked for, and how long the answer may take. */
export interface Asking extends Instance {
  readonly request: ServerRequest;
  /** What it is called in sentences, without an article: "last backup". */
  readonly subject: string;
  /** What the operator shall do when Google refuses the request, and when the server fails it or says nothing. */
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

/** So long nobody shall put another request in the place of one that the server has not seen (milliseconds). */
const STANDS_MS = 10 * 60_000;

/**
 * Asks the server for something by its metadata, and waits until its health report says how that ended. It needs no SSH and
 * no open port, only Google's API. @returns the last words of the request's script
 * @throws UserError when somebody else's request is not taken up yet, Google refuses, the request fails, or the time is up
 */
export async function askServer(asking: Asking): Promise<string> {
  const { request, subject, customer, next } = asking;
  const deadline = performance.now() + asking.timeoutMs;
  const firstDelayMs = Math.min(FIRST_DELAY_MS, asking.intervalMs);
  const refusal = (because: string): UserError => refused(asking, because);
  const until = new Date(Date.now() + Math.min(STANDS_MS, asking.timeoutMs));
  const admit = (metadata: Metadata): Promise<void> => refuseOvertaking(asking, metadata);
  const post = { request, until, admit, refusal };
  await postRequest(asking, post, { maxWaitMs: asking.timeoutMs, tries: TRIES, firstDelayMs });
  asking.onProgress(`the server "${asking.instance}" is asked for a ${subject}`);
  let seen = "";
  const patience = { maxWaitMs: deadline - performance.now(), tries: Number.MAX_SAFE_INTEGER, firstDelayMs };
  return persist(patience, async () => {
    const state = afterLook(await observe(asking.health), request);
    if (state.kind === "done") return state.words;
    if (state.kind === "failed") {
      throw new UserError({
        what: `the ${subject} failed on the server with "${state.detail}"`,
        customer,
        next: next.failed,
      });
    }
    if (state.because !== seen) asking.onProgress(state.because);
    seen = state.because;
    const late = (effort: { tries: number; elapsedMs: number }): Error =>
      new UserError({
        what: `there is no ${subject} (last seen: ${state.because}${givenUp(effort)})`,
        customer,
        next: next.failed,
      });
    throw new AttemptFailed(late, { repeat: true, waitMs: asking.intervalMs });
  });
}

function refused({ customer, project, zone, instance, subject, next }: Asking, because: string): UserError {
  return new UserError({
    what: `the server "${instance}" (project "${project}", zone "${zone}") could not be asked for a ${subject} (${because})`,
    customer,
    next: next.refused,
  });
}

/** @throws UserError when the metadata holds somebody else's request that the server has not seen yet */
async function refuseOvertaking({ request, subject, customer, health }: Asking, metadata: Metadata): Promise<void> {
  const other = standingRequest(metadata, request, new Date());
  if (other === undefined || !isUnseen(await observe(health), other)) return;
  throw new UserError({
    what: `somebody else has just asked the server for "${other.name}", which it has not taken up yet, so it was not asked for a ${subject}`,
    customer,
    next: `try again in a minute; from ${other.until} on, that request stands in nobody's way`,
  });
}
