import type { Customer } from "../../customers/schema";

/** An account or cost center that orders are booked to: a leaf of the company. */
export interface LedgerPlace {
  readonly doctype: "Account" | "Cost Center";
  readonly name: string;
  /** What it is for, for example "payments". */
  readonly purpose: string;
  /** What it must be by its nature, where that matters: a sold gift card that is income is taxed twice. */
  readonly rootType?: "Income" | "Liability";
}

export const PAYMENTS = "payments";

/** Every ledger that the intake names, each once, with the first purpose that it has. */
export function ledgersOf({ accounting }: Pick<Customer, "accounting">): readonly LedgerPlace[] {
  const account = (name: string | undefined, purpose: string, more: Partial<LedgerPlace> = {}): LedgerPlace[] =>
    name === undefined ? [] : [{ doctype: "Account", name, purpose, ...more }];
  const all: readonly LedgerPlace[] = [
    ...account(accounting.cashBankAccount, PAYMENTS),
    ...accounting.paymentAccounts.flatMap((payment) => account(payment.account, PAYMENTS)),
    ...account(accounting.shippingAccount, "shipping"),
    ...account(accounting.defaultTaxAccount, "other taxes"),
    ...accounting.taxAccounts.flatMap((tax) => account(tax.account, `tax "${tax.shopifyTax}"`)),
    ...account(accounting.incomeAccount, "income", { rootType: "Income" }),
    ...account(accounting.giftCardAccount, "gift cards", { rootType: "Liability" }),
    ...account(accounting.tipAccount, "tips"),
    ...account(accounting.dutiesAccount, "duties"),
    ...account(accounting.feesAccount, "fees"),
    { doctype: "Cost Center", name: accounting.costCenter, purpose: "all of it" },
  ];
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}
