import { assertPostable } from "./accounts";
import { amount, type Doc, money, rows, text } from "../frappe/document";
import { validationError } from "../frappe/exceptions";
import type { Transaction } from "../frappe/transaction";

/** A payment's two accounts are posted to; the bank account that the connector was given may turn out to be a group here. */
export function validatePayment(tx: Transaction, payment: Doc): void {
  if (amount(payment["paid_amount"]) <= 0) throw validationError("Paid Amount is mandatory");
  for (const account of [payment["paid_from"], payment["paid_to"]]) {
    assertPostable(tx, { account, company: text(payment["company"]), voucher: `Payment Entry ${payment.name}` });
  }
}

/** What submitting a payment does to the invoices that it refers to. */
export function settlePayment(tx: Transaction, payment: Doc): void {
  payment["status"] = "Submitted";
  for (const reference of rows(payment["references"])) {
    const invoice = tx.get(text(reference["reference_doctype"]), text(reference["reference_name"]));
    if (invoice === undefined) throw validationError(`${text(reference["reference_name"])} does not exist`);
    const outstanding = money(amount(invoice["outstanding_amount"]) - amount(reference["allocated_amount"]));
    tx.put({ ...invoice, outstanding_amount: outstanding, status: outstanding > 0 ? "Partly Paid" : "Paid" });
  }
}
