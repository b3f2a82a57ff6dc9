import { answerAt } from "./answers";
import { hasBooksApp, isTest, textAt, type Chapter, type Known, type Question } from "./question";

const suffixed = (name: string) => (known: Known) => `${name} - ${textAt(known, "company", "abbreviation")}`;
/** The words of a legal name that say what form it has, not whose it is. */
const LEGAL_FORM = /^(?:gmbh|ag|kg|ug|ltd|limited|inc|llc|plc|bv|sa|sarl|pty|oy|ab|co)\.?$/i;

function abbreviationOf(legalName: string): string {
  const words = legalName.split(/[\s-]+/).filter((word) => /^[A-Za-z0-9]/.test(word));
  const own = words.filter((word) => !LEGAL_FORM.test(word));
  return (own.length === 0 ? words : own)
    .map(([first = ""]) => first.toUpperCase())
    .join("")
    .slice(0, 5);
}

export const CUSTOMER: Chapter = {
  title: "The customer",
  questions: [
    {
      path: ["environment"],
      form: "choice",
      why: "It decides what is protected from being deleted. Take a test store first.",
      choices: [
        { name: "test: may be torn down", value: "test" },
        { name: "production: disk, address, registry and backups are protected", value: "production" },
      ],
    },
    {
      path: ["expiresOn"],
      form: "text",
      why: "A test customer costs money until you tear it down.",
      asked: isTest,
    },
  ],
};

export const SHOPIFY: Chapter = {
  title: "The Shopify store and its one app",
  credentials: { of: "shopify", when: "after" },
  questions: [
    {
      path: ["shopify", "shopDomain"],
      form: "text",
      why: "Shopify's Admin API answers on this name alone, never on the shop's own domain.",
    },
    {
      path: ["shopify", "app"],
      form: "choice",
      why: "Token and secret must be of one and the same app: its secret signs every webhook.",
      choices: [
        { name: "dev-dashboard: an app of the Dev Dashboard, client id and secret", value: "dev-dashboard" },
        { name: "custom: an app made in the store's admin before 2026, token shpat_…", value: "custom" },
      ],
    },
  ],
};

export const COMPANY: Chapter = {
  title: "The company in ERPNext",
  questions: [
    {
      path: ["company", "legalName"],
      form: "text",
      why: "It stands on every document, and cannot be changed once orders are booked.",
      proposes: ({ shop }) => shop?.name,
    },
    {
      path: ["company", "abbreviation"],
      form: "text",
      why: "Every account's and warehouse's name ends with it, so short is better.",
      proposes: (known) => abbreviationOf(textAt(known, "company", "legalName")),
    },
    {
      path: ["company", "country"],
      form: "text",
      why: "The country decides which charts of accounts and tax rules ERPNext offers.",
      proposes: ({ shop }) => shop?.country,
    },
    {
      path: ["company", "currency"],
      form: "text",
      why: "The connector writes amounts without a currency, so that the company's counts.",
      proposes: ({ shop }) => shop?.currency,
    },
    {
      path: ["company", "chartOfAccounts"],
      form: "text",
      why: "The names of all accounts below come from it. Ask the bookkeeper.",
    },
    { path: ["company", "fiscalYearStart"], form: "text", why: "Orders are booked into fiscal years." },
    {
      path: ["company", "timeZone"],
      form: "text",
      why: "An order late in the evening belongs to the shop's day, not to another one.",
      proposes: ({ shop }) => shop?.timeZone,
    },
  ],
};

/** Accounts of what the connector alone does not tell apart. Empty: the default of the field's description. */
const APP_ACCOUNTS: readonly (readonly [field: string, why: string])[] = [
  ["incomeAccount", "Empty: ERPNext's own choice, which some charts put at an odd place."],
  ["giftCardAccount", "A sold gift card is owed, not earned, until someone buys with it. Empty: it counts as income."],
  ["tipAccount", "Tips often belong to the staff. Empty: the income account."],
  ["dutiesAccount", "Import duties are passed on, not earned. Empty: the shipping account."],
  ["feesAccount", "Fees beside the goods, for recycling say. Empty: the shipping account."],
];

