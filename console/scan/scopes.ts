/** How far back an app without `read_all_orders` sees (milliseconds): 60 days. */
const VISIBLE_MS = 60 * 24 * 60 * 60 * 1000;

/** To write implies to read. */
export function isGranted(scope: string, granted: readonly string[]): boolean {
  return granted.includes(scope) || granted.includes(scope.replace(/^read_/, "write_"));
}

/** The moment before which orders cannot be seen; null where all can be. */
export function visibleSince(granted: readonly string[], now: Date): string | null {
  return granted.includes("read_all_orders") ? null : new Date(now.getTime() - VISIBLE_MS).toISOString();
}
