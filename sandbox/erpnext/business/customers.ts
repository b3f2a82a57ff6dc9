import { type Doc, isSet, text } from "../frappe/document";
import { validationError } from "../frappe/exceptions";
import type { Transaction } from "../frappe/transaction";

/** ERPNext's Customer.validate_customer_group, of version 16 and of 15 after 15.92.1, which takes a group still. */
export function assertCustomerGroup(tx: Transaction, customer: Doc): void {
  const group = tx.get("Customer Group", text(customer["customer_group"]));
  if (!isSet(group?.["is_group"])) return;
  throw validationError("Cannot select a Group type Customer Group. Please select a non-group Customer Group.");
}
