/** What every judge (doctor, Sync Console, provider) says of one fact. Two copies of a limit disagree sooner or later. */

export type Grade = "good" | "warning" | "bad";

const HOUR_MS = 60 * 60 * 1000;

/** A token of the client credentials grant lasts so long; the server renews it every eight hours (hours). */
const TOKEN_ENDS_HOURS = 24;
/** One renewal has failed by then, and the next may still come in time (hours). */
const TOKEN_LATE_HOURS = 12;

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

/** A wait of a third of what is allowed is worth a look. */
const LATE_SHARE = 3;

/**
 * The server tells the oldest job of all queues together: it is too old when it is so for every queue in which something waits.
 * A catalog import waits in "long" for its turn while every order is worked off.
 */
export function gradeOfWait(oldestSeconds: number | null, queued: Readonly<Record<Queue, number>>): Grade {
  const waiting = (Object.keys(LONGEST_WAIT) as Queue[]).filter((queue) => queued[queue] > 0);
  const allowed = Math.max(LONGEST_WAIT.short, ...waiting.map((queue) => LONGEST_WAIT[queue]));
  const waits = oldestSeconds ?? 0;
  if (waits > allowed) return "bad";
  return waits > allowed / LATE_SHARE ? "warning" : "good";
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
