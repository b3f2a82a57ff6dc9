import { text, type Text } from "../core/messages";
import type { Expectations } from "./compared";
import { isOf, type OrderEvent } from "../core/connector";
import type { Cause, MissingReason } from "./finding";
import type { LogEntry, OrderLine, ShopifyOrder } from "./order";

/** What is known about orders besides themselves. Both are asked for a batch of orders at a time. */
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
  readonly detail: Text;
  readonly cause: Cause | null;
  readonly said: string | null;
}

const MINUTE = 60_000;
/** The connector's words when it looks for a product that a line does not have. */
const ABOUT_PRODUCTS = /\bproducts?\b|Not Found/i;

/** Whether an order is explained by itself, without a look at its log or its lines. */
export function explainedByItself(
  order: ShopifyOrder,
  { now, recentMinutes = 15, testOrders }: Patience & Expectations,
): Explanation | undefined {
  if (order.test && testOrders !== true) return byItself("test-order", text("finding.testOrder"));
  const age = Math.floor((now.getTime() - Date.parse(order.createdAt)) / MINUTE);
  if (age < recentMinutes) return byItself("recent", text("finding.recent", { minutes: Math.max(0, age) }));
  if (order.cancelledAt !== null) return byItself("cancelled", text("finding.cancelled", { at: order.cancelledAt }));
  return undefined;
}

function byItself(reason: MissingReason, detail: Text): Explanation {
  return { reason, detail, cause: null, said: null };
}

/** Why an order that does not explain itself is missing: by the rows of what makes Sales Orders, and by its lines. */
export function explain(
  lines: readonly OrderLine[],
  logs: readonly LogEntry[],
  { now, queuedMinutes = 60 }: Patience,
): Explanation {
  const last = newestOf("orders/create", logs);
  if (last?.status === "Queued") {
    const waited = Math.floor((now.getTime() - Date.parse(last.createdAt)) / MINUTE);
    if (waited < queuedMinutes) return byItself("recent", text("finding.queued", { minutes: Math.max(0, waited) }));
  }
  const said = last === undefined ? null : wordsOf(last);
  const orphaned = orphanedLine(lines);
  if (orphaned !== undefined && (said === null || ABOUT_PRODUCTS.test(said))) {
    return { reason: orphaned.cause, detail: orphaned.detail, cause: orphaned.cause, said };
  }
  if (last === undefined) return byItself("other", withoutCreation(logs));
  return { ...byTheLog(last), cause: orphaned?.cause ?? null, said };
}

function byTheLog({ status, createdAt, message }: LogEntry): Pick<Explanation, "reason" | "detail"> {
  if (status === "Queued") return { reason: "error", detail: text("finding.stuck", { at: createdAt }) };
  if (status === "Success") return { reason: "other", detail: text("finding.deleted", { at: createdAt }) };
  return { reason: "error", detail: message };
}

/** What followed the order is not about why it is missing: without a Sales Order all of it fails alike. */
function withoutCreation(logs: readonly LogEntry[]): Text {
  const last = newest(logs);
  if (last === undefined) return text("finding.noTrace");
  const method = last.method.split(".").at(-1) ?? last.method;
  return text("finding.notCreated", { method, at: last.createdAt });
}

export interface OrphanedLine {
  readonly cause: "line-without-product" | "deleted-product";
  readonly detail: Text;
}

/** The first line that no Item can be made of. A deleted product leaves its vendor behind; a custom item never had one. */
export function orphanedLine(lines: readonly OrderLine[]): OrphanedLine | undefined {
  const line = lines.find(({ productId }) => productId === null);
  if (line === undefined) return undefined;
  return line.vendor === null
    ? { cause: "line-without-product", detail: text("finding.customItem", { title: line.title }) }
    : { cause: "deleted-product", detail: text("finding.deletedProduct", { title: line.title }) };
}

/** The newest row of an event. */
export function newestOf(event: OrderEvent, logs: readonly LogEntry[]): LogEntry | undefined {
  return newest(logs.filter((entry) => isOf(event, entry)));
}

/** What the connector said when it failed; "None" is Python's word for nothing. */
export function wordsOf({ status, message }: LogEntry): string | null {
  const failed = status === "Error" || status === "Invalid";
  return failed && message !== "" && message !== "None" ? message : null;
}

/** Of rows with the same time the later one, as a log is read. */
function newest(logs: readonly LogEntry[]): LogEntry | undefined {
  return logs.reduce<LogEntry | undefined>(
    (last, entry) => (last === undefined || Date.parse(entry.createdAt) >= Date.parse(last.createdAt) ? entry : last),
    undefined,
  );
}
