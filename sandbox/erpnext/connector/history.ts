import { SETTING } from "./doctypes-connector";
import { type Fields, isSet, rows, text, type Value, without } from "../frappe/document";
import { ADMINISTRATOR, load } from "../frappe/documents";
import { EVENTS } from "./events";
import { writeLog } from "./integration-log";
import { syncSalesOrder } from "./orders";
import { saveSetting } from "./setting";
import { savedSession } from "./shopify-rest";
import { type Work, withLog } from "../site";

const PAGE = "250";

/**
 * Pulls the orders of the setting's window, one after another, then clears the flag. Started over it starts at the beginning,
 * and orders that are there already are logged as Invalid.
 *
 * Without the per-order patch the first order that ends in Error ends the run: its log row stays, the flag stays set, the
 * orders after it are not looked at (the playbook's "one bad record aborts the whole backfill").
 */
export async function syncOldOrders(work: Work): Promise<void> {
  const shopify = savedSession(work);
  const setting = load(work.tx, SETTING, SETTING);
  if (shopify === undefined || !isSet(setting["sync_old_orders"])) return;
  const { patches, clock, orderMs = 0 } = work.site.options;
  const window = {
    created_at_min: isoTime(setting["old_orders_from"], clock.now()),
    created_at_max: isoTime(setting["old_orders_to"], clock.now()),
    limit: PAGE,
  };
  for await (const orders of shopify.pages("orders.json", patches.statusAny ? { ...window, status: "any" } : window)) {
    for (const order of orders) {
      if (orderMs > 0) await clock.sleep(orderMs, work.signal);
      await syncOne(work, asPulled(order));
    }
  }
  await saveSetting(work, { sync_old_orders: 0 }, { user: ADMINISTRATOR });
  work.tx.commit();
}

/** pyactiveresource takes `order_id` out of what lies under an order's address: `_prefix_source` of ShopifyAPI's Fulfillment and Refund. */
function asPulled(order: Fields): Fields {
  const parts = ["fulfillments", "refunds"].map((part) => [
    part,
    rows(order[part]).map((one) => without(one, "order_id")),
  ]);
  return { ...order, ...(Object.fromEntries(parts) as Fields) };
}

async function syncOne(work: Work, order: Fields): Promise<void> {
  const isGuarded = work.site.options.patches.perOrderTry;
  const log = writeLog(withLog(work), { method: EVENTS["orders/create"] ?? "", requestData: order });
  try {
    const { failure } = await syncSalesOrder(withLog(work, log.name), order);
    if (failure !== undefined && !isGuarded) throw failure;
  } catch (error) {
    work.signal.throwIfAborted();
    if (!isGuarded) throw error;
    work.tx.rollback();
  }
}

/** A Datetime field, which is in the site's zone (UTC here), as Shopify wants it; an empty one counts as now. */
function isoTime(value: Value, now: Date): string {
  const written = text(value);
  if (written === "") return now.toISOString();
  return `${written.slice(0, 10)}T${written.slice(11, 19) || "00:00:00"}+00:00`;
}
