import { assertPostable } from "./accounts";
import { addressOf, assertAddressCanBeShown } from "./address-templates";
import { amount, type Doc, type Fields, isSet, money, rows, text } from "../frappe/document";
import { rateOf } from "./prices";
import { decimalsOf, round, roundedTotal } from "./rounding";
import { thrown, validationError } from "../frappe/exceptions";
import type { Transaction } from "../frappe/transaction";

/** Completes and checks a Sales Order, Sales Invoice or Delivery Note: party, currency, accounts, totals. */
export function validateSelling(tx: Transaction, doc: Doc): void {
  // The connector tells Frappe to ignore empty required fields, but ERPNext's own code needs the party.
  if (text(doc["customer"]) === "") throw thrown("MandatoryError", `[${doc.doctype}, ${doc.name}]: customer`);
  const company = tx.get("Company", text(doc["company"]));
  const customer = tx.get("Customer", text(doc["customer"]));
  if (company !== undefined && customer !== undefined) {
    assertAddressCanBeShown(tx, customer.name);
    doc["customer_name"] = customer["customer_name"];
    doc["customer_address"] = addressOf(tx, customer.name)?.name ?? null;
    doc["currency"] = text(doc["currency"]) || text(customer["default_currency"]) || text(company["default_currency"]);
  }
  for (const row of rows(doc["taxes"])) {
    assertPostable(tx, {
      account: row["account_head"],
      company: text(doc["company"]),
      voucher: `${doc.doctype} ${doc.name}`,
    });
  }
  doc["items"] = rows(doc["items"]).map((row) => completeLine(tx, doc, row));
  total(tx, doc);
}

function completeLine(tx: Transaction, doc: Doc, row: Fields): Fields {
  const item = tx.get("Item", text(row["item_code"]));
  if (item !== undefined && isSet(item["has_variants"])) {
    throw validationError(`Item ${item.name} is a template, please select one of its variants`);
  }
  const line = `${doc.doctype} Item`;
  const rate = round(rateOf(tx, doc, row), decimalsOf(tx, line, "rate"));
  return {
    ...row,
    rate,
    item_name: text(row["item_name"]) || (item?.["item_name"] ?? null),
    uom: text(row["uom"]) || (item?.["stock_uom"] ?? null),
    amount: round(amount(row["qty"]) * rate, decimalsOf(tx, line, "amount")),
  };
}

function total(tx: Transaction, doc: Doc): void {
  const items = rows(doc["items"]);
  const decimals = decimalsOf(tx, doc.doctype, "grand_total");
  const net = items.reduce((sum, row) => sum + amount(row["amount"]), 0);
  const charges = rows(doc["taxes"]).reduce((sum, row) => sum + round(amount(row["tax_amount"]), decimals), 0);
  doc["total_qty"] = items.reduce((sum, row) => sum + amount(row["qty"]), 0);
  doc["net_total"] = round(net, decimals);
  doc["total_taxes_and_charges"] = round(charges, decimals);
  doc["grand_total"] = round(net + charges, decimals);
  doc["rounded_total"] = roundedTotal(tx, doc);
}

export function openOrder(_tx: Transaction, order: Doc): void {
  order["status"] = statusOf(order);
}

/** What submitting an invoice does: it is owed in full, and its order counts as billed. */
export function billOrder(tx: Transaction, invoice: Doc): void {
  assertPostable(tx, {
    account: invoice["debit_to"],
    company: text(invoice["company"]),
    voucher: `Sales Invoice ${invoice.name}`,
  });
  invoice["outstanding_amount"] = amount(invoice["rounded_total"]) || invoice["grand_total"];
  invoice["status"] = amount(invoice["grand_total"]) > 0 ? "Unpaid" : "Paid";
  updateOrders(tx, { doc: invoice, column: "sales_order" }, (line, row) => ({
    ...line,
    billed_amt: money(amount(line["billed_amt"]) + amount(row["amount"])),
  }));
}

/** What submitting a delivery note does to its order. */
export function deliverOrder(tx: Transaction, note: Doc): void {
  note["status"] = "To Bill";
  updateOrders(tx, { doc: note, column: "against_sales_order" }, (line, row) => {
    const delivered = amount(line["delivered_qty"]) + amount(row["qty"]);
    if (delivered > amount(line["qty"])) {
      throw validationError(
        `This document is over limit by Qty ${delivered - amount(line["qty"])} for item ${text(line["item_code"])}. Are you making another Delivery Note against the same Sales Order Item?`,
        "Limit Crossed",
      );
    }
    return { ...line, delivered_qty: delivered };
  });
}

type LineChange = (line: Fields, row: Fields) => Fields;

/** Changes the orders that a document's lines name in `column`, line by line, and what follows from their lines. */
function updateOrders(tx: Transaction, from: { doc: Doc; column: string }, change: LineChange): void {
  const items = rows(from.doc["items"]);
  for (const name of new Set(items.map((row) => text(row[from.column])).filter((order) => order !== ""))) {
    const order = tx.get("Sales Order", name);
    if (order === undefined) continue;
    order["items"] = rows(order["items"]).map((line) => {
      const row = items.find((candidate) => candidate["so_detail"] === line["name"]);
      return row === undefined ? line : change(line, row);
    });
    const lines = rows(order["items"]);
    order["per_billed"] = percent(lines, (line) => [amount(line["billed_amt"]), amount(line["amount"])]);
    order["per_delivered"] = percent(lines, (line) => [amount(line["delivered_qty"]), amount(line["qty"])]);
    order["status"] = statusOf(order);
    tx.put(order);
  }
}

function percent(lines: Fields[], share: (line: Fields) => [number, number]): number {
  const [done, all] = lines.map(share).reduce((sum, one) => [sum[0] + one[0], sum[1] + one[1]], [0, 0]);
  return all === 0 ? 100 : money((done / all) * 100);
}

function statusOf(order: Doc): string {
  const isBilled = amount(order["per_billed"]) >= 100;
  const isDelivered = amount(order["per_delivered"]) >= 100;
  if (isBilled && isDelivered) return "Completed";
  if (isBilled) return "To Deliver";
  return isDelivered ? "To Bill" : "To Deliver and Bill";
}
