/** What every judge (doctor, Sync Console, provider, server) says of one fact. Two copies of a limit disagree sooner or later. */

export type Grade = "good" | "warning" | "bad";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Milliseconds since a time (ISO 8601); Infinity for none and for what is no time, which must never count as just now. */
export function ageOf(time: string | undefined, now: Date): number {
  const age = now.getTime() - Date.parse(time ?? "");
  return Number.isNaN(age) ? Infinity : age;
}

/** A token of the client credentials grant lasts so long; the server renews it every eight hours (hours). */
const TOKEN_ENDS_HOURS = 24;
/** Two renewals have failed by then, and a third may still come in time; people are written to (hours). */
export const TOKEN_LATE_HOURS = 17;

/** @param ageMs since the connector's token was renewed */
export function gradeOfTokenAge(ageMs: number): Grade {
  if (ageMs >= TOKEN_ENDS_HOURS * HOUR_MS) return "bad";
  return ageMs >= TOKEN_LATE_HOURS * HOUR_MS ? "warning" : "good";
}

/**
 * How long a job may wait in each queue (seconds), as the server itself judges (LONGEST_WAIT in host/bench/queues.py): three jobs of the queue's
 * own limit, and for "long", whose jobs take up to 1,500, one and a quarter hour.
 */
export const LONGEST_WAIT = { short: 900, default: 900, long: 4_500 } as const;
export type Queue = keyof typeof LONGEST_WAIT;
/** The queues of a Frappe bench. */
export const QUEUES = Object.keys(LONGEST_WAIT) as readonly Queue[];

/** A wait of a third of what is allowed is worth a look. */
const LATE_SHARE = 3;

interface Waiting {
  readonly queued: Readonly<Record<Queue, number>>;
  /** The oldest job of all queues together (seconds). */
  readonly oldestQueuedSeconds: number | null;
  /** How long the oldest job of each queue has waited for a worker that lives (seconds); older servers do not tell it. */
  readonly waits?: Readonly<Record<Queue, number | null>> | undefined;
}

/** The worst of all queues: a catalog import waits in "long" for its turn while every order is processed, and must not hide one that is not. */
export function gradeOfWait({ queued, oldestQueuedSeconds, waits }: Waiting): Grade {
  if (waits !== undefined) return worstOf(QUEUES.map((queue) => waited(waits[queue], LONGEST_WAIT[queue])));
  // Of all queues together the oldest is too old when it is so for every queue in which something waits.
  const waiting = QUEUES.filter((queue) => queued[queue] > 0);
  return waited(oldestQueuedSeconds, Math.max(LONGEST_WAIT.short, ...waiting.map((queue) => LONGEST_WAIT[queue])));
}

function waited(seconds: number | null, allowed: number): Grade {
  if ((seconds ?? 0) > allowed) return "bad";
  return (seconds ?? 0) > allowed / LATE_SHARE ? "warning" : "good";
}

export function worstOf(grades: readonly Grade[]): Grade {
  return (["bad", "warning"] as const).find((grade) => grades.includes(grade)) ?? "good";
}

/** Queues that no worker serves. */
export function unserved(workers: Readonly<Record<Queue, number>>): readonly Queue[] {
  return QUEUES.filter((queue) => workers[queue] === 0);
}

/** The server looks at itself each minute, but for the time of a backup or a migration: what is older tells of another time. */
export const FACTS_LAST_MS = 15 * MINUTE_MS;

/** @param checkedAt when the server last looked at queues, disk, image and deliveries (RFC 3339) */
export function isRecent(checkedAt: string | undefined, now: Date): boolean {
  return ageOf(checkedAt, now) <= FACTS_LAST_MS;
}

/** Longer than an ordinary update of the server pauses; from here on people are written to (seconds). */
export const DELIVERY_LATE_SECONDS = 15 * 60;

/** @param oldestSeconds how long the oldest delivery has waited for ERPNext; null when none waits */
export function gradeOfDeliveries(oldestSeconds: number | null): Grade {
  return (oldestSeconds ?? 0) > DELIVERY_LATE_SECONDS ? "bad" : "good";
}

