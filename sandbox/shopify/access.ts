/** Shopify shows orders of the last 60 days to an app without `read_all_orders`, and says nothing of the others. */
const openWindowMs = 60 * 24 * 60 * 60 * 1000;

/** Whether `scopes` allow what `wanted` allows. Shopify lets a `write_` scope read, too. */
export function allows(scopes: readonly string[], wanted: string): boolean {
  return scopes.includes(wanted) || scopes.includes(wanted.replace(/^read_/, "write_"));
}

/** The earliest creation time, in ms since 1970, of orders that an app with these scopes gets to see. */
export function ordersVisibleSince(scopes: readonly string[], now: Date): number {
  return scopes.includes("read_all_orders") ? Number.NEGATIVE_INFINITY : now.getTime() - openWindowMs;
}
