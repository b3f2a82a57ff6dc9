import { type Doctype, type Field, labelOf } from "./doctype";
import { allDoctypes, doctypeOf } from "./doctypes";
import { characters, type Doc, type Fields, rows, text } from "./document";
import { type PythonException, thrown } from "./exceptions";
import type { Transaction } from "./transaction";

/** What a varchar column of Frappe takes. */
export const MAX_CHARACTERS = 140;

const VARCHAR: ReadonlySet<string> = new Set(["Data", "Link", "Select"]);

/** What Frappe checks after the doctype's own `validate`: required fields, unless told to ignore them, then lengths. */
export function assertComplete(doc: Doc, ignoreMandatory: boolean): void {
  const definition = doctypeOf(doc.doctype);
  if (!ignoreMandatory) assertMandatory(definition, doc);
  assertData(definition, doc);
  assertLengths(definition, doc);
}

function* fieldsOf(
  definition: Doctype,
  fields: Fields,
  row = "",
): Generator<{ name: string; field: Field; value: Fields[string]; row: string }> {
  for (const [name, field] of Object.entries(definition.fields)) {
    yield { name, field, value: fields[name], row };
    if (field.type !== "Table") continue;
    const child = doctypeOf(field.options ?? "");
    for (const [index, entry] of rows(fields[name]).entries()) yield* fieldsOf(child, entry, `Row #${index + 1}: `);
  }
}

/** What Frappe checks first: that every Link, those of child rows included, points to a document. */
export function assertLinks(tx: Transaction, doc: Doc): void {
  const broken: string[] = [];
  for (const { name, field, value, row } of fieldsOf(doctypeOf(doc.doctype), doc)) {
    const target = text(value);
    if (field.type !== "Link" || target === "") continue;
    if (tx.get(field.options ?? "", target) === undefined) broken.push(`${row}${labelOf(name)}: ${target}`);
  }
  if (broken.length > 0) throw thrown("LinkValidationError", `Could not find ${broken.join(", ")}`);
}

function assertMandatory(definition: Doctype, doc: Doc): void {
  const missing: string[] = [];
  for (const { name, field, value, row } of fieldsOf(definition, doc)) {
    const isEmpty = field.type === "Table" ? rows(value).length === 0 : text(value) === "";
    if (field.required === true && isEmpty) missing.push(row === "" ? name : `${row}${name}`);
  }
  if (missing.length > 0) throw thrown("MandatoryError", `[${doc.doctype}, ${doc.name}]: ${missing.join(", ")}`);
}

/** frappe/utils/__init__.py, 15.92: EMAIL_MATCH_PATTERN, of which a beginning is enough, and PHONE_NUMBER_PATTERN. */
const EMAIL =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?/i;
const PHONE = /^[0-9 +_\-,.*#()]{1,20}$/;

/** Whether Frappe takes it as a phone number. */
export function isPhone(value: string): boolean {
  return PHONE.test(value.trim());
}

/** frappe/model/base_document.py, _validate_data_fields. */
function assertData(definition: Doctype, doc: Doc): void {
  for (const { field, value } of fieldsOf(definition, doc)) {
    const given = text(value).trim();
    if (given === "" || field.type !== "Data") continue;
    if (field.options === "Email" && (/\s/.test(given) || !EMAIL.test(given)))
      throw thrown("InvalidEmailAddressError", `${given} is not a valid Email Address`);
    if (field.options === "Phone" && !isPhone(given))
      throw thrown("InvalidPhoneNumberError", `${given} is not a valid Phone Number`);
  }
}

function assertLengths(definition: Doctype, doc: Doc): void {
  for (const { name, field, value, row } of fieldsOf(definition, doc)) {
    const { length = MAX_CHARACTERS } = field;
    if (!VARCHAR.has(field.type) || characters(value) <= length) continue;
    const where = `${doc.doctype} ${doc.name}: ${row}'${labelOf(name)}' (${text(value)})`;
    throw thrown(
      "CharacterLengthExceededError",
      `${where} will get truncated, as max characters allowed is ${length}`,
      {
        title: "Value too big",
      },
    );
  }
}

/**
 * Throws LinkExistsError when something points to this document, a Single included: a cancelled document too keeps it from
 * being deleted, only a submitted one from being cancelled.
 */
export function assertNotLinked(tx: Transaction, doc: Doc, purpose: "delete" | "cancel"): void {
  for (const definition of allDoctypes()) {
    if (definition.child === true) continue;
    for (const other of tx.all(definition.name)) {
      const isItself = other.doctype === doc.doctype && other.name === doc.name;
      const counts = purpose === "delete" || definition.single === true || Number(other["docstatus"] ?? 0) === 1;
      if (isItself || !counts || !pointsTo(definition, other, doc)) continue;
      const what = `Cannot delete or cancel because ${doc.doctype} ${doc.name} is linked with ${other.doctype} ${other.name}`;
      throw linkExists(doc, purpose, what);
    }
  }
}

/** What can be switched off says that as well, and that is then the exception's own text. */
function linkExists(doc: Doc, purpose: "delete" | "cancel", what: string): PythonException {
  const { fields } = doctypeOf(doc.doctype);
  if (purpose === "cancel" || !("enabled" in fields || "disabled" in fields)) return thrown("LinkExistsError", what);
  const hint = `You can disable this ${doc.doctype} instead of deleting it.`;
  return thrown("LinkExistsError", hint, { shownBefore: [what] });
}

function pointsTo(definition: Doctype, other: Doc, target: Doc): boolean {
  for (const { field, value } of fieldsOf(definition, other)) {
    if (field.type === "Link" && field.options === target.doctype && text(value) === target.name) return true;
  }
  return false;
}
