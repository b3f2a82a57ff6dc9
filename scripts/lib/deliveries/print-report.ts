import { gradeOfDeliveries } from "../../../core/verdicts";
import type { Terminal } from "../cli/terminal";
import { chosen, type DeliveriesOptions } from "./options";
import type { DeliveryReport } from "./report";

/** How many rows of the list are printed; `--json` has all that the server names. */
const ROWS = 30;

/** Prints what waits, is parked, failed and was refused. */
export function printReport(terminal: Terminal, report: DeliveryReport, options: DeliveriesOptions): void {
  const { waiting, oldestWaitingSeconds: oldest, parked, failed, paused } = report;
  const since = oldest === null ? "" : `, the oldest for ${span(oldest)}`;
  terminal.verdict(gradeOfDeliveries(oldest) === "bad" ? "bad" : "ok", `${waiting} wait for ERPNext${since}`);
  if (paused !== null) terminal.verdict("warn", `nothing is given to ERPNext at the moment: ${paused}`);
  terminal.verdict(parked > 0 ? "warn" : "ok", `${parked} were refused by ERPNext and are delivered again later`);
  terminal.verdict(failed > 0 ? "bad" : "ok", `${failed} failed and are not delivered again by themselves`);
  terminal.verdict("ok", `24 hours: ${report.acceptedLastDay} taken, ${report.forgedLastDay} refused as forged`);
  const items = chosen(report.items, options);
  if (items.length === 0) return;
  terminal.table(
    ["order", "topic", "state", "received", "tries", "what the connector said"],
    items
      .slice(0, ROWS)
      .map((item) => [item.order, item.topic, item.state, item.receivedAt, String(item.attempts), item.words ?? ""]),
  );
  if (items.length > ROWS) terminal.print(`and ${items.length - ROWS} more; "--json" lists them.`);
}

function span(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 2) return `${Math.round(seconds)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}
