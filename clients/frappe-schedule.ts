import type { FrappeApi } from "./frappe-api";

export const SCHEDULED = "Scheduled Job Type";

/** What the connector's hourly event runs: the pull of old orders, which does nothing while Shopify Setting asks for none. */
export const HISTORY_METHOD = "ecommerce_integrations.shopify.order.sync_old_orders";

/** The hourly event, as the scheduler knows it. */
export interface HistoryEvent {
  /** Of the document: "order.sync_old_orders" in version 15, ten random letters and digits in version 16. */
  readonly name: string;
  readonly stopped: boolean;
  /** When it began last, in the site's own time ("2026-11-26 10:00:00.000000"); undefined before its first time. */
  readonly lastExecution: string | undefined;
}

/** The connector's hourly event, by what it runs; undefined where the connector is not installed. @throws FrappeError */
export async function historyEvent(site: Pick<FrappeApi, "list">): Promise<HistoryEvent | undefined> {
  const [event] = await site.list(SCHEDULED, {
    fields: ["name", "stopped", "last_execution"],
    filters: [["method", "=", HISTORY_METHOD]],
    limit: 1,
  });
  if (event === undefined) return undefined;
  const { name, stopped, last_execution: last } = event;
  return { name: String(name), stopped: stopped === 1, lastExecution: typeof last === "string" ? last : undefined };
}
