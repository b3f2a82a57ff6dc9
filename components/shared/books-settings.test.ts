import { readFileSync } from "node:fs";
import { join } from "node:path";

import { COMPANY } from "../testing/company";
import { booksSettings, decimalsOf } from "./books-settings";

const settings = (currency: string) => booksSettings({ company: { ...COMPANY, currency } });

it("sets what changes the money of an order, each Single in one document", () => {
  const singles = settings("EUR").filter(({ single }) => single);
  expect(Object.fromEntries(singles.map(({ doctype, values }) => [doctype, values]))).toEqual({
    "Stock Settings": { auto_insert_price_list_rate_if_missing: 0 },
    "Selling Settings": {
      allow_multiple_items: 1,
      dn_required: "No",
      editable_bundle_item_rates: 0,
      fallback_to_default_price_list: 0,
      validate_selling_price: 0,
    },
    "Global Defaults": { default_currency: "EUR", disable_rounded_total: 1 },
    "System Settings": { currency_precision: "2" },
  });
});

it("keeps nine decimals of each rate, by the name that Frappe gives the Property Setter", () => {
  const setters = settings("EUR").filter(({ single }) => !single);
  expect(setters).toHaveLength(12);
  expect(setters.at(-1)).toEqual({
    doctype: "Property Setter",
    documentName: "Delivery Note Item-base_net_rate-precision",
    single: false,
    values: {
      doctype_or_field: "DocField",
      doc_type: "Delivery Note Item",
      field_name: "base_net_rate",
      property: "precision",
      property_type: "Select",
      value: "9",
    },
  });
});

it("leaves the site's precision alone where the currency has no decimals", () => {
  expect([decimalsOf("EUR"), decimalsOf("KWD"), decimalsOf("JPY")]).toEqual([2, 3, 0]);
  expect(settings("JPY").map(({ doctype }) => doctype)).not.toContain("System Settings");
});

it("is what docs/books.md says of it", () => {
  const page = readFileSync(join(__dirname, "../../docs/books.md"), "utf8");
  const listed = [...page.matchAll(/^\| ([A-Z][\w ]+?) +\| `(\w+)`/gm)].map(
    ([, doctype, field]) => `${doctype}.${field}`,
  );
  const set = settings("EUR")
    .filter(({ single }) => single)
    .flatMap(({ doctype, values }) => Object.keys(values).map((field) => `${doctype}.${field}`));
  expect(listed.filter((field) => field !== "Property Setter.precision").sort()).toEqual(set.sort());
});
