import type { MissingReason } from "./finding";
import type { LogEntry, OrderLine, ShopifyOrder } from "./order";

/** What is known about orders that ERPNext does not have. Both are asked for a batch of orders at a time. */
export interface Evidence {
  /** The connector's log rows of each order, in any sequence; an order without rows may be left out. */
  logs(orders: readonly ShopifyOrder[]): Promise<ReadonlyMap<string, readonly LogEntry[]>>;
  /** The lines of each order; one that cannot be told may be left out. */
  lines(ids: readonly string[]): Promise<ReadonlyMap<string, readonly OrderLine[]>>;
}

/** When an order counts as being on its way. */
export interface Patience {
  readonly now: Date;
  /** Minutes after an order was placed in which its webhook may be pending. @default 15 */
  readonly recentMinutes?: number;
  /** Minutes that a delivery may wait in ERPNext's queue before it counts as stuck. @default 60 */
  readonly queuedMinutes?: number;
}

export interface Explanation {
  readonly reason: MissingReason;
  readonly detail: string;
}

const MINUTE = 60_000;

/** Whether an order is explained by itself, without a look at its log or its lines. */
export function explainedByItself(order: ShopifyOrder, { now, recentMinutes = 15 }: Patience): Explanation | undefined {
  const age = Math.floor((now.getTime() - Date.parse(order.createdAt)) / MINUTE);
  if (age < recentMinutes)
    return { reason: "recent", detail: `placed ${Math.max(0, age)} min ago, its webhook may be on its way` };
  if (order.cancelledAt !== null)
    return { reason: "cancelled", detail: `cancelled in Shopify at ${order.cancelledAt}` };
  return undefined;
}

/** Why an order that does not explain itself is missing. */
export function explain(
  lines: readonly OrderLine[],
  logs: readonly LogEntry[],
  { now, queuedMinutes = 60 }: Patience,
): Explanation {
  const last = newest(logs);
  const waited = last === undefined ? 0 : Math.floor((now.getTime() - Date.parse(last.createdAt)) / MINUTE);
  if (last?.status === "Queued" && waited < queuedMinutes) {
    return { reason: "recent", detail: `queued in ERPNext ${Math.max(0, waited)} min ago` };
  }
  const orphaned = lines.find(({ productId }) => productId === null);
  if (orphaned !== undefined)
    return { reason: "deleted-product", detail: `"${orphaned.title}" has no product in Shopify` };
  if (last === undefined) return { reason: "other", detail: "ERPNext has no trace of it" };
  if (last.status === "Queued")
    return { reason: "error", detail: `queued in ERPNext at ${last.createdAt} and never worked off` };
  if (last.status === "Success") return { reason: "other", detail: `made at ${last.createdAt} and deleted since` };
  return { reason: "error", detail: last.message };
}

/** Of rows with the same time the later one, as a log is read. */
function newest(logs: readonly LogEntry[]): LogEntry | undefined {
  return logs.reduce<LogEntry | undefined>(
    (last, entry) => (last === undefined || Date.parse(entry.createdAt) >= Date.parse(last.createdAt) ? entry : last),
    undefined,
  );
}
