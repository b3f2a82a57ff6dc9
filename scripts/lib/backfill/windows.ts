/** A stretch of time with the orders that were placed in it; both ends belong to it. */
export interface Window {
  /** RFC 3339 in UTC, whole seconds, as Shopify keeps them. */
  readonly from: string;
  readonly to: string;
  readonly orders: number;
}

/** How many orders were placed in a stretch of time, both ends included. */
export type CountOrders = (range: Omit<Window, "orders">) => Promise<number>;

export interface WindowSize {
  /** A window has at most so many orders, unless more were placed within one second. */
  readonly orders: number;
}

/**
 * Cuts a stretch of time into windows by halving it until Shopify counts few enough orders in each; neighbours that are
 * small enough together are one. Stretches without orders are left out. It asks about twice as often as there are windows.
 */
export async function planWindows(
  range: Omit<Window, "orders">,
  count: CountOrders,
  size: WindowSize,
): Promise<readonly Window[]> {
  const windows = await halve({ ...range, orders: await count(range) }, count, size);
  return windows.reduce<readonly Window[]>((merged, window) => {
    const last = merged.at(-1);
    if (last === undefined || last.orders + window.orders > size.orders) return [...merged, window];
    return [...merged.slice(0, -1), { from: last.from, to: window.to, orders: last.orders + window.orders }];
  }, []);
}

async function halve(window: Window, count: CountOrders, size: WindowSize): Promise<readonly Window[]> {
  if (window.orders === 0) return [];
  const [from, to] = [seconds(window.from), seconds(window.to)];
  if (window.orders <= size.orders || from >= to) return [window];
  const middle = Math.floor((from + to) / 2);
  const older = { from: window.from, to: timeOf(middle) };
  const orders = await count(older);
  const newer = { from: timeOf(middle + 1), to: window.to, orders: Math.max(0, window.orders - orders) };
  return [...(await halve({ ...older, orders }, count, size)), ...(await halve(newer, count, size))];
}

/** Whole seconds since 1970. */
function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

/** RFC 3339 without a fraction, as the server takes it. */
export function timeOf(second: number): string {
  return new Date(second * 1000).toISOString().replace(".000Z", "Z");
}
