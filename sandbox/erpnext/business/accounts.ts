import { isSet, text, type Value } from "../frappe/document";
import { validationError } from "../frappe/exceptions";
import type { Transaction } from "../frappe/transaction";

/** An account that is about to be posted to. */
export interface Posting {
  readonly account: Value;
  readonly company: string;
  /** The document that posts, e.g. "Payment Entry ACC-PAY-2026-00001". */
  readonly voucher: string;
}

/** ERPNext's checks of an account in a ledger entry: it exists, belongs to the company, and is no group. */
export function assertPostable(tx: Transaction, posting: Posting): void {
  const name = text(posting.account);
  const account = tx.get("Account", name);
  if (account === undefined) throw validationError(`${posting.voucher}: Account ${name} does not exist`);
  if (account["company"] !== posting.company) {
    throw validationError(`${posting.voucher}: Account ${name} does not belong to Company ${posting.company}`);
  }
  if (isSet(account["is_group"])) {
    throw validationError(
      `${posting.voucher}: Account ${name} is a Group Account and group accounts cannot be used in transactions`,
    );
  }
}
