import { randomBytes } from "node:crypto";
import type { Doctype } from "./doctype";
import { type Doc, type Fields, rows, text } from "./document";
import { thrown, validationError } from "./exceptions";
import { labelOf } from "./doctype";
import type { Transaction } from "./transaction";

const SERIES = "__series";
const DIGITS = 5;

/** Frappe's random name: ten characters. */
export function hashName(): string {
  return randomBytes(5).toString("hex");
}

/** The name of a new document, by its doctype's rule; without markup (frappe/model/naming.py, validate_name). */
export function nameFor(tx: Transaction, doctype: Doctype, fields: Fields): string {
  const name = ruledName(tx, doctype, fields);
  if (/[<>]/.test(name)) throw thrown("NameError", "Name cannot contain special characters like '<', '>'");
  return name;
}

function ruledName(tx: Transaction, doctype: Doctype, fields: Fields): string {
  const rule = doctype.naming;
  switch (rule.by) {
    case "hash":
      return hashName();
    case "prompt":
      return wanted(doctype, fields, "name");
    case "series":
      return nextInSeries(tx, text(fields["naming_series"]) || rule.default);
    case "abbreviated":
      return `${wanted(doctype, fields, rule.field)} - ${abbreviation(tx, fields)}`;
    case "address":
      return addressName(tx, fields);
    case "joined":
      return rule.fields.map((field) => wanted(doctype, fields, field)).join("-");
    case "field": {
      if (rule.series !== undefined && text(fields[rule.field]).trim() === "") return nextInSeries(tx, rule.series);
      const name = wanted(doctype, fields, rule.field);
      return rule.dedupe === true ? unused(tx, { doctype: doctype.name, name, separator: " - " }) : name;
    }
  }
}

/** By its title, which an address without one has from the first that it belongs to. */
function addressName(tx: Transaction, fields: Fields): string {
  const [link] = rows(fields["links"]);
  const title = text(fields["address_title"]).trim() || text(link?.["link_name"]);
  const name = `${title}-${text(fields["address_type"]) || "Billing"}`;
  return unused(tx, { doctype: "Address", name, separator: "-" });
}

/** The next name of a series, e.g. "SO-Shopify-" -> "SO-Shopify-00001"; ".YYYY." stands for this year. */
function nextInSeries(tx: Transaction, series: string): string {
  const year = String(tx.store.clock.now().getUTCFullYear());
  const prefix = series.replace(/\.?YYYY\.?/, year).replace(/\.?#+$/, "");
  const counter: Doc = tx.get(SERIES, prefix) ?? { doctype: SERIES, name: prefix, current: 0 };
  const current = Number(counter["current"]) + 1;
  tx.put({ ...counter, current });
  return `${prefix}${String(current).padStart(DIGITS, "0")}`;
}

function wanted(doctype: Doctype, fields: Fields, field: string): string {
  const name = text(fields[field]).trim();
  if (name !== "") return name;
  throw validationError(`${labelOf(field)} is required`, `Cannot name a ${doctype.name}`);
}

function abbreviation(tx: Transaction, fields: Fields): string {
  const company = tx.get("Company", text(fields["company"]));
  if (company !== undefined) return text(company["abbr"]);
  throw thrown("LinkValidationError", `Could not find Company: ${text(fields["company"])}`);
}

function unused(tx: Transaction, wish: { doctype: string; name: string; separator: string }): string {
  let name = wish.name;
  for (let count = 1; tx.get(wish.doctype, name) !== undefined; count += 1)
    name = `${wish.name}${wish.separator}${count}`;
  return name;
}
