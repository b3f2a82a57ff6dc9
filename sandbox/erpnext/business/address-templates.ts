import { type Doc, isSet, rows, text } from "../frappe/document";
import { validationError } from "../frappe/exceptions";
import type { Transaction } from "../frappe/transaction";

/** A template that is saved as the default takes that place from the one before. */
export function assertOnlyOneDefault(tx: Transaction, doc: Doc): void {
  if (!isSet(doc["is_default"])) return;
  for (const other of [...tx.all("Address Template")]) {
    if (other.name !== doc.name && isSet(other["is_default"])) tx.put({ ...other, is_default: 0 });
  }
}

/**
 * ERPNext writes the customer's address into every selling document and needs a template for it: of the address's country,
 * else the default one. Without either no order of a customer who has an address can be saved.
 */
export function assertAddressCanBeShown(tx: Transaction, customer: string): void {
  const address = addressOf(tx, customer);
  if (address === undefined) return;
  for (const template of tx.all("Address Template")) {
    if (template.name === text(address["country"]) || isSet(template["is_default"])) return;
  }
  throw validationError(
    "No default Address Template found. Please create a new one from Setup > Printing and Branding > Address Template.",
  );
}

/** The oldest address that is linked to the customer. */
export function addressOf(tx: Transaction, customer: string, type?: string): Doc | undefined {
  for (const address of tx.all("Address")) {
    const isOfCustomer = rows(address["links"]).some(
      (row) => row["link_doctype"] === "Customer" && row["link_name"] === customer,
    );
    if (isOfCustomer && (type === undefined || address["address_type"] === type)) return structuredClone(address);
  }
  return undefined;
}
