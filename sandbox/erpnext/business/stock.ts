import { amount, type Doc, type Fields, isSet, money, rows, text } from "../frappe/document";
import { doesNotExist, PythonException, validationError } from "../frappe/exceptions";
import { hashName } from "../frappe/naming";
import type { Transaction } from "../frappe/transaction";

/** Completes a Stock Entry's lines. Only goods that come in are modelled. */
export function validateStockEntry(tx: Transaction, entry: Doc): void {
  if (entry["stock_entry_type"] !== "Material Receipt") {
    throw validationError(
      `The stand-in knows the Stock Entry Type "Material Receipt" only, not "${text(entry["stock_entry_type"])}"`,
    );
  }
  // Frappe takes a day from its caller only where it is told to.
  if (!isSet(entry["set_posting_time"])) entry["posting_date"] = tx.store.clock.now().toISOString().slice(0, 10);
  entry["items"] = rows(entry["items"]).map((row, index) => {
    const warehouse = text(row["t_warehouse"]) || text(entry["to_warehouse"]);
    if (warehouse === "") throw validationError(`Target warehouse is mandatory for row ${index + 1}`);
    const isFree = isSet(row["allow_zero_valuation_rate"]);
    const rate = isFree ? 0 : amount(row["basic_rate"]) || valuationOf(tx, { item: text(row["item_code"]), warehouse });
    if (rate === 0 && !isFree) throw rateMissing(text(row["item_code"]), entry);
    return { ...row, t_warehouse: warehouse, basic_rate: rate, amount: money(rate * amount(row["qty"])) };
  });
  entry["total_amount"] = money(rows(entry["items"]).reduce((sum, row) => sum + amount(row["amount"]), 0));
}

export function receiveStock(tx: Transaction, entry: Doc): void {
  for (const row of rows(entry["items"])) {
    move(
      tx,
      { item: text(row["item_code"]), warehouse: text(row["t_warehouse"]) },
      { qty: amount(row["qty"]), value: amount(row["amount"]), on: text(entry["posting_date"]) },
    );
  }
}

/**
 * Takes what a Delivery Note delivers out of its warehouses. As in ERPNext with perpetual inventory, an item needs
 * - stock on the note's own day, unless the item or Stock Settings allow it to go below zero: else NegativeStockError;
 * - a value: the moving one of its stock, else the item's valuation_rate, else its standard_rate, unless the line says
 *   allow_zero_valuation_rate: else ValidationError "Valuation Rate … is required".
 * The connector sets neither, so stock has to be received first (Stock Entry), or valued and allowed to go negative.
 */
export function issueDelivery(tx: Transaction, note: Doc): void {
  note["items"] = rows(note["items"]).map((row) => {
    const item = itemOf(tx, text(row["item_code"]));
    if (!isSet(item["is_stock_item"])) return row;
    return { ...row, incoming_rate: issueLine(tx, { note, row, item }) };
  });
}

function issueLine(tx: Transaction, line: { note: Doc; row: Fields; item: Doc }): number {
  const place = { item: line.item.name, warehouse: text(line.row["warehouse"]) };
  const qty = amount(line.row["qty"]);
  const on = text(line.note["posting_date"]);
  const missing = qty - stockOn(tx, place, on);
  const settings = tx.get("Stock Settings", "Stock Settings");
  const mayGoNegative = isSet(line.item["allow_negative_stock"]) || isSet(settings?.["allow_negative_stock"]);
  if (missing > 0 && !mayGoNegative) throw notEnough(missing, { ...place, title: text(line.item["item_name"]) });
  const rate = valuationOf(tx, place);
  if (rate === 0 && !isSet(line.row["allow_zero_valuation_rate"])) throw rateMissing(place.item, line.note);
  move(tx, place, { qty: -qty, value: -qty * rate, on });
  return rate;
}

function itemOf(tx: Transaction, name: string): Doc {
  const item = tx.get("Item", name);
  if (item === undefined) throw doesNotExist("Item", name);
  return item;
}

interface Place {
  readonly item: string;
  readonly warehouse: string;
}

function binOf(tx: Transaction, place: Place): Doc {
  const bin = tx.find("Bin", { item_code: place.item, warehouse: place.warehouse });
  return (
    bin ?? {
      doctype: "Bin",
      name: hashName(),
      item_code: place.item,
      warehouse: place.warehouse,
      actual_qty: 0,
      stock_value: 0,
    }
  );
}

function valuationOf(tx: Transaction, place: Place): number {
  const item = itemOf(tx, place.item);
  return amount(binOf(tx, place)["valuation_rate"]) || amount(item["valuation_rate"]) || amount(item["standard_rate"]);
}

/** What was there at the end of a day, and is there still: stock that came later cannot have been delivered then. */
function stockOn(tx: Transaction, place: Place, day: string): number {
  const now = amount(binOf(tx, place)["actual_qty"]);
  if (now <= 0) return now;
  const until = [...tx.all("Stock Ledger Entry")]
    .filter((row) => row["item_code"] === place.item && row["warehouse"] === place.warehouse)
    .filter((row) => text(row["posting_date"]) <= day);
  return Math.min(
    now,
    until.reduce((sum, row) => sum + amount(row["actual_qty"]), 0),
  );
}

function move(tx: Transaction, place: Place, by: { qty: number; value: number; on: string }): void {
  const bin = binOf(tx, place);
  const qty = amount(bin["actual_qty"]) + by.qty;
  const value = money(amount(bin["stock_value"]) + by.value);
  const rate = qty > 0 ? money(value / qty) : amount(bin["valuation_rate"]);
  tx.put({ ...bin, actual_qty: qty, stock_value: value, valuation_rate: rate, modified: tx.store.timestamp() });
  const entry = { item_code: place.item, warehouse: place.warehouse, posting_date: by.on, actual_qty: by.qty };
  tx.put({ doctype: "Stock Ledger Entry", name: hashName(), ...entry, is_cancelled: 0, docstatus: 1 });
}

/** A number as Python prints a float. */
function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function notEnough(missing: number, at: Place & { title: string }): PythonException {
  return new PythonException(
    `${float(missing)} units of Item ${at.item}: ${at.title} needed in Warehouse ${at.warehouse} to complete this transaction.`,
    {
      type: "NegativeStockError",
      module: "erpnext.stock.stock_ledger.",
      status: 417,
      shown: true,
      title: "Insufficient Stock",
    },
  );
}

function rateMissing(item: string, doc: Doc): PythonException {
  return validationError(
    `Valuation Rate for the Item ${item}, is required to do accounting entries for ${doc.doctype} ${doc.name}.`,
    "Valuation Rate Missing",
  );
}
