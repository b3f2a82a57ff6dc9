import { createHash } from "node:crypto";

import type { FrappeRow, FrappeScalar, FrappeValue } from "../../clients/frappe";

/** The managed fields of a document. */
export type FrappeValues = Readonly<Record<string, FrappeValue>>;

type Fields = Readonly<Record<string, unknown>>;

/** The fields whose live value is not the wanted one. */
export function differingFields(wanted: FrappeValues, live: Fields): readonly string[] {
  return Object.keys(wanted).filter((field) => !isSame(wanted[field], live[field]));
}

/**
 * Whether Frappe holds what is wanted, written in its own way: Check fields as 0 and 1, numbers as numbers or text,
 * nothing as null, empty text, zero or by leaving the field out, moments with a fraction of a second, and rows of child
 * tables with many more columns than were sent.
 */
export function isSame(wanted: unknown, live: unknown): boolean {
  if (Array.isArray(wanted)) return isSameTable(wanted as readonly Fields[], live);
  const [left, right] = [plain(wanted), plain(live)];
  if (left === right) return true;
  if (left === "" || right === "") return left === 0 || right === 0;
  if (typeof left === "number" || typeof right === "number") {
    return Math.abs(Number(left) - Number(right)) < SMALLEST_DIFFERENCE;
  }
  return moment(left) !== undefined && moment(left) === moment(right);
}

/** Frappe rounds to nine places at most. */
const SMALLEST_DIFFERENCE = 1e-9;

function isSameTable(wanted: readonly Fields[], live: unknown): boolean {
  const rows = Array.isArray(live) ? (live as readonly Fields[]) : [];
  if (rows.length !== wanted.length) return false;
  return wanted.every((row, index) =>
    Object.entries(row).every(([column, value]) => isSame(value, rows[index]?.[column])),
  );
}

function plain(value: unknown): string | number {
  if (value === undefined || value === null) return "";
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "string" || typeof value === "number" ? value : JSON.stringify(value);
}

/** A date, or a date with a time, in one notation. */
function moment(text: string | number): string | undefined {
  const found = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.\d+)?)?$/.exec(String(text));
  return found === null ? undefined : `${found[1] ?? ""} ${found[2] ?? "00:00:00"}`;
}

/** The live values of the managed fields, in the notation that is known where they are the same. */
export function observedValues(known: FrappeValues, live: Fields): FrappeValues {
  const entries = Object.entries(known).map(([field, value]) => {
    if (isSame(value, live[field])) return [field, value] as const;
    return [
      field,
      Array.isArray(value) ? observedRows(value as FrappeRow[], live[field]) : scalar(live[field]),
    ] as const;
  });
  return Object.fromEntries(entries);
}

/** Rows by the columns that are known; all the rest (name, idx, parent …) is Frappe's own. */
function observedRows(known: readonly FrappeRow[], live: unknown): readonly FrappeRow[] {
  const columns = [...new Set(known.flatMap((row) => Object.keys(row)))];
  const rows = Array.isArray(live) ? (live as readonly Fields[]) : [];
  return rows.map((row) => Object.fromEntries(columns.map((column) => [column, scalar(row[column])])));
}

function scalar(value: unknown): FrappeScalar {
  if (value === undefined || value === null) return null;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : JSON.stringify(value);
}

/** Which field of which document. */
export interface FieldPlace {
  readonly doctype: string;
  readonly documentName: string;
  readonly field: string;
}

/** What is kept of a secret: equal secrets in different fields have different digests. Empty for no secret. */
export function secretDigest({ doctype, documentName, field }: FieldPlace, secret: unknown): string {
  if (typeof secret !== "string" || secret === "") return "";
  return createHash("sha256")
    .update(JSON.stringify([doctype, documentName, field, secret]))
    .digest("hex");
}

/** Password fields read back as asterisks, one for each character. */
export function isMasked(live: unknown): boolean {
  return typeof live === "string" && /^\*+$/.test(live);
}
