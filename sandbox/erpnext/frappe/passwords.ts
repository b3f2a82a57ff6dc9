import { createHash } from "node:crypto";
import type { Doctype } from "./doctype";
import { type Doc, text } from "./document";
import { thrown } from "./exceptions";
import type { Transaction } from "./transaction";

/** Where Frappe keeps Password fields, apart from their documents. */
export const PASSWORDS = "__Auth";

/** A document with asterisks in the place of its Password fields, one for each character: what everyone reads. */
export function withoutPasswords(definition: Doctype, doc: Doc): Doc {
  const masked = { ...doc };
  for (const name of passwordFields(definition)) {
    if (text(doc[name]) !== "") masked[name] = "*".repeat(text(doc[name]).length);
  }
  return masked;
}

/** Keeps the Password fields that were sent in clear; asterisks mean "as before", nothing means "none". */
export function savePasswords(tx: Transaction, definition: Doctype, doc: Doc): void {
  for (const field of passwordFields(definition)) {
    const sent = text(doc[field]);
    const name = secretName(doc, field);
    if (sent === "") tx.remove(PASSWORDS, name);
    else if (!/^\*+$/.test(sent)) writePassword(tx, doc, { field, value: sent });
  }
}

/** A document by its two names. */
interface Owner {
  readonly doctype: string;
  readonly name: string;
}

/** `frappe.utils.password.set_encrypted_password`: past the document, which does not notice. */
export function writePassword(tx: Transaction, doc: Owner, of: { field: string; value: string }): void {
  const { field, value } = of;
  const key = keyMark(tx.store.encryptionKey);
  tx.put({ doctype: PASSWORDS, name: secretName(doc, field), of: doc.doctype, document: doc.name, value, key });
}

/** `update_password`: what a user signs in with, hashed. */
export function writeLogin(tx: Transaction, user: string, password: string): void {
  const owner = { doctype: "User", name: user };
  const value = loginHash(password);
  tx.put({ doctype: PASSWORDS, name: secretName(owner, "password"), of: "User", document: user, value, hashed: 1 });
}

/** `check_password`; throws Frappe's AuthenticationError for another one. */
export function checkLogin(tx: Transaction, user: string, password: string): void {
  const stored = tx.get(PASSWORDS, secretName({ doctype: "User", name: user }, "password"));
  if (stored?.["value"] === loginHash(password)) return;
  throw thrown("AuthenticationError", "Invalid login credentials", { status: 401 });
}

/** A Password field in clear; throws Frappe's AuthenticationError when it is empty. */
export function readPassword(tx: Transaction, doc: Owner, field: string): string {
  const secret = tx.get(PASSWORDS, secretName(doc, field));
  if (secret !== undefined && text(secret["key"]) !== keyMark(tx.store.encryptionKey)) {
    throw thrown("ValidationError", "Failed to decrypt key: Encryption key is invalid! Please check site_config.json");
  }
  if (secret !== undefined) return text(secret["value"]);
  throw thrown("AuthenticationError", `Password not found for ${doc.doctype} ${doc.name} ${field}`, { status: 401 });
}

function passwordFields(definition: Doctype): string[] {
  return Object.entries(definition.fields)
    .filter(([, field]) => field.type === "Password")
    .map(([name]) => name);
}

/** Tells keys apart without showing them. */
function keyMark(key: string): string {
  return key === "" ? "" : createHash("sha256").update(key).digest("hex").slice(0, 12);
}

function loginHash(password: string): string {
  return createHash("sha256").update(`login ${password}`).digest("hex");
}

function secretName(doc: Owner, field: string): string {
  return JSON.stringify([doc.doctype, doc.name, field]);
}
