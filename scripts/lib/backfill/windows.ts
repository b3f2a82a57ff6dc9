/** A stretch of time with the orders that were placed in it; both ends belong to it. */
export interface Window {
  /** RFC 3339 in UTC, whole seconds. */
  readonly from: string;
  readonly to: string;
  /** Orders on the very border of two windows count in the older one alone. */
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
 * small enough together are one. It asks about twice as often as there are windows.
 *
 * The windows cover all of the stretch, and the end of one is the beginning of the next. Shopify shows whole seconds and keeps
 * fractions: an order shown at 22:34:00Z is kept at 22:34:00.609599 (recorded in airhorns/shopify-draft-proxy). A window that
 * begins one second after its neighbour's end loses it. An order on a border is pulled twice, and the connector refuses the second.
 */
export async function planWindows(
  range: Omit<Window, "orders">,
  count: CountOrders,
  size: WindowSize,
): Promise<readonly Window[]> {
  const orders = await count(range);
  if (orders === 0) return [];
  // Counted from the very beginning, so that an order on a border is not counted on both sides of it.
  const countUntil = (to: string): Promise<number> => count({ from: range.from, to });
  const windows = await halve({ ...range, orders, before: 0 }, countUntil, size);
  return windows.reduce<readonly Window[]>((merged, window) => {
    const last = merged.at(-1);
    if (last === undefined || last.orders + window.orders > size.orders) return [...merged, window];
    return [...merged.slice(0, -1), { from: last.from, to: window.to, orders: last.orders + window.orders }];
  }, []);
}

/** A window that may be too large. */
interface Stretch extends Window {
  /** Orders of the windows before it. */
  readonly before: number;
}

async function halve(
  { before, ...window }: Stretch,
  countUntil: (to: string) => Promise<number>,
  size: WindowSize,
): Promise<readonly Window[]> {
  const [from, to] = [seconds(window.from), seconds(window.to)];
  if (window.orders <= size.orders || to - from <= 1) return [window];
  const middle = timeOf(Math.floor((from + to) / 2));
  // Orders come and go between two counts.
  const older = Math.min(window.orders, Math.max(0, (await countUntil(middle)) - before));
  const halves: readonly Stretch[] = [
    { from: window.from, to: middle, orders: older, before },
    { from: middle, to: window.to, orders: window.orders - older, before: before + older },
  ];
  const windows: Window[] = [];
  for (const half of halves) windows.push(...(await halve(half, countUntil, size)));
  return windows;
}

/** Whole seconds since 1970. */
function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

/** RFC 3339 without a fraction, as the server takes it. */
export function timeOf(second: number): string {
  return new Date(second * 1000).toISOString().replace(".000Z", "Z");
}
