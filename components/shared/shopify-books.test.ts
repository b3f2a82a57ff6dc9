import { readFileSync } from "node:fs";
import { join } from "node:path";

import { SYNC } from "../testing/company";
import { type BooksFacts, shopifyBooksValues } from "./shopify-books";

const FACTS: BooksFacts = {
  environment: "production",
  sync: { ...SYNC, refunds: "submit", unmappedTaxes: "refuse", partialPayments: true },
  accounting: {
    warehouse: "Stores - AG",
    customerGroup: "Shopify",
    defaultCustomer: "Shopify Customer",
    cashBankAccount: "Bank - AG",
    costCenter: "Main - AG",
    shippingAccount: "Freight - AG",
    defaultTaxAccount: "USt 19 % - AG",
    taxAccounts: [
      { shopifyTax: "VAT", rate: 19, account: "USt 19 % - AG" },
      { shopifyTax: "VAT", rate: 7, account: "USt 7 % - AG" },
      { shopifyTax: "Cess", account: "Cess - AG" },
    ],
    incomeAccount: "Shop - AG",
    giftCardAccount: "Gift Cards - AG",
    paymentAccounts: [{ gateway: "paypal", account: "PayPal - AG" }],
  },
};

const VALUES = {
  income_account: "Shop - AG",
  gift_card_account: "Gift Cards - AG",
  tip_account: "",
  duties_account: "",
  fees_account: "",
  refunds: "submit",
  unmapped_tax: "refuse",
  book_test_orders: 0,
  book_partial_payments: 1,
  tax_accounts: [
    { title: "VAT", rate: 19, account: "USt 19 % - AG" },
    { title: "VAT", rate: 7, account: "USt 7 % - AG" },
    { title: "Cess", rate: 0, account: "Cess - AG" },
  ],
  payment_accounts: [{ gateway: "paypal", account: "PayPal - AG" }],
};

it("is the intake, field by field", () => {
  expect(shopifyBooksValues(FACTS)).toEqual(VALUES);
});

it.each([
  [{ environment: "test" as const }, 1],
  [{ environment: "test" as const, sync: { ...SYNC, testOrders: false } }, 0],
  [{ sync: { ...SYNC, testOrders: true } }, 1],
])("books test orders of a test store, unless the intake says otherwise: %j", (change, books) => {
  expect(shopifyBooksValues({ ...FACTS, ...change }).book_test_orders).toBe(books);
});

const DOCTYPES = join(__dirname, "../../image/shopify_books/shopify_books/shopify_books/doctype");

interface Definition {
  readonly fields: readonly { readonly fieldname: string; readonly fieldtype: string; readonly options?: string }[];
}

function definition(doctype: string): Definition {
  const name = doctype.toLowerCase().replaceAll(" ", "_");
  return JSON.parse(readFileSync(join(DOCTYPES, name, `${name}.json`), "utf8")) as Definition;
}

it("sends no field and no choice that the app's own doctypes do not have, which Frappe would drop without a word", () => {
  const { fields } = definition("Shopify Books Setting");
  for (const [name, value] of Object.entries(VALUES)) {
    const field = fields.find(({ fieldname }) => fieldname === name);
    expect([name, field?.fieldtype]).toEqual([name, expect.stringMatching(/^(Link|Select|Check|Table)$/)]);
    if (field?.fieldtype === "Select") expect(field.options?.split("\n")).toContain(value);
    if (!Array.isArray(value)) continue;
    const columns = definition(field?.options ?? "").fields.map(({ fieldname }) => fieldname);
    expect(columns).toEqual(expect.arrayContaining(Object.keys(value[0] ?? {})));
  }
});
