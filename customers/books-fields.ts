import { frappeName } from "./erpnext-shapes";
import { list, section } from "./sections";
import * as shapes from "./shapes";
import { text } from "./text-shape";

/** What our app in the image, `shopify_books`, books beyond the connector's own (image/shopify_books). */

const account = (example: string) => frappeName("an account", example).optional();

const paymentAccount = section("A payment gateway of Shopify and the account its money arrives in.", {
  gateway: text({
    pattern: /^[^<>\n]{1,140}$/,
    kind: "a payment gateway's name",
    example: "shopify_payments",
  }).describe("As Shopify's transactions name it: shopify_payments, paypal, manual, gift_card …; each once."),
  account: frappeName("an account", "PayPal - DSG").describe("Cash or bank account: a leaf, never a group."),
});

/** Fields of `accounting`. */
export const BOOKS_ACCOUNTS = {
  incomeAccount: account("Sales - DSG").describe("Income account of what is sold; default: ERPNext's own choice."),
  giftCardAccount: account("Gift Cards - DSG").describe(
    "Liability that sold gift cards are booked to and redeemed from; default: sold ones are income.",
  ),
  tipAccount: account("Tips - DSG").describe("Account of tips; default: the income account."),
  dutiesAccount: account("Duties - DSG").describe("Account of import duties; default: the shipping account."),
  feesAccount: account("Fees - DSG").describe("Account of additional fees; default: the shipping account."),
  paymentAccounts: list(paymentAccount)
    .default([])
    .describe("Accounts by payment gateway; what is not in the list arrives in the cash or bank account."),
};

/** Fields of `sync`. */
export const BOOKS_SYNC = {
  refunds: shapes
    .choice(["off", "draft", "submit"])
    .default("draft")
    .describe("What a refund becomes: nothing, a credit note as a draft, or one that is booked with its payment."),
  unmappedTaxes: shapes
    .choice(["default", "refuse"])
    .default("default")
    .describe(
      "A tax that taxAccounts lacks. default: booked to defaultTaxAccount, and said on the order. refuse: the order ends in an error.",
    ),
  testOrders: shapes
    .flag(false)
    .optional()
    .describe("Whether Shopify's test orders are booked; default: true for test, false for production."),
  partialPayments: shapes
    .flag(false)
    .default(false)
    .describe("Whether an order that is paid in part gets its invoice and what was paid."),
};
