import { setTimeout as sleep } from "node:timers/promises";

import { ConnectionError, parseJson } from "../../../clients/http";
import { UserError } from "../../../core/user-error";
import type { Door } from "../cli/open-customer";
import { sign } from "../hmac/signature";
import { acknowledge, lease, pull, SubscriptionGone, type Received, type Subscription } from "./subscription";

/** Milliseconds for one delivery. */
const DELIVER_MS = 10_000;
/** Orders whose messages are brought to the door at once. */
const AT_ONCE = 10;
/** Characters of base64 in hand at once; more than a month of a busy shop would need. */
const MOST_IN_HAND = 512 * 1024 * 1024;
/** No other client gets a message for so long (seconds). Shorter than `quietMs`: a drain that was killed loses none to the next. */
const LEASE_SECONDS = 90;
/** How often that is put off again (milliseconds). */
const EXTEND_MS = 25_000;
/** The longest pause is so many times `intervalMs`. */
const LONGEST_PAUSE = 15;

/** What is brought where. */
export interface Drain extends Omit<Subscription, "deadline"> {
  readonly door: Door;
  /** The one shop whose deliveries the door takes. */
  readonly shopDomain: string;
  /** Secret of the app, which signs what came without a signature. */
  readonly secret: string;
  /** Nothing has come for so long: nothing is left. Longer than a puller that was killed has its messages (deliveries/puller.py). */
  readonly quietMs: number;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** Gets a line for each change. */
  readonly onProgress: (line: string) => void;
}

/** How many were brought to the door, and how many it will never take: another shop's, and what is no delivery. */
export interface Drained {
  readonly delivered: number;
  readonly refused: number;
}

interface Run {
  readonly drain: Drain;
  readonly subscription: Subscription;
  /** Pulled and not acknowledged, by message id: one that comes again has another ackId. */
  readonly inHand: Map<string, Received>;
  readonly total: { delivered: number; refused: number };
  extendedAt: number;
  /** Why the door did not take the last one that it did not take. */
  last: Pick<Verdict, "status" | "words">;
}

/**
 * Brings what a subscription still has to the server's door, which knows what it has already by the webhook ids. Pub/Sub gives a backlog in
 * any order: all of it is pulled before any of it is brought, so that what cancels an order does not overtake what makes it.
 * @throws UserError when the door or Pub/Sub does not answer in time: what is left stays in Pub/Sub, and nothing is deleted
 */
export async function drainQueue(drain: Drain): Promise<Drained> {
  const run: Run = {
    drain,
    subscription: { ...drain, deadline: performance.now() + drain.timeoutMs },
    inHand: new Map(),
    total: { delivered: 0, refused: 0 },
    extendedAt: performance.now(),
    last: { status: 0, words: "it was not asked" },
  };
  try {
    // Once more after the last one: an acknowledgement may come to nothing, and the message comes again.
    while (await pulledAny(run)) await bringAll(run);
    return run.total;
  } catch (error) {
    if (error instanceof SubscriptionGone) return run.total;
    await giveBack(run);
    throw error;
  }
}

/** Pulls until nothing has come for a while. */
async function pulledAny(run: Run): Promise<boolean> {
  const { drain, subscription, inHand } = run;
  let size = 0;
  for (let quietSince = performance.now(); performance.now() - quietSince < drain.quietMs;) {
    refuseTooLate(run);
    const received = await pull(subscription);
    await lease(subscription, ackIdsOf(received), LEASE_SECONDS);
    for (const one of received) inHand.set(one.message.messageId ?? one.ackId, one);
    size += received.reduce((sum, { message }) => sum + (message.data ?? "").length, 0);
    if (size > MOST_IN_HAND) break;
    await extend(run);
    if (received.length > 0) quietSince = performance.now();
    else await sleep(drain.intervalMs);
  }
  return inHand.size > 0;
}

/** Brings what is in hand until the door has taken all of it. */
async function bringAll(run: Run): Promise<void> {
  const { drain, inHand, total } = run;
  for (let pause = 1; inHand.size > 0; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const before = inHand.size;
    const orders = byOrder([...inHand.values()]);
    for (let start = 0; start < orders.length; start += AT_ONCE) {
      refuseTooLate(run);
      await Promise.all(orders.slice(start, start + AT_ONCE).map((messages) => bringOrder(run, messages)));
      await extend(run);
    }
    if (inHand.size < before) {
      drain.onProgress(`${total.delivered} deliveries came from Pub/Sub to ${drain.door.host}`);
      pause = 1;
    }
    if (inHand.size > 0) await sleep(drain.intervalMs * pause * (0.5 + Math.random() / 2));
  }
}

