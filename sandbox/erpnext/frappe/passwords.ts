import type { Doctype } from "./doctype";
import { type Doc, text } from "./document";
import { thrown } from "./exceptions";
import type { Transaction } from "./transaction";

/** Where Frappe keeps Password fields, apart from their documents. */
export const PASSWORDS = "__Auth";

/** A document with asterisks in the place of its Password fields, one for each character: what everybody reads. */
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
    else if (!/^\*+$/.test(sent))
      tx.put({ doctype: PASSWORDS, name, of: doc.doctype, document: doc.name, value: sent });
  }
}

/** A Password field in clear; throws Frappe's AuthenticationError when it is empty. */
export function readPassword(tx: Transaction, doc: { doctype: string; name: string }, field: string): string {
  const secret = tx.get(PASSWORDS, secretName(doc, field));
  if (secret !== undefined) return text(secret["value"]);
  throw thrown("AuthenticationError", `Password not found for ${doc.doctype} ${doc.name} ${field}`, { status: 401 });
}

function passwordFields(definition: Doctype): string[] {
  return Object.entries(definition.fields)
    .filter(([, field]) => field.type === "Password")
    .map(([name]) => name);
}

function secretName(doc: { doctype: string; name: string }, field: string): string {
  return JSON.stringify([doc.doctype, doc.name, field]);
}
