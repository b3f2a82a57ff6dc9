import { amount, type Doc, isSet, text } from "../frappe/document";
import type { Transaction } from "../frappe/transaction";

/** Decimals of Frappe's number formats (frappe/utils/data.py, `number_format_info`). */
const FORMAT_DECIMALS: Readonly<Record<string, number>> = { "#.###": 0, "#,###": 0, "#,###.###": 3 };

/** The selling documents whose rounded total Global Defaults switch (erpnext/setup/doctype/global_defaults). */
const ROUNDED = ["Quotation", "Sales Order", "Sales Invoice", "Delivery Note"];

/** What someone has changed of a field's definition, or undefined. */
export function propertyOf(tx: Transaction, doctype: string, property: string): string | undefined {
  const setter = tx.get("Property Setter", `${doctype}-${property}`);
  return setter === undefined ? undefined : text(setter["value"]);
}

/**
 * Decimals of a Currency field: its own, the site's currency precision, or those of the site's number format, in this
 * sequence; 0 counts as nothing (frappe/model/meta.py, `get_field_precision`).
 */
export function decimalsOf(tx: Transaction, doctype: string, field: string): number {
  const settings = tx.get("System Settings", "System Settings");
  return (
    Number(propertyOf(tx, doctype, `${field}-precision`) ?? 0) ||
    amount(settings?.["currency_precision"]) ||
    (FORMAT_DECIMALS[text(settings?.["number_format"])] ?? 2)
  );
}

/** Frappe's `flt`: a half goes to the even neighbour ("Banker's Rounding"). */
export function round(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  const units = Number((value * factor).toFixed(8));
  const below = Math.floor(units);
  const isHalf = Number((units - below).toFixed(8)) === 0.5;
  return (isHalf ? below + Math.abs(below % 2) : Math.round(units)) / factor;
}

/**
 * The total as it is asked for: rounded to the currency's smallest fraction, and to whole units where ERPNext knows none; 0
 * where rounded totals are off (`round_based_on_smallest_currency_fraction`, `is_rounded_total_disabled`).
 */
export function roundedTotal(tx: Transaction, doc: Doc): number {
  if (isSet(propertyOf(tx, doc.doctype, "disable_rounded_total-default"))) return 0;
  const fraction = amount(tx.get("Currency", text(doc["currency"]))?.["smallest_currency_fraction_value"]);
  const total = amount(doc["grand_total"]);
  return round(fraction === 0 ? round(total, 0) : Math.round(total / fraction) * fraction, 2);
}

/** What saving Global Defaults does: new documents take their default from a Property Setter, not from the setting. */
export function switchRoundedTotals(tx: Transaction, defaults: Doc): void {
  const value = isSet(defaults["disable_rounded_total"]) ? "1" : "0";
  for (const doctype of ROUNDED) {
    const place = { doc_type: doctype, field_name: "disable_rounded_total", property: "default" };
    const name = `${doctype}-disable_rounded_total-default`;
    tx.put({ doctype: "Property Setter", name, ...place, doctype_or_field: "DocField", property_type: "Text", value });
  }
}
