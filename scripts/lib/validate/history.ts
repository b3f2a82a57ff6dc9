import { historyEvent } from "../../../clients/frappe-schedule";
import type { ArchivedOrder } from "./drive";
import { describe, text, type Doc, type Erpnext } from "./erpnext";
import { failed, ok, type Outcome } from "./matrix-row";

const SETTING = "Shopify Setting";
const EXECUTE_EVENT = "frappe.core.doctype.scheduled_job_type.scheduled_job_type.execute_event";

/** Days before and after the order's own: the window's dates are in the site's time zone, whichever that is. */
const MARGIN_DAYS = 1;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The first day of all: Shopify did not exist before. */
const EVER = "2006-01-01 00:00:00";

/** A Delivery Note is dated like its fulfilment, and a test store has no stock of that day: the whole order would be refused. */
const WITHOUT_NOTES = { sync_delivery_note: 0 };

/** Orders of which time are pulled. */
export type HistoryWindow = "around" | "all";

/**
 * Pulls history and looks for one archived order in it. The connector writes a log row for each order that it pulls, also
 * for one that is there already, so a new row proves that the pull asked for archived orders too (`status=any`).
 */
export async function historyRow(erpnext: Erpnext, order: ArchivedOrder, window: HistoryWindow): Promise<Outcome> {
  const { frappe } = erpnext;
  const before = await frappe.get(SETTING, SETTING);
  if (isSet(before?.["sync_old_orders"])) return failed("a history pull is under way already: wait until it is done");
  const event = await historyEvent(frappe);
  if (event === undefined)
    return failed("the site has no hourly event that pulls history: is the connector installed?");
  const rows = (await erpnext.logsOf("orders/create", order.id)).length;
  await frappe.update(SETTING, SETTING, { sync_old_orders: 1, ...datesOf(order, window), ...WITHOUT_NOTES });
  let over = false;
  try {
    over = await pull(erpnext, event.name);
  } finally {
    // Left as it is, the setting would pull every hour and make no Delivery Notes.
    await restore(erpnext, before, over);
  }
  if (!over) return failed(`the pull was not over in time: look at the worker of queue "default" and at RQ Job`);
  const logs = await erpnext.logsOf("orders/create", order.id);
  const [salesOrder] = await erpnext.documents("Sales Order", [["shopify_order_id", "=", order.id]]);
  const what = `archived order ${order.name} (${order.id})`;
  const [log] = logs;
  if (logs.length === rows || log === undefined) {
    return failed(`${what} was not pulled: the patch status="any" is missing in the image`);
  }
  const evidence = [what, salesOrder === undefined ? undefined : text(salesOrder["name"]), describe(log)] as const;
  return salesOrder === undefined ? failed(...evidence) : ok(...evidence);
}

function datesOf(order: ArchivedOrder, window: HistoryWindow): Readonly<Record<string, string>> {
  const [from, to] = [-MARGIN_DAYS, MARGIN_DAYS + 1].map((days) => midnight(order.createdAt, days));
  if (window === "all") return { old_orders_from: EVER, old_orders_to: midnight(new Date(), MARGIN_DAYS + 1) };
  return { old_orders_from: from ?? EVER, old_orders_to: to ?? EVER };
}

function midnight(date: Date, days: number): string {
  return `${new Date(date.getTime() + days * DAY_MS).toISOString().slice(0, 10)} 00:00:00`;
}

/** The hourly event, at once; the connector takes the flag away when it is done. */
async function pull(erpnext: Erpnext, event: string): Promise<boolean> {
  const { frappe } = erpnext;
  await frappe.call(EXECUTE_EVENT, { doc: JSON.stringify({ name: event }) });
  const seen = await erpnext.until(async () => {
    const setting = await frappe.get(SETTING, SETTING);
    return isSet(setting?.["sync_old_orders"]) ? undefined : true;
  });
  return seen.value === true;
}

/** Everything as someone had set it; a pull that goes on keeps its window. */
async function restore({ frappe }: Erpnext, before: Doc | undefined, over: boolean): Promise<void> {
  const notes = { sync_delivery_note: isSet(before?.["sync_delivery_note"]) ? 1 : 0 };
  if (!over) {
    await frappe.update(SETTING, SETTING, { sync_old_orders: 0, ...notes });
    return;
  }
  const { old_orders_from = null, old_orders_to = null } = before ?? {};
  await frappe.update(SETTING, SETTING, {
    old_orders_from: plain(old_orders_from),
    old_orders_to: plain(old_orders_to),
    ...notes,
  });
}

function plain(value: unknown): string | null {
  const written = text(value);
  return written === "" ? null : written;
}

function isSet(value: unknown): boolean {
  return Number(value ?? 0) === 1;
}
