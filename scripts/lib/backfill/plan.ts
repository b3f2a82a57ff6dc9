import { createHash } from "node:crypto";

import { isoOfSiteTime } from "../../../clients/site-time";
import { UserError } from "../../../core/user-error";
import { VISIBLE_DAYS } from "../../../core/shopify-access";
import { timeOf, type Window } from "./windows";

/** What the server pulls (host/backfill.sh). */
export interface HistoryPlan {
  readonly id: string;
  readonly windows: readonly Window[];
  /** How long one window may take. */
  readonly windowSeconds: number;
}

/**
 * A first guess of how long the connector takes for an order: customer, addresses, Sales Order, invoice and payment, each
 * with its own hooks. The run itself shows the real speed.
 */
export const SECONDS_AN_ORDER = 2;

/** A window may take so many times what is expected, and no less and no more than the bounds (seconds). */
const LIMIT_FACTOR = 5;
const SHORTEST_LIMIT = 600;
const LONGEST_LIMIT = 21_600;

/** A metadata value holds 256 KiB, all of a server's metadata 512 KiB with the files of host/ among them. */
const MOST_WINDOWS = 1_000;

/** Days (YYYY-MM-DD) of the company's calendar. */
export interface Days {
  readonly from: string;
  /** Default: until now. */
  readonly to?: string;
}

export interface Bounds {
  readonly timeZone: string;
  readonly now: Date;
  /** Look back {@link VISIBLE_DAYS} days only. */
  readonly visibleOnly: boolean;
}

/**
 * The days as moments: from the first one's midnight to the midnight after the last one, because Shopify keeps fractions of
 * its last second. @throws UserError when nothing lies between them
 */
export function rangeOf(
  days: Days,
  { timeZone, now, visibleOnly }: Bounds,
  customer: string,
): { readonly from: string; readonly to: string } {
  const midnight = (day: string): number => Date.parse(isoOfSiteTime(`${day} 00:00:00`, timeZone)) / 1000;
  const present = Math.ceil(now.getTime() / 1000);
  const oldest = visibleOnly ? present - VISIBLE_DAYS * 86_400 : 0;
  const from = Math.max(midnight(days.from), oldest);
  const to = days.to === undefined ? present : Math.min(midnight(dayAfter(days.to)), present);
  if (from < to) return { from: timeOf(from), to: timeOf(to) };
  throw new UserError({
    what: `the history from ${timeOf(from)} to ${timeOf(to)} is empty`,
    customer,
    next: "give an earlier --from or a later --to, as YYYY-MM-DD",
  });
}

/** @param day YYYY-MM-DD */
function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

/** @throws UserError when there are more windows than a request holds */
export function historyPlan(windows: readonly Window[], size: number, customer: string): HistoryPlan {
  if (windows.length > MOST_WINDOWS) {
    throw new UserError({
      what: `the history has ${windows.length} windows of at most ${size} orders where a request holds ${MOST_WINDOWS}`,
      customer,
      next: `give a larger --window, such as ${Math.ceil((size * windows.length) / MOST_WINDOWS / 100) * 100}`,
    });
  }
  const largest = Math.max(...windows.map(({ orders }) => orders));
  const wanted = largest * SECONDS_AN_ORDER * LIMIT_FACTOR;
  const id = createHash("sha256").update(JSON.stringify(windows)).digest("hex").slice(0, 12);
  return { id, windows, windowSeconds: Math.min(LONGEST_LIMIT, Math.max(SHORTEST_LIMIT, wanted)) };
}

/** "about 40 min", "about 3 h". */
export function roughly(seconds: number): string {
  if (seconds < 5_400) return `about ${Math.max(1, Math.round(seconds / 60))} min`;
  return seconds < 172_800 ? `about ${Math.round(seconds / 3_600)} h` : `about ${Math.round(seconds / 86_400)} days`;
}
