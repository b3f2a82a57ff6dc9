import type { ScanBook } from "../store/scan-book";

const MINUTE_MS = 60_000;

/** How often everything is read, by how many orders there are: a small shop's costs nothing. */
const FULL_EVERY = [
  { upToOrders: 10_000, everyMs: 60 * MINUTE_MS },
  { upToOrders: 100_000, everyMs: 6 * 60 * MINUTE_MS },
  { upToOrders: Infinity, everyMs: 24 * 60 * MINUTE_MS },
] as const;

/** begin: a new full scan · full: go on with it · recent: what changed since the last scan. */
export type DueScan = "begin" | "full" | "recent" | "nothing";

/** Recent scans go first: they are short, and keep what is shown alive while a long full scan goes on. */
export function dueScan(book: ScanBook, now: Date, recentEveryMs: number): DueScan {
  const age = (time: string): number => now.getTime() - Date.parse(time);
  const { shown, building, recent, readUntil } = book;
  if (shown !== null && (recent !== null || readUntil === null || age(readUntil) >= recentEveryMs)) return "recent";
  if (building !== null) return "full";
  return shown === null || age(shown.startedAt) >= fullEvery(shown.orders) ? "begin" : "nothing";
}

function fullEvery(orders: number): number {
  return FULL_EVERY.find(({ upToOrders }) => orders <= upToOrders)?.everyMs ?? 24 * 60 * MINUTE_MS;
}
