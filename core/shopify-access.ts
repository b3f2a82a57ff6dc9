/** What an app's scopes let it see. */

/** To write implies to read. */
export function isGranted(scope: string, granted: readonly string[]): boolean {
  return granted.includes(scope) || granted.includes(scope.replace(/^read_/, "write_"));
}

/** Without `read_all_orders` Shopify shows the orders of so many days, and says nothing of the others. */
export const VISIBLE_DAYS = 60;

/** The moment before which orders cannot be seen (ISO 8601); undefined where all can be. */
export function visibleSince(granted: readonly string[], now: Date): string | undefined {
  if (granted.includes("read_all_orders")) return undefined;
  return new Date(now.getTime() - VISIBLE_DAYS * 86_400_000).toISOString();
}
