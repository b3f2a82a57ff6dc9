/** Why ERPNext refuses to book on a document that is there: the field, what it holds, and the clause that says so. */
export interface Unfit {
  readonly field: string;
  readonly values: readonly (string | number)[];
  readonly is: string;
}

/**
 * What ERPNext's own validations refuse of what an order's documents link to (ERPNext 15): GL Entry (validate_account_details,
 * check_mandatory, validate_frozen_account, validate_party), Stock Ledger Entry (validate_item, is_group_warehouse,
 * validate_disabled_warehouse), Customer (validate_customer_group). Company, group, currency and root type of ledgers are
 * compared as values.
 */
export const UNFIT: Readonly<Record<string, readonly Unfit[]>> = {
  Account: [
    { field: "freeze_account", values: ["Yes"], is: "is frozen" },
    {
      field: "account_type",
      values: ["Receivable", "Payable"],
      is: "needs a customer or supplier in every entry, which taxes and payments do not have",
    },
    { field: "account_type", values: ["Stock"], is: "takes stock transactions alone" },
  ],
  Warehouse: [
    { field: "is_group", values: [1], is: "is a group" },
    { field: "disabled", values: [1], is: "is disabled" },
  ],
  "Customer Group": [{ field: "is_group", values: [1], is: "is a group, which no customer may be in" }],
  Customer: [
    { field: "disabled", values: [1], is: "is disabled" },
    { field: "is_frozen", values: [1], is: "is frozen" },
  ],
};

/** Why a document cannot be booked on, a clause each. Frappe writes a Check as 0 and 1, or as a truth value. */
export function unfitness(doctype: string, document: Readonly<Record<string, unknown>>): readonly string[] {
  return (UNFIT[doctype] ?? []).flatMap(({ field, values, is }) => {
    const held = document[field] === true ? 1 : document[field];
    return values.some((value) => value === held) ? [is] : [];
  });
}
