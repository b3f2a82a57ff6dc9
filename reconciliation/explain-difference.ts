import { text, type Text } from "../core/messages";
import type { Differs } from "./compared";
import type { OrderEvent } from "../core/connector";
import type { Cause, Difference } from "./finding";
import { newestOf, orphanedLine, wordsOf } from "./missing";
import type { LogEntry, OrderLine } from "./order";

/** The events whose rows in the connector's log say why something was not made. */
const EVENTS: Readonly<Partial<Record<Difference, readonly OrderEvent[]>>> = {
  "no-invoice": ["orders/paid"],
  "no-delivery-note": ["orders/fulfilled", "orders/partially_fulfilled"],
  "not-cancelled": ["orders/cancelled"],
};

/** Whether the connector's log or the order's lines may say more of it. */
export function isExplainable({ difference, cause }: Differs): boolean {
  return EVENTS[difference] !== undefined || (difference === "total" && cause === null);
}

/** What the log and the lines prove; a total without either stays unexplained rather than guessed at. */
export function explainDifference(
  { difference, detail, cause }: Differs,
  logs: readonly LogEntry[],
  lines: readonly OrderLine[],
): { readonly detail: Text; readonly cause: Cause | null; readonly said: string | null } {
  if (difference === "total") {
    const line = orphanedLine(lines);
    if (line === undefined) return { detail, cause, said: null };
    return { detail: text("finding.line", { total: detail, line: line.detail }), cause: line.cause, said: null };
  }
  const rows = (EVENTS[difference] ?? []).map((event) => newestOf(event, logs)).filter((row) => row !== undefined);
  const said = rows.map(wordsOf).find((words) => words !== null) ?? null;
  return { detail, cause, said };
}
