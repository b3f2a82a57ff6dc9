import { CUSTOM_FIELDS } from "../frappe/columns";
import { DOOR_PATH, TOPICS } from "./events";
import { SETTING } from "./doctypes-connector";
import { type Doc, type Fields, isSet, rows, text } from "../frappe/document";
import { load, type Saving, update } from "../frappe/documents";
import { builtin, PythonException, validationError } from "../frappe/exceptions";
import { writeLog } from "./integration-log";
import { readPassword } from "../frappe/passwords";
import { session, type ShopifyRest } from "./shopify-rest";
import { type Work, withLog } from "../site";

export const MIGRATE_METHOD = "ecommerce_integrations.shopify.utils.migrate_from_old_connector";

/**
 * Saves Shopify Setting as the connector does: enabled without webhook rows it registers its own five at Shopify, with rows
 * it calls nothing, disabled it removes at Shopify every webhook whose address contains this request's host.
 * The caller commits.
 */
export async function saveSetting(work: Work, changes: Fields, saving: Saving): Promise<Doc> {
  const fields = { ...changes };
  const sentUrl = fields["shopify_url"];
  if (typeof sentUrl === "string") fields["shopify_url"] = sentUrl.replace("https://", "");
  const setting = load(work.tx, SETTING, SETTING);
  refuseBeforeShopify(work, setting, { fields, saving });
  const merged: Doc = { ...setting, ...fields, doctype: SETTING, name: SETTING };
  const isEnabled = isSet(merged["enable_shopify"]);
  if (isEnabled && rows(merged["webhooks"]).length === 0) fields["webhooks"] = await register(work, merged);
  if (!isEnabled) {
    await unregister(work, shopifyOf(work, merged));
    fields["webhooks"] = [];
  }
  if (text(merged["last_inventory_sync"]) === "") fields["last_inventory_sync"] = "1970-01-01 00:00:00";
  const saved = update(work.tx, setting, { fields, saving });
  if (isEnabled) afterEnabledSave(work, saved);
  return saved;
}

/** Frappe checks links and times before the connector's own code runs, so that a refused save has called nothing. */
function refuseBeforeShopify(work: Work, setting: Doc, change: { fields: Fields; saving: Saving }): void {
  const before = work.tx.savepoint();
  update(work.tx, setting, change);
  work.tx.rollbackTo(before);
}

function shopifyOf(work: Work, merged: Doc): ShopifyRest {
  const sent = text(merged["password"]);
  const token = sent !== "" && !/^\*+$/.test(sent) ? sent : readPassword(work.tx, merged, "password");
  return session(work, merged, token);
}

async function register(work: Work, merged: Doc): Promise<Fields[]> {
  const shopify = shopifyOf(work, merged);
  const host = hostOf(work);
  await unregister(work, shopify);
  const registered: Fields[] = [];
  for (const topic of TOPICS) {
    const webhook = { topic, address: `https://${host}${DOOR_PATH}`, format: "json" };
    try {
      const { webhook: created } = await shopify.create("webhooks.json", { webhook });
      const { id } = created as Fields;
      registered.push({ webhook_id: text(id), method: topic });
    } catch (error) {
      // The library turns a 422 into an invalid object instead of raising it.
      if (!(error instanceof PythonException) || error.raised.type !== "ResourceInvalid") throw error;
      writeLog(work, { status: "Error", exception: error, responseData: webhook });
    }
  }
  if (registered.length > 0) return registered;
  throw validationError(
    "Failed to register webhooks with Shopify.<br>Please check credentials and retry. Disabling and re-enabling the integration might also help.",
  );
}

async function unregister(work: Work, shopify: ShopifyRest): Promise<void> {
  const host = hostOf(work);
  const { webhooks } = await shopify.one("webhooks.json");
  for (const webhook of rows(webhooks)) {
    if (text(webhook["address"]).includes(host)) await shopify.destroy(`webhooks/${text(webhook["id"])}.json`);
  }
}

/** The host of the web request; outside one (a job, bench) the connector's code fails here. */
function hostOf(work: Work): string {
  if (work.host !== undefined) return work.host;
  throw builtin("RuntimeError", "object is not bound");
}

function afterEnabledSave(work: Work, saved: Doc): void {
  if (!work.tx.hasCustomFields) work.tx.put({ doctype: CUSTOM_FIELDS, name: CUSTOM_FIELDS });
  if (isSet(saved["is_old_data_migrated"])) return;
  const log = writeLog(withLog(work), { status: "Queued", method: MIGRATE_METHOD });
  work.site.queue.enqueue({ method: MIGRATE_METHOD, queue: "long", kwargs: { log: log.name } });
}

/** How long one round of the looping migration takes, in milliseconds of the clock. */
const MIGRATION_ROUND_MS = 1000;

/**
 * The migration never finds the old connector's fields, never sets the flag, and comes back to the front of its queue, so
 * that nothing else on the queue gets a turn. Setting the flag stops further ones; this one goes with a flush of the queue.
 */
export async function migrateFromOldConnector(work: Work): Promise<"again"> {
  await work.site.options.clock.sleep(MIGRATION_ROUND_MS, work.signal);
  return "again";
}