/** One after the other; what follows one that the door does not take now waits with it. */
async function bringOrder(run: Run, messages: readonly Received[]): Promise<void> {
  const { drain, subscription, inHand, total } = run;
  for (const one of messages) {
    const verdict = await deliver(drain, one);
    if (verdict.verdict === "later") {
      run.last = verdict;
      return;
    }
    await acknowledge(subscription, [one.ackId]);
    inHand.delete(one.message.messageId ?? one.ackId);
    total[verdict.verdict] += 1;
  }
}

async function extend(run: Run): Promise<void> {
  if (performance.now() - run.extendedAt < EXTEND_MS) return;
  run.extendedAt = performance.now();
  await lease(run.subscription, ackIdsOf([...run.inHand.values()]), LEASE_SECONDS);
}

/** So that the next drain need not wait for it; without an answer it comes again all the same. */
async function giveBack({ subscription, inHand }: Run): Promise<void> {
  const once = { ...subscription, deadline: performance.now() };
  await lease(once, ackIdsOf([...inHand.values()]), 0).catch(() => undefined);
}

/** Messages of one order each, in the order in which Shopify triggered them. */
function byOrder(messages: readonly Received[]): readonly (readonly Received[])[] {
  const orders = new Map<string, Received[]>();
  const sorted = messages.map((one) => [happened(one), one] as const).sort(([one], [other]) => one - other);
  for (const [, one] of sorted) {
    const order = orderOf(one);
    orders.set(order, [...(orders.get(order) ?? []), one]);
  }
  return [...orders.values()];
}

/** Milliseconds since 1970. */
function happened({ message }: Received): number {
  const triggered = Date.parse(attributesOf(message)["x-shopify-triggered-at"] ?? "");
  const at = Number.isNaN(triggered) ? Date.parse(message.publishTime ?? "") : triggered;
  return Number.isNaN(at) ? 0 : at;
}

/** The id of the order that a message is about, as deliveries/topics.py finds it; what is about none is a group of its own. */
function orderOf({ message, ackId }: Received): string {
  const payload = parseJson(bytesOf(message).toString()) as Payload | null | undefined;
  const id = payload?.order_edit?.order_id ?? payload?.order_id ?? payload?.id;
  return id === undefined ? `message ${message.messageId ?? ackId}` : String(id);
}

interface Payload {
  readonly id?: string | number;
  readonly order_id?: string | number;
  readonly order_edit?: { readonly order_id?: string | number };
}

interface Verdict {
  readonly verdict: "delivered" | "refused" | "later";
  readonly status: number;
  readonly words: string;
}

async function deliver({ door, send, secret, shopDomain }: Drain, { message }: Received): Promise<Verdict> {
  const body = bytesOf(message);
  const attributes = attributesOf(message);
  // Anyone with an app can have Shopify publish for another shop (docs/decisions/0027): the puller drops it too.
  if ((attributes["x-shopify-shop-domain"] ?? "").toLowerCase() !== shopDomain.toLowerCase()) {
    return { verdict: "refused", status: 0, words: "it is of another shop" };
  }
  const headers = {
    "Content-Type": "application/json",
    ...Object.fromEntries(Object.entries(attributes).filter(([name]) => name.startsWith("x-shopify-"))),
    "x-shopify-hmac-sha256": attributes["x-shopify-hmac-sha256"] ?? sign(body, secret),
  };
  try {
    const { status } = await send({ method: "POST", ...door, headers, body: body.toString(), timeoutMs: DELIVER_MS });
    const words = `${door.host} answers ${status}`;
    if (status === 200) return { verdict: "delivered", status, words };
    // No delivery, or too large: the receiver says so each time. A wrong signature (401) may be the server's wrong secret.
    return { verdict: [400, 413].includes(status) ? "refused" : "later", status, words };
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return { verdict: "later", status: 0, words: error.message };
  }
}

/** By their names in lower case. */
function attributesOf({ attributes = {} }: Received["message"]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), value]));
}

function bytesOf({ data = "" }: Received["message"]): Buffer {
  return Buffer.from(data, "base64");
}

function ackIdsOf(messages: readonly Received[]): readonly string[] {
  return messages.map(({ ackId }) => ackId);
}

function refuseTooLate({ drain, subscription, last }: Run): void {
  if (performance.now() <= subscription.deadline) return;
  const { customer, timeoutMs } = drain;
  const isForged = last.status === 401;
  const cure = isForged
    ? `compare the app's secret with "./stack hmac ${customer} --capture", set the right one`
    : `run "./stack doctor ${customer}"`;
  throw new UserError({
    what: `${drain.subscription} still has deliveries after ${Math.round(timeoutMs / 60_000)} min, because the server's door does not take them (${last.words}${isForged ? ": their signature is not of the server's secret" : ""})`,
    customer,
    next: `${cure}, and run "pulumi up -s ${customer}" again; until then nothing of it is deleted`,
  });
}
