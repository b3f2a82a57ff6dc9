import { amount, type Doc, type Fields, isSet, text } from "../frappe/document";
import { ADMINISTRATOR, insert } from "../frappe/documents";
import type { Transaction } from "../frappe/transaction";

/** The connector's own selling price list, which it wants to be empty; it has no field for one. */
export const DUMMY_PRICE_LIST = "Ecommerce Integrations - Ignore";

/**
 * The price of a line, as erpnext/stock/get_item_details.py `get_price_list_rate` and controllers/taxes_and_totals.py make it
 * (15.92): a line without a rate is given the price of the document's list or, where Selling Settings say so, of the default
 * one; a line with a rate leaves that as the item's price where Stock Settings say so. The setup wizard says so.
 */
export function rateOf(tx: Transaction, doc: Doc, line: Fields): number {
  const rate = amount(line["rate"]);
  const list = text(doc["selling_price_list"]);
  const price = priceIn(tx, list, line);
  if (price === undefined) keepPrice(tx, { list, line, rate });
  return rate || price || fallbackPrice(tx, line) || 0;
}

function priceIn(tx: Transaction, list: string, line: Fields): number | undefined {
  const found = list === "" ? undefined : tx.find("Item Price", { price_list: list, item_code: line["item_code"] });
  return found === undefined ? undefined : amount(found["price_list_rate"]);
}

function fallbackPrice(tx: Transaction, line: Fields): number | undefined {
  const selling = tx.get("Selling Settings", "Selling Settings");
  if (!isSet(selling?.["fallback_to_default_price_list"])) return undefined;
  return priceIn(tx, text(selling?.["selling_price_list"]), line);
}

function keepPrice(tx: Transaction, of: { list: string; line: Fields; rate: number }): void {
  const isWanted = isSet(tx.get("Stock Settings", "Stock Settings")?.["auto_insert_price_list_rate_if_missing"]);
  if (!isWanted || of.list === "" || of.rate === 0 || text(of.line["item_code"]) === "") return;
  const fields = { item_code: of.line["item_code"], price_list: of.list, price_list_rate: of.rate, selling: 1 };
  insert(tx, { doctype: "Item Price", ...fields }, { user: ADMINISTRATOR, ignoreMandatory: true });
}
