import { PASSWORDS, savePasswords, withoutPasswords } from "./passwords";
import { assertComplete, assertLinks, assertNotLinked } from "./validation";
import { type Doctype } from "./doctype";
import { doctypeOf } from "./doctypes";
import { amount, type Doc, type Fields, isSet, rows, text, type Value } from "./document";
import { doesNotExist, duplicateEntry, thrown, validationError } from "./exceptions";
import { hooksOf } from "../business/hooks";
import { hashName, nameFor } from "./naming";
import { runServerScripts } from "./server-scripts";
import type { Transaction } from "./transaction";

/** Who saves, and what Frappe is told to leave out. */
export interface Saving {
  readonly user: string;
  /** Accept empty required fields, as the connector does with `ignore_mandatory`. */
  readonly ignoreMandatory?: true;
}

/** What the connector's own code runs as. */
export const ADMINISTRATOR = "Administrator";

/** Reads one document. A Single that was never saved reads with its defaults. */
export function load(tx: Transaction, doctype: string, name: string): Doc {
  const definition = doctypeOf(doctype);
  const doc = tx.get(doctype, name);
  if (doc !== undefined) return doc;
  if (definition.single === true && name === doctype) return { doctype, name, ...defaults(definition) };
  throw doesNotExist(doctype, name);
}

/** Makes a document, and submits it when its `docstatus` says so. */
export function insert(tx: Transaction, fields: Fields & { doctype: string }, saving: Saving): Doc {
  const definition = doctypeOf(fields.doctype);
  const known = { ...defaults(definition), ...ownFields(tx, definition, fields) };
  const name = nameFor(tx, definition, { ...fields, ...known });
  if (tx.get(definition.name, name) !== undefined) throw duplicateEntry(definition.name, name);
  const now = tx.store.timestamp();
  const doc: Doc = {
    ...known,
    ...stamp(now, saving),
    doctype: definition.name,
    name,
    owner: saving.user,
    creation: now,
    docstatus: 0,
  };
  return write(tx, { definition, doc, submit: Number(fields["docstatus"] ?? 0) === 1 }, saving);
}

/** Changes a document by a partial set of fields: a table that is sent replaces the whole table, what is not sent stays. */
export function update(tx: Transaction, doc: Doc, change: { readonly fields: Fields; readonly saving: Saving }): Doc {
  const { fields, saving } = change;
  const definition = doctypeOf(doc.doctype);
  const sentModified = fields["modified"];
  if (sentModified !== undefined && sentModified !== doc["modified"]) throw stale(doc, text(sentModified));
  const target = Number(fields["docstatus"] ?? doc["docstatus"] ?? 0);
  const before = Number(doc["docstatus"] ?? 0);
  if (before === 2) throw validationError("Cannot edit cancelled document");
  if (before === 1 && target === 2) return cancel(tx, doc, saving);
  const next: Doc = { ...doc, ...ownFields(tx, definition, fields), ...stamp(tx.store.timestamp(), saving) };
  if (next["creation"] === undefined)
    Object.assign(next, { creation: next["modified"], owner: saving.user, docstatus: 0, idx: 0 });
  return write(tx, { definition, doc: next, submit: before === 0 && target === 1 }, saving);
}

/** Cancels a submitted document. */
export function cancel(tx: Transaction, doc: Doc, saving: Saving): Doc {
  const cancelled: Doc = { ...doc, docstatus: 2, status: "Cancelled", ...stamp(tx.store.timestamp(), saving) };
  runServerScripts("Before Cancel", { doc, user: saving.user, tx });
  assertNotLinked(tx, doc, "cancel");
  tx.put(cancelled);
  return cancelled;
}

/** Deletes a document. On a Single it answers success and wipes every value. */
export function remove(tx: Transaction, doctype: string, name: string): void {
  const doc = load(tx, doctype, name);
  if (Number(doc["docstatus"] ?? 0) === 1) {
    throw validationError(`${doctype} ${name}: Submitted Record cannot be deleted. You must Cancel it first.`);
  }
  assertNotLinked(tx, doc, "delete");
  for (const secret of [...tx.all(PASSWORDS)]) {
    if (secret["of"] === doctype && secret["document"] === name) tx.remove(PASSWORDS, secret.name);
  }
  tx.remove(doctype, name);
}

function write(tx: Transaction, work: { definition: Doctype; doc: Doc; submit: boolean }, saving: Saving): Doc {
  const { definition, submit } = work;
  const secrets = work.doc;
  const doc = withoutPasswords(definition, secrets);
  runServerScripts("Before Validate", { doc, user: saving.user, tx });
  assertLinks(tx, doc);
  hooksOf(doc.doctype).validate?.(tx, doc);
  assertComplete(doc, saving.ignoreMandatory === true);
  savePasswords(tx, definition, secrets);
  if (submit) {
    doc["docstatus"] = 1;
    tx.put(doc);
    hooksOf(doc.doctype).onSubmit?.(tx, doc);
  }
  tx.put(doc);
  return doc;
}

function stamp(now: string, saving: Saving): Fields {
  return { modified: now, modified_by: saving.user };
}

function stale(doc: Doc, sent: string): Error {
  const what = `Document has been modified after you have opened it (${text(doc["modified"])}, ${sent}).`;
  return thrown("TimestampMismatchError", `Error: ${what} Please refresh to get the latest document.`);
}

function defaults(definition: Doctype): Fields {
  return Object.fromEntries(
    Object.entries(definition.fields).map(([name, field]): [string, Value] => [
      name,
      field.type === "Table" ? [] : (field.default ?? null),
    ]),
  );
}

/** Drops what is no field of the doctype, silently, as Frappe does, and brings the rest into its column's type. */
function ownFields(tx: Transaction, definition: Doctype, fields: Fields): Fields {
  const own: Fields = {};
  for (const [name, field] of Object.entries(definition.fields)) {
    const value = fields[name];
    if (value === undefined || (field.custom === true && !tx.hasCustomFields)) continue;
    own[name] =
      field.type === "Table"
        ? childRows(tx, value, { table: name, parent: definition.name, doctype: field.options ?? "" })
        : cast(field.type, value);
  }
  return own;
}

const NUMBERS: ReadonlySet<string> = new Set(["Int", "Float", "Currency"]);

function cast(type: string, value: Value): Value {
  if (type === "Check") return isSet(value) ? 1 : 0;
  if (NUMBERS.has(type)) return amount(value);
  return value === null || value === undefined ? null : text(value);
}

function childRows(tx: Transaction, value: Value, of: { table: string; parent: string; doctype: string }): Fields[] {
  const definition = doctypeOf(of.doctype);
  return rows(value).map((row, index) => ({
    ...defaults(definition),
    ...ownFields(tx, definition, row),
    name: text(row["name"]) || hashName(),
    idx: index + 1,
    doctype: definition.name,
    parentfield: of.table,
    parenttype: of.parent,
    docstatus: 0,
  }));
}
