import { DUMMY_PRICE_LIST } from "../business/prices";
import { CATALOG_METHOD, importAllProducts } from "./catalog";
import { type Fields, isFields, text } from "../frappe/document";
import { EVENTS } from "./events";
import { builtin } from "../frappe/exceptions";
import { HISTORY_EVENT } from "../fixtures";
import { syncOldOrders } from "./history";
import { cancelOrder, prepareDeliveryNote, prepareSalesInvoice, syncSalesOrder } from "./orders";
import type { Ending, Job } from "../frappe/queue";
import { MIGRATE_METHOD, migrateFromOldConnector } from "./setting";
import { type Site, type Work, withLog } from "../site";
import type { Transaction } from "../frappe/transaction";

/** Deletes what ERPNext left in the connector's own price list. */
const DISCARD_METHOD = "ecommerce_integrations.utils.price_list._delete_all_dummy_prices";

type JobFunction = (work: Work, payload: Fields) => unknown;

const FUNCTIONS: Readonly<Record<string, JobFunction>> = {
  [EVENTS["orders/create"] ?? ""]: syncSalesOrder,
  [EVENTS["orders/paid"] ?? ""]: prepareSalesInvoice,
  [EVENTS["orders/fulfilled"] ?? ""]: prepareDeliveryNote,
  [EVENTS["orders/cancelled"] ?? ""]: cancelOrder,
  [HISTORY_EVENT.method]: syncOldOrders,
  [CATALOG_METHOD]: importAllProducts,
  [MIGRATE_METHOD]: migrateFromOldConnector,
  [DISCARD_METHOD]: discardPrices,
};

/** Queued behind what waits already: until it runs, the prices count (ecommerce_integrations/utils/price_list.py). */
function queueDiscard(site: Site, tx: Transaction): void {
  const isQueued = site.queue.jobs().some(({ method, status }) => method === DISCARD_METHOD && status === "queued");
  if (isQueued || tx.find("Item Price", { price_list: DUMMY_PRICE_LIST }) === undefined) return;
  site.queue.enqueue({ method: DISCARD_METHOD, queue: "short" });
}

function discardPrices({ tx }: Work): void {
  for (const price of [...tx.all("Item Price")]) {
    if (price["price_list"] === DUMMY_PRICE_LIST) tx.remove("Item Price", price.name);
  }
}

/** Runs one function of the connector in a database transaction of its own. */
export async function runFunction(
  site: Site,
  call: { method: string; kwargs: Fields },
  signal: AbortSignal,
): Promise<Ending> {
  const run = FUNCTIONS[call.method];
  if (run === undefined) throw builtin("AttributeError", `module has no attribute '${call.method}'`);
  const tx = site.store.begin();
  const [logName, user] = [text(call.kwargs["request_id"]), text(call.kwargs["user"])];
  const own = { site, tx, signal, ...(user === "" ? {} : { user }) };
  const work = withLog(own, logName === "" ? undefined : logName);
  try {
    const payload = call.kwargs["payload"];
    const ending = await run(work, isFields(payload) ? payload : {});
    signal.throwIfAborted();
    tx.commit();
    queueDiscard(site, tx);
    return ending === "again" ? "again" : "done";
  } finally {
    tx.rollback();
  }
}

/** Runs one job of the queue, and notes when a scheduled event last ran. */
export async function runJob(site: Site, job: Job, signal: AbortSignal): Promise<Ending> {
  const ending = await runFunction(site, job, signal);
  if (job.kwargs["scheduled"] === HISTORY_EVENT.name) noteExecution(site);
  return ending;
}

function noteExecution(site: Site): void {
  const tx = site.store.begin();
  const event = tx.get("Scheduled Job Type", HISTORY_EVENT.name);
  if (event !== undefined) tx.put({ ...event, last_execution: tx.store.timestamp() });
  tx.commit();
}