/** Deliveries that ERPNext refused: given up, which only a person can change, or parked to be given to it again. */
export function gradeOfRefused({ failed, parked }: { readonly failed: number; readonly parked: number }): Grade {
  if (failed > 0) return "bad";
  return parked > 0 ? "warning" : "good";
}

/** Shopify delivers within seconds, rarely later; its first retries are done after a quarter of an hour. */
export const DELIVERED_WITHIN_MS = 15 * MINUTE_MS;

/** Whether an order that nothing arrived of since may still be on its way. */
export function mayBeOnItsWay(placedAt: string, now: Date): boolean {
  return ageOf(placedAt, now) < DELIVERED_WITHIN_MS;
}

/** A nightly backup is done two hours into the day after it (hours). */
export const BACKUP_HOURS = 26;

/** The first backup begins an hour after the machine came up; a server without one after this time has a fault (hours). */
export const FIRST_BACKUP_HOURS = 4;

export function gradeOfBackup(ageMs: number): Grade {
  return ageMs > BACKUP_HOURS * HOUR_MS ? "bad" : "good";
}

/** The newest backup is restored to try it each week; two weeks and a day without are a proof that is not made any more (days). */
export const PROOF_DAYS = 15;

export function gradeOfProof({ ok, ageMs }: { readonly ok: boolean; readonly ageMs: number }): Grade {
  return !ok || ageMs > PROOF_DAYS * DAY_MS ? "bad" : "good";
}

/** Free shares of the data disk (0 to 1) at which it is late and too late: MariaDB stops on a full disk. */
const DISK_LATE = 0.15;
export const DISK_FULL = 0.05;

export function gradeOfDisk({
  freeBytes,
  totalBytes,
}: {
  readonly freeBytes: number;
  readonly totalBytes: number;
}): Grade {
  const share = freeBytes / totalBytes;
  if (!(share >= DISK_FULL)) return "bad";
  return share < DISK_LATE ? "warning" : "good";
}

/** What a subscription has to be so that the connector gets whole orders. */
interface Delivered {
  readonly format: string;
  readonly filter: string | null;
  readonly includeFields: readonly string[];
}

/** A filter, fewer fields or another format make a delivery that the connector cannot use. Each fault is a clause. */
export function subscriptionFaults({ format, filter, includeFields }: Delivered): readonly string[] {
  return [
    ...(format === "JSON" ? [] : [`is delivered as ${format}, which the connector cannot read`]),
    ...((filter ?? "") === "" ? [] : [`has the filter "${filter ?? ""}"`]),
    ...(includeFields.length === 0 ? [] : [`carries only ${includeFields.join(", ")}`]),
  ];
}

interface Subscribed extends Delivered {
  readonly topic: string;
  readonly uri: string;
}

/**
 * Why a topic does not come to an address whole; each fault is a clause. Every subscription of it is checked: beside a whole one a
 * second that carries less delivers each order again, without what the connector needs.
 */
export function topicFaults(topic: string, all: readonly Subscribed[], address: string): readonly string[] {
  const mine = all.filter((one) => one.topic === topic);
  const here = mine.filter(({ uri }) => uri === address);
  if (here.length > 0) return [...new Set(here.flatMap(subscriptionFaults))].map((fault) => `${topic} ${fault}`);
  const [elsewhere] = mine;
  return [elsewhere === undefined ? `no ${topic}` : `${topic} goes to ${elsewhere.uri}`];
}

/** Share of the connector's rows that fail in a day: some orders cannot be synced by nature, these many are a cause. */
const WARN_SHARE = 0.05;
const BAD_SHARE = 0.5;
/** With fewer rows than this a share says nothing. */
const FEW = 5;

export function gradeOfErrors(succeeded: number, failed: number): Grade {
  const all = succeeded + failed;
  if (failed === 0) return "good";
  if (all < FEW) return "warning";
  const share = failed / all;
  if (share >= BAD_SHARE) return "bad";
  return share < WARN_SHARE ? "good" : "warning";
}
