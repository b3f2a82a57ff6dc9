import type { Value } from "./document";

export type FieldType =
  | "Data"
  | "Select"
  | "Link"
  | "Table"
  | "Check"
  | "Int"
  | "Float"
  | "Currency"
  | "Date"
  | "Datetime"
  | "Password"
  | "Text";

export interface Field {
  readonly type: FieldType;
  /** The doctype that a Link points to, the child doctype of a Table, or what a Data field has to be: "Email", "Phone". */
  readonly options?: string;
  /** The longest text (characters). @default 140 */
  readonly length?: number;
  readonly required?: true;
  readonly default?: Value;
  /** Made by the connector's setup_custom_fields, at its first save in the enabled state; no such column before. */
  readonly custom?: true;
}

/** How a new document gets its name; `abbreviated` appends " - <company's abbreviation>". */
export type Naming =
  /** With a series for documents without it, where there is one. */
  | { readonly by: "field"; readonly field: string; readonly dedupe?: true; readonly series?: string }
  | { readonly by: "abbreviated"; readonly field: string }
  | { readonly by: "series"; readonly default: string }
  | { readonly by: "address" }
  /** Fields with a hyphen between. */
  | { readonly by: "joined"; readonly fields: readonly string[] }
  | { readonly by: "prompt" }
  | { readonly by: "hash" };

export interface Doctype {
  readonly name: string;
  readonly naming: Naming;
  readonly fields: Readonly<Record<string, Field>>;
  readonly single?: true;
  readonly child?: true;
  readonly submittable?: true;
}

export const data: Field = { type: "Data" };
export const required: Field = { type: "Data", required: true };
export const email: Field = { type: "Data", options: "Email" };
export const phone: Field = { type: "Data", options: "Phone" };
export const longText: Field = { type: "Text" };
export const int: Field = { type: "Int", default: 0 };
export const float: Field = { type: "Float", default: 0 };
export const currency: Field = { type: "Currency", default: 0 };
export const date: Field = { type: "Date" };
export const datetime: Field = { type: "Datetime" };
export const password: Field = { type: "Password" };
export const check: Field = { type: "Check", default: 0 };
export const checked: Field = { type: "Check", default: 1 };

export function link(options: string): Field {
  return { type: "Link", options };
}

export function requiredLink(options: string): Field {
  return { type: "Link", options, required: true };
}

export function table(options: string): Field {
  return { type: "Table", options };
}

export function select(fallback?: string): Field {
  return fallback === undefined ? { type: "Select" } : { type: "Select", default: fallback };
}

/** A column that exists only once the connector has made its custom fields. */
export function custom(field: Field): Field {
  return { ...field, custom: true };
}

/** The columns that every document has besides its own. */
export const STANDARD_FIELDS: ReadonlySet<string> = new Set([
  "name",
  "owner",
  "creation",
  "modified",
  "modified_by",
  "docstatus",
  "idx",
  "parent",
  "parentfield",
  "parenttype",
  "doctype",
]);

/** The label that Frappe derives from a field's name, e.g. "Cash Bank Account". */
export function labelOf(field: string): string {
  const words = field.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.join(" ").replace(/\bUom\b/g, "UOM");
}
