import { type Doc, type Fields, text, type Value } from "../frappe/document";
import { ADMINISTRATOR, insert } from "../frappe/documents";
import { duplicateEntry } from "../frappe/exceptions";
import type { Transaction, Where } from "../frappe/transaction";

const MAP = "Ecommerce Item";
const INTEGRATION = "shopify";

/** A product, or one variant of it, as Shopify numbers it. */
export interface Listing {
  readonly product: Value;
  readonly variant?: Value;
  readonly sku?: Value;
}

/** Python's `str`: the product of a line without one is called "None". */
export function productId(product: Value): string {
  return product === null || product === undefined ? "None" : text(product);
}

/** Whether the product, the variant or, failing that, the SKU is mapped to an Item. */
export function isMapped(tx: Transaction, listing: Listing): boolean {
  if (tx.find(MAP, byNumber(listing)) !== undefined) return true;
  return text(listing.sku) !== "" && tx.find(MAP, { integration: INTEGRATION, sku: listing.sku }) !== undefined;
}

/** The Item that a listing is mapped to; the SKU goes first. */
export function mappedItem(tx: Transaction, listing: Listing, templateOnly = false): Doc | undefined {
  const bySku = text(listing.sku) === "" ? undefined : tx.find(MAP, { integration: INTEGRATION, sku: listing.sku });
  const map = bySku ?? tx.find(MAP, { ...byNumber(listing), ...(templateOnly ? { has_variants: 1 } : {}) });
  return map === undefined ? undefined : tx.get("Item", text(map["erpnext_item_code"]));
}

/** Makes the mapping's row; the connector refuses a second one for the same item or SKU. */
export function mapItem(tx: Transaction, fields: Fields): void {
  const { erpnext_item_code, integration_item_code, variant_id, sku } = fields;
  const same: Where = { integration: INTEGRATION, erpnext_item_code, integration_item_code };
  const isTaken =
    tx.find(MAP, text(variant_id) === "" ? same : { ...same, variant_id }) !== undefined ||
    (text(sku) !== "" && tx.find(MAP, { integration: INTEGRATION, sku }) !== undefined);
  if (isTaken) throw duplicateEntry(MAP, text(sku) || text(integration_item_code));
  const defaults = { inventory_synced_on: "1970-01-01 00:00:00" };
  insert(tx, { ...defaults, ...fields, doctype: MAP, integration: INTEGRATION }, { user: ADMINISTRATOR });
}

function byNumber(listing: Listing): Where {
  const where = { integration: INTEGRATION, integration_item_code: productId(listing.product) };
  return text(listing.variant) === "" ? where : { ...where, variant_id: listing.variant };
}
