import { assertOnlyOneDefault } from "./address-templates";
import { assertCustomerGroup } from "./customers";
import type { Doc } from "../frappe/document";
import { settlePayment, validatePayment } from "./payments";
import { switchRoundedTotals } from "./rounding";
import { billOrder, deliverOrder, openOrder, validateSelling } from "./selling";
import { issueDelivery, receiveStock, validateStockEntry } from "./stock";
import type { Transaction } from "../frappe/transaction";
import { assertEachValueOnce, assertNewVariant } from "./variants";

/** What ERPNext does when a document of one doctype is saved or submitted, no matter who saves it. */
export interface Hooks {
  /** May complete the document; throws to refuse it. */
  readonly validate?: (tx: Transaction, doc: Doc) => void;
  readonly onSubmit?: (tx: Transaction, doc: Doc) => void;
}

const HOOKS: Readonly<Record<string, Hooks>> = {
  "Address Template": { validate: assertOnlyOneDefault },
  Item: { validate: assertNewVariant },
  "Item Attribute": { validate: assertEachValueOnce },
  Customer: { validate: assertCustomerGroup },
  "Global Defaults": { validate: switchRoundedTotals },
  "Sales Order": { validate: validateSelling, onSubmit: openOrder },
  "Sales Invoice": { validate: validateSelling, onSubmit: billOrder },
  "Payment Entry": { validate: validatePayment, onSubmit: settlePayment },
  "Delivery Note": {
    validate: validateSelling,
    onSubmit: (tx, doc) => {
      issueDelivery(tx, doc);
      deliverOrder(tx, doc);
    },
  },
  "Stock Entry": { validate: validateStockEntry, onSubmit: receiveStock },
};

export function hooksOf(doctype: string): Hooks {
  return HOOKS[doctype] ?? {};
}