export const ACCOUNTING: Chapter = {
  title: "Where orders are booked",
  questions: [
    {
      path: ["erpnext", "booksApp"],
      form: "flag",
      why: "It books refunds, edits, tips, custom lines and gift cards, and tells tax rates and gateways apart. The releases hold it.",
      proposes: () => true,
    },
    {
      path: ["accounting", "warehouse"],
      form: "text",
      why: "Orders take their stock from it; ERPNext's own first one is Stores.",
      proposes: suffixed("Stores"),
    },
    { path: ["accounting", "customerGroup"], form: "text", why: "New customers need one; it keeps them apart." },
    { path: ["accounting", "defaultCustomer"], form: "text", why: "Orders from the till often name no customer." },
    {
      path: ["accounting", "cashBankAccount"],
      form: "text",
      why: "With a group instead of a leaf, every payment of an order fails.",
    },
    {
      path: ["accounting", "costCenter"],
      form: "text",
      why: "Invoices cannot be booked without one; ERPNext's own first one is Main.",
      proposes: suffixed("Main"),
    },
    {
      path: ["accounting", "shippingAccount"],
      form: "text",
      why: "Shipping is a charge of its own on the order.",
      proposes: suffixed("Freight and Forwarding Charges"),
    },
    {
      path: ["accounting", "taxAccounts"],
      form: "taxes",
      why: "Taxes are booked by title, and with the app by rate too. Those of the shop's recent orders are offered.",
    },
    {
      path: ["accounting", "defaultTaxAccount"],
      form: "text",
      why: "An unexpected title would stop its order.",
      proposes: (known) => {
        const [first] = (answerAt(known.answers, ["accounting", "taxAccounts"]) ?? []) as { account: string }[];
        return first?.account;
      },
    },
    ...APP_ACCOUNTS.map(([field, why]): Question => ({
      path: ["accounting", field],
      form: "text",
      why,
      optional: true,
      asked: hasBooksApp,
    })),
    {
      path: ["accounting", "paymentAccounts"],
      form: "gateways",
      why: "What PayPal keeps for the shop is not in its bank. The gateways of recent orders are offered.",
      asked: hasBooksApp,
    },
  ],
};

export const SYNC: Chapter = {
  title: "What becomes of an order",
  questions: [
    {
      path: ["sync", "salesInvoices"],
      form: "flag",
      why: "Without it a paid order stays a Sales Order.",
      proposes: () => true,
    },
    {
      path: ["sync", "deliveryNotes"],
      form: "flag",
      why: "Delivery Notes fail for items without stock and valuation rate; say no if ERPNext keeps no stock.",
      proposes: () => false,
    },
    {
      path: ["sync", "refunds"],
      form: "choice",
      why: "A bookkeeper may want to look at a credit note before it is booked and its money leaves the books.",
      asked: hasBooksApp,
      choices: [
        { name: "draft: a credit note that a person submits", value: "draft" },
        { name: "submit: a credit note that is booked, with its payment", value: "submit" },
        { name: "off: refunds are booked by hand", value: "off" },
      ],
    },
    {
      path: ["sync", "unmappedTaxes"],
      form: "choice",
      why: "A tax that the table above lacks is either booked somewhere or stops its order.",
      asked: hasBooksApp,
      choices: [
        { name: "default: booked to the default tax account, and said on the order", value: "default" },
        { name: "refuse: the order ends in an error until the tax has an account", value: "refuse" },
      ],
    },
    {
      path: ["sync", "testOrders"],
      form: "flag",
      why: "Shopify's test orders move no money.",
      asked: hasBooksApp,
      proposes: isTest,
    },
    {
      path: ["sync", "partialPayments"],
      form: "flag",
      why: "With it a deposit makes the invoice; without it the last payment does.",
      asked: hasBooksApp,
      proposes: () => false,
    },
    {
      path: ["sync", "history", "from"],
      form: "text",
      why: "Older orders are not fetched. Without read_all_orders nothing before the last 60 days is.",
    },
    {
      path: ["sync", "history", "to"],
      form: "text",
      why: "Normally empty: the backfill then goes up to its own day.",
      optional: true,
    },
  ],
};
