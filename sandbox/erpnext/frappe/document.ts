/** What a field of a document may hold; also what JSON can say. */
export type Value = string | number | boolean | null | undefined | readonly Value[] | { readonly [key: string]: Value };

/** A bag of fields, as it comes from a request body, a Shopify payload or a child table. */
export type Fields = Record<string, Value>;

/** A stored Frappe document. `docstatus`: 0 draft, 1 submitted, 2 cancelled. Times are "YYYY-MM-DD HH:MM:SS.ffffff", in the site's time zone. */
export interface Doc extends Fields {
  doctype: string;
  name: string;
}

/** Python's `cstr`: nothing becomes the empty string. */
export function text(value: Value): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** How many characters a text has, as MariaDB counts them: code points. */
export function characters(value: Value): number {
  return Array.from(text(value)).length;
}

/** The first characters of a text; Python's slice. */
export function firstCharacters(value: Value, count: number): string {
  return Array.from(text(value)).slice(0, count).join("");
}

/** A bag without some of its keys. */
export function without(fields: Fields, ...keys: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}

/** Frappe's `flt`: what is not a number counts as 0. */
export function amount(value: Value): number {
  const parsed = typeof value === "number" ? value : Number.parseFloat(text(value));
  return Number.isFinite(parsed) ? parsed : 0;
}

/** Frappe's `cint`, used as truth: "0", 0, "" and nothing are false. */
export function isSet(value: Value): boolean {
  return value === true || Math.trunc(amount(value)) !== 0;
}

/** Two decimal places, as currency fields keep them. Frappe rounds a half to the even neighbour ("Banker's Rounding"). */
export function money(value: number): number {
  const cents = Number((value * 100).toFixed(8));
  const below = Math.floor(cents);
  const isHalf = Number((cents - below).toFixed(8)) === 0.5;
  return (isHalf ? below + Math.abs(below % 2) : Math.round(cents)) / 100;
}

/** A list of bags, or an empty one where the value is something else. */
export function rows(value: Value): Fields[] {
  return Array.isArray(value) ? value.filter((row): row is Fields => isFields(row)) : [];
}

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The calendar date of a Shopify or Frappe time, in the zone that the text itself is written in. */
export function dateOf(value: Value, fallback: Date): string {
  const written = text(value);
  return written === "" ? fallback.toISOString().slice(0, 10) : written.slice(0, 10);
}
