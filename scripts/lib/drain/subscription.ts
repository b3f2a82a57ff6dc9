import { AttemptFailed, ConnectionError, givenUp, parseJson, persist, type Send } from "../../../clients/http";
import { UserError } from "../../../core/user-error";

/** Most messages of one pull, and most ids of one question: a request may have 512 KiB, an id has some 200 bytes. */
const MOST_MESSAGES = 1000;
const MOST_IDS = 1000;
/** Milliseconds for one question. */
const ASK_MS = 30_000;
/** Pub/Sub's own advice for the first pause after an error (milliseconds). */
const FIRST_DELAY_MS = 1000;

/** A pull subscription, and who asks it. */
export interface Subscription {
  readonly customer: string;
  /** `projects/<project>/subscriptions/<name>` */
  readonly subscription: string;
  /** Base address of Pub/Sub's API. */
  readonly pubsubUrl: string;
  /** Google access token. */
  readonly token: string;
  readonly send: Send;
  /** What cannot be asked is asked again until then (`performance.now()`). */
  readonly deadline: number;
}

export interface Received {
  readonly ackId: string;
  readonly message: {
    readonly messageId?: string;
    /** Base64. */
    readonly data?: string;
    readonly attributes?: Readonly<Record<string, string>>;
    /** RFC 3339. */
    readonly publishTime?: string;
  };
}

/** Thrown where the subscription is gone, and with it what it had. */
export class SubscriptionGone extends Error {
  override readonly name = "SubscriptionGone";
}

/** Some of what there is, at once. `https://pubsub.googleapis.com/$discovery/rest?version=v1` @throws UserError, SubscriptionGone */
export async function pull(of: Subscription): Promise<readonly Received[]> {
  const answer = await ask(of, "pull", { maxMessages: MOST_MESSAGES, returnImmediately: true });
  return (answer as { receivedMessages?: readonly Received[] }).receivedMessages ?? [];
}

/** @throws UserError, SubscriptionGone */
export async function acknowledge(of: Subscription, ackIds: readonly string[]): Promise<void> {
  for (const some of chunks(ackIds)) await ask(of, "acknowledge", { ackIds: some });
}

/** No other client gets these for so long; with 0 they come again after the subscription's pause. @throws UserError, SubscriptionGone */
export async function lease(of: Subscription, ackIds: readonly string[], ackDeadlineSeconds: number): Promise<void> {
  for (const some of chunks(ackIds)) await ask(of, "modifyAckDeadline", { ackIds: some, ackDeadlineSeconds });
}

function chunks(ackIds: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(ackIds.length / MOST_IDS);
  return Array.from({ length: count }, (_, index) => ackIds.slice(index * MOST_IDS, (index + 1) * MOST_IDS));
}

function ask(of: Subscription, verb: string, body: object): Promise<unknown> {
  const patience = {
    maxWaitMs: Math.max(1, of.deadline - performance.now()),
    tries: Number.MAX_SAFE_INTEGER,
    firstDelayMs: FIRST_DELAY_MS,
  };
  return persist(patience, async (remainingMs) =>
    askOnce(of, { verb, body, timeoutMs: Math.min(ASK_MS, remainingMs) }),
  );
}

interface Question {
  readonly verb: string;
  readonly body: object;
  readonly timeoutMs: number;
}

async function askOnce(of: Subscription, { verb, body, timeoutMs }: Question): Promise<unknown> {
  const url = new URL(`${of.pubsubUrl.replace(/\/$/, "")}/${of.subscription}:${verb}`);
  const headers = { Authorization: `Bearer ${of.token}`, "Content-Type": "application/json" };
  const again = (what: string): AttemptFailed =>
    new AttemptFailed((effort) => refusal(of, `${what}${givenUp(effort)}`), { repeat: true });
  try {
    const { status, text } = await of.send({ method: "POST", url, headers, body: JSON.stringify(body), timeoutMs });
    if (status === 404) throw new SubscriptionGone(of.subscription);
    const answer = parseJson(text === "" ? "{}" : text);
    if (status === 200 && answer !== undefined) return answer;
    const what = `Pub/Sub answers ${status} to ${verb} of ${of.subscription}: ${wordsOf(answer) ?? text.slice(0, 200)}`;
    if (status === 429 || status >= 500 || status === 200) throw again(what);
    throw refusal(of, what, status);
  } catch (error) {
    if (error instanceof ConnectionError) throw again(`Pub/Sub cannot be asked: ${error.message}`);
    throw error;
  }
}

function wordsOf(answer: unknown): string | undefined {
  return (answer as { error?: { message?: string } } | null | undefined)?.error?.message;
}

function refusal({ customer }: Subscription, what: string, status?: number): UserError {
  const role = "give the account that runs Pulumi the role roles/pubsub.editor in the project, and ";
  return new UserError({
    what,
    customer,
    next: `${status === 403 ? role : ""}run "pulumi up -s ${customer}" again; until then nothing of it is deleted`,
  });
}
