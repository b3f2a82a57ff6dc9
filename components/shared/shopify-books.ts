import type { Customer } from "../../customers/schema";

/** Fields of the Single "Shopify Books Setting" of our app (image/shopify_books), which has no secrets. */
export function shopifyBooksValues({ accounting, sync, environment }: BooksFacts) {
  return {
    income_account: accounting.incomeAccount ?? "",
    gift_card_account: accounting.giftCardAccount ?? "",
    tip_account: accounting.tipAccount ?? "",
    duties_account: accounting.dutiesAccount ?? "",
    fees_account: accounting.feesAccount ?? "",
    refunds: sync.refunds,
    unmapped_tax: sync.unmappedTaxes,
    book_test_orders: booksTestOrders({ sync, environment }) ? 1 : 0,
    book_partial_payments: sync.partialPayments ? 1 : 0,
    // 0 stands for every rate of the title that has no row of its own.
    tax_accounts: accounting.taxAccounts.map(({ shopifyTax, rate = 0, account }) => ({
      title: shopifyTax,
      rate,
      account,
    })),
    payment_accounts: accounting.paymentAccounts.map(({ gateway, account }) => ({ gateway, account })),
  };
}

/** The part of the intake that the app's settings are made from. */
export type BooksFacts = Pick<Customer, "accounting" | "sync" | "environment">;

/** Whether Shopify's test orders are booked, and missed where they are not. */
export function booksTestOrders({
  sync,
  environment,
}: Pick<Customer, "environment"> & { readonly sync: TestOrders }): boolean {
  return sync.testOrders ?? environment === "test";
}

type TestOrders = Pick<Customer["sync"], "testOrders">;
