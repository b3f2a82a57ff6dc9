import type { Doc, Fields } from "./frappe/document";
import { isSet, rows, text } from "./frappe/document";
import { PythonException } from "./frappe/exceptions";
import { PASSWORDS, readPassword } from "./frappe/passwords";
import type { Transaction } from "./frappe/transaction";

/** Frappe's functions as code on the server calls them, past REST and its permissions. */
export { insert, load, update } from "./frappe/documents";
export { doesNotExist } from "./frappe/exceptions";
export { checkLogin, writeLogin, writePassword } from "./frappe/passwords";
export { addPermission, KNOWN_ROLES } from "./web/permissions";
export { PythonException };

/** A Password field in clear; nothing when it is empty. Throws where the site's encryption key is another one. */
export function readPasswordIfSet(
  tx: Transaction,
  doc: { doctype: string; name: string },
  field: string,
): string | null {
  const isThere = [...tx.all(PASSWORDS)].some(
    (secret) => secret["of"] === doc.doctype && secret["document"] === doc.name && secret.name.includes(`"${field}"`),
  );
  return isThere ? readPassword(tx, doc, field) : null;
}

export function rolesOf(tx: Transaction, user: string): string[] {
  const doc = tx.get("User", user);
  return doc === undefined || !isSet(doc["enabled"]) ? [] : rows(doc["roles"]).map(({ role }) => text(role));
}

/** A Single that the stand-in has no doctype of. */
export function systemSettings(tx: Transaction): Doc & Fields {
  return tx.get("System Settings", "System Settings") ?? { doctype: "System Settings", name: "System Settings" };
}
