import { setTimeout as sleep } from "node:timers/promises";

import { ConnectionError, type Send } from "../../../clients/http";
import { UserError } from "../../../core/user-error";
import type { Door } from "../cli/open-customer";
import { sign } from "../hmac/signature";

/** Most messages of one pull. */
const MOST = 100;
/** Milliseconds for one question to Pub/Sub, and for one delivery. */
const ASK_MS = 30_000;
const DELIVER_MS = 10_000;
/** Messages that are brought to the door at once. */
const AT_ONCE = 10;

/** What is brought where. */
export interface Drain {
  readonly customer: string;
  /** `projects/<project>/subscriptions/<name>` */
  readonly subscription: string;
  /** Base address of Pub/Sub's API. */
  readonly pubsubUrl: string;
  /** Google access token. */
  readonly token: string;
  readonly door: Door;
  /** Secret of the app, which signs what came without a signature. */
  readonly secret: string;
  readonly send: Send;
  /** Nothing has come for so long: nothing is left. Longer than a puller that was killed has its messages (deliveries/puller.py). */
  readonly quietMs: number;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** Gets a line for each change. */
  readonly onProgress: (line: string) => void;
}

interface Received {
  readonly ackId: string;
  readonly message: {
    readonly messageId?: string;
    readonly data?: string;
    readonly attributes?: Readonly<Record<string, string>>;
  };
}

/** How many were brought to the door, and how many it will never take: another shop's, and what is no delivery. */
export interface Drained {
  readonly delivered: number;
  readonly refused: number;
}

/**
 * Brings what a subscription still has to the server's door, which knows what it has already by the webhook ids.
 * @throws UserError when the door or Pub/Sub does not answer in time: what is left stays in Pub/Sub, and nothing is deleted
 */
export async function drainQueue(drain: Drain): Promise<Drained> {
  const deadline = performance.now() + drain.timeoutMs;
  const total = { delivered: 0, refused: 0 };
  let last = "it was not asked";
  for (let quietSince = performance.now(); ;) {
    if (performance.now() > deadline) throw tooLate(drain, last);
    const received = await pull(drain);
    if (received === undefined) return total;
    if (received.length === 0 && performance.now() - quietSince >= drain.quietMs) return total;
    const verdicts = await brought(drain, received);
    const done = verdicts.filter(({ verdict }) => verdict !== "later");
    total.delivered += done.filter(({ verdict }) => verdict === "delivered").length;
    total.refused += done.filter(({ verdict }) => verdict === "refused").length;
    await ask(drain, "acknowledge", { ackIds: done.map(({ ackId }) => ackId) });
    const later = verdicts.filter(({ verdict }) => verdict === "later");
    await ask(drain, "modifyAckDeadline", { ackIds: later.map(({ ackId }) => ackId), ackDeadlineSeconds: 0 });
    last = later[0]?.words ?? last;
    if (received.length > 0) {
      drain.onProgress(`${total.delivered} deliveries came from Pub/Sub to ${drain.door.host}`);
      quietSince = performance.now();
    }
    if (received.length === 0 || later.length > 0) await sleep(drain.intervalMs);
  }
}

interface Question {
  readonly maxMessages?: number;
  readonly returnImmediately?: boolean;
  readonly ackIds?: readonly string[];
  readonly ackDeadlineSeconds?: number;
}

interface Verdict {
  readonly ackId: string;
  readonly verdict: "delivered" | "refused" | "later";
  readonly words: string;
}

async function brought(drain: Drain, received: readonly Received[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (let start = 0; start < received.length; start += AT_ONCE) {
    verdicts.push(...(await Promise.all(received.slice(start, start + AT_ONCE).map((one) => deliver(drain, one)))));
  }
  return verdicts;
}

async function deliver({ door, send, secret }: Drain, { ackId, message }: Received): Promise<Verdict> {
  const bytes = Buffer.from(message.data ?? "", "base64");
  const attributes = Object.entries(message.attributes ?? {}).filter(([name]) => /^x-shopify-/i.test(name));
  const isSigned = attributes.some(([name]) => name.toLowerCase() === "x-shopify-hmac-sha256");
  const headers = {
    "Content-Type": "application/json",
    ...Object.fromEntries(attributes),
    ...(isSigned ? {} : { "X-Shopify-Hmac-Sha256": sign(bytes, secret) }),
  };
  try {
    const { status } = await send({ method: "POST", ...door, headers, body: bytes.toString(), timeoutMs: DELIVER_MS });
    if (status === 200) return { ackId, verdict: "delivered", words: "" };
    // A wrong signature, another shop's, no delivery, or too large: the receiver says so of it each time.
    if ([400, 401, 413].includes(status)) return { ackId, verdict: "refused", words: `${status}` };
    return { ackId, verdict: "later", words: `${door.host} answers ${status}` };
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return { ackId, verdict: "later", words: error.message };
  }
}

/** Messages; undefined when there is no such subscription any more. */
async function pull(drain: Drain): Promise<readonly Received[] | undefined> {
  const answer = await ask(drain, "pull", { maxMessages: MOST, returnImmediately: true });
  if (answer === undefined) return undefined;
  return (answer as { receivedMessages?: readonly Received[] }).receivedMessages ?? [];
}

async function ask(drain: Drain, verb: string, body: Question): Promise<unknown> {
  if (body.ackIds?.length === 0) return {};
  const url = new URL(`${drain.pubsubUrl.replace(/\/$/, "")}/${drain.subscription}:${verb}`);
  const headers = { Authorization: `Bearer ${drain.token}`, "Content-Type": "application/json" };
  const request = { method: "POST", url, headers, body: JSON.stringify(body), timeoutMs: ASK_MS } as const;
  const { status, text } = await drain.send(request);
  if (status === 404) return undefined;
  if (status === 200) return JSON.parse(text === "" ? "{}" : text) as unknown;
  throw new UserError({
    what: `Pub/Sub answers ${status} to ${verb} of ${drain.subscription}: ${wordsOf(text)}`,
    customer: drain.customer,
    next: `give the account that runs Pulumi the role roles/pubsub.editor in the project, and run "pulumi up -s ${drain.customer}" again`,
  });
}

function wordsOf(text: string): string {
  try {
    return (JSON.parse(text) as { error?: { message?: string } }).error?.message ?? text.slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}

function tooLate({ customer, subscription, timeoutMs }: Drain, last: string): UserError {
  return new UserError({
    what: `${subscription} still has deliveries after ${Math.round(timeoutMs / 60_000)} min, because the server's door does not take them (${last})`,
    customer,
    next: `run "./stack doctor ${customer}", and "pulumi up -s ${customer}" again; until then nothing of it is deleted`,
  });
}
