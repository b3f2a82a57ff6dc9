import type { Customer } from "../../customers/schema";

/** A document of ERPNext whose values decide what an order is booked at. docs/books.md gives each one's reason. */
export interface BooksSetting {
  readonly doctype: string;
  /** For a Single its doctype. */
  readonly documentName: string;
  readonly single: boolean;
  readonly values: Readonly<Record<string, string | number>>;
}

/** Lines whose rate is not what a customer sees but what is left of a price after discount and tax. */
const LINES = ["Sales Order Item", "Sales Invoice Item", "Delivery Note Item"];
const RATES = ["rate", "net_rate", "base_rate", "base_net_rate"];

/** The most decimals that Frappe takes (frappe/model/meta.py). */
const RATE_DECIMALS = 9;

/** What of ERPNext's own settings changes the money of an order, with the values at which it does not. */
export function booksSettings({ company }: Pick<Customer, "company">): readonly BooksSetting[] {
  const decimals = decimalsOf(company.currency);
  return [
    single("Stock Settings", { auto_insert_price_list_rate_if_missing: 0 }),
    single("Selling Settings", {
      allow_multiple_items: 1,
      dn_required: "No",
      editable_bundle_item_rates: 0,
      fallback_to_default_price_list: 0,
      validate_selling_price: 0,
    }),
    single("Global Defaults", { default_currency: company.currency, disable_rounded_total: 1 }),
    // Frappe reads 0 as "not set" and takes the number format's decimals; two of them do no harm to whole amounts.
    ...(decimals === 0 ? [] : [single("System Settings", { currency_precision: String(decimals) })]),
    ...LINES.flatMap((doctype) => RATES.map((field) => ratePrecision(doctype, field))),
  ];
}

function single(doctype: string, values: BooksSetting["values"]): BooksSetting {
  return { doctype, documentName: doctype, single: true, values };
}

function ratePrecision(doctype: string, field: string): BooksSetting {
  const property = "precision";
  const place = { doctype_or_field: "DocField", doc_type: doctype, field_name: field, property };
  return {
    doctype: "Property Setter",
    documentName: `${doctype}-${field}-${property}`,
    single: false,
    values: { ...place, property_type: "Select", value: String(RATE_DECIMALS) },
  };
}

/** Decimals of an ISO 4217 currency's minor unit: EUR 2, JPY 0, KWD 3. */
export function decimalsOf(currency: string): number {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  return maximumFractionDigits;
}
