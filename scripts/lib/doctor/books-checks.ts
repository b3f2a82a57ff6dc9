import { differingFields } from "../../../components/providers/frappe-values";
import { unfitness } from "../../../core/fitness";
import { PAYMENTS } from "../../../components/shared/ledgers";
import type { Customer } from "../../../customers/schema";
import { check, type Facts } from "./check";
import type { Fields, Ledger } from "./erpnext-facts";
import { bad, ok, quoted, skipped, warn, type Finding } from "./finding";

/**
 * Every ledger that orders are booked to is there and fit for it. ERPNext refuses to post to a group, to another company's account, to a
 * disabled or frozen one and to one in a foreign currency (GL Entry's validation); money on an income account it takes.
 */
export function judgeLedgers(
  { ledgers, customer }: Pick<Facts, "ledgers" | "customer">,
  purposes: (purpose: string) => boolean,
): Finding {
  const mine = ledgers.filter(({ purpose }) => purposes(purpose));
  const faults = mine.flatMap((ledger) => faultsOf(ledger, customer.company));
  if (faults.length === 0)
    return ok(`${quoted(mine.map(({ name }) => name))}: leaves of ${customer.company.legalName}`);
  return bad(
    faults.join("; "),
    `name a leaf of this company under "accounting" in customers/${customer.slug}.yaml, or correct the account in ERPNext`,
  );
}

function faultsOf(
  { doctype, name, purpose, document, rootType }: Ledger,
  { legalName, currency }: Customer["company"],
): string[] {
  const what = `"${name}" for ${purpose}`;
  if (document === undefined) return [`${what} does not exist`];
  const { account_currency: own, account_type: type } = document;
  return [
    ...(document["company"] === legalName ? [] : [`${what} belongs to "${String(document["company"])}"`]),
    ...(isSet(document["is_group"]) ? [`${what} is a group`] : []),
    ...(isSet(document["disabled"]) ? [`${what} is disabled`] : []),
    ...unfitness(doctype, document).map((fault) => `${what} ${fault}`),
    ...(rootType === undefined || document["root_type"] === rootType ? [] : [`${what} is no ${rootType} account`]),
    ...(isOther(own, currency) ? [`${what} is in ${own}, the company's currency is ${currency}`] : []),
    ...(purpose === PAYMENTS && !isMoney(document)
      ? [`${what} is of type ${JSON.stringify(type ?? "")} and not Bank or Cash`]
      : []),
  ];
}

function isOther(own: unknown, currency: string): own is string {
  return typeof own === "string" && own !== "" && own !== currency;
}

/** A bank, a cash box, or a plain account where a gateway's money waits; never income, a tax or a receivable. */
function isMoney({ account_type: type, root_type: root }: Fields): boolean {
  return type === "Bank" || type === "Cash" || ((type ?? "") === "" && (root === "Asset" || root === "Liability"));
}

function isSet(value: unknown): boolean {
  return value === 1 || value === true;
}

export function judgeFixtures({ fixtures, customer }: Pick<Facts, "fixtures" | "customer">): Finding {
  const missing = fixtures.filter(({ document }) => document === undefined);
  const unfit = fixtures.flatMap((one) => fixtureFaults(one, customer.company));
  if (unfit.length > 0)
    return bad(unfit.join("; "), "correct it in ERPNext, or name another one in the customer's file");
  if (missing.length === 0) return ok(fixtures.map(called).join(", "));
  return bad(
    `there is no ${missing.map(called).join(", no ")}`,
    `run "pulumi refresh -s ${customer.slug}" and "pulumi up -s ${customer.slug}", which make them`,
  );
}

type Fixture = Facts["fixtures"][number];

function called({ doctype, name }: Fixture): string {
  return `${doctype} "${name}"`;
}

function fixtureFaults(fixture: Fixture, { legalName, currency }: Customer["company"]): readonly string[] {
  const { doctype, document } = fixture;
  if (document === undefined) return [];
  const { company = legalName, default_currency: own } = document;
  return [
    ...unfitness(doctype, document),
    ...(doctype === "Warehouse" && company !== legalName ? [`belongs to "${String(company)}"`] : []),
    ...(doctype === "Customer" && isOther(own, currency)
      ? [`buys in ${own}, the company's currency is ${currency}`]
      : []),
  ].map((fault) => `${called(fixture)} ${fault}`);
}

/** What a Sales Invoice takes from the company itself, and refuses to be made without. */
export function judgeCompany({ companyDocument, customer }: Pick<Facts, "companyDocument" | "customer">): Finding {
  const { legalName, currency } = customer.company;
  const next = `correct the company "${legalName}" in ERPNext (Company)`;
  if (companyDocument === undefined) return bad(`there is no company "${legalName}"`, next);
  const { default_currency: own } = companyDocument;
  const lacks = NEEDED.filter(([field]) => (companyDocument[field] ?? "") === "");
  const income =
    customer.accounting.incomeAccount === undefined && (companyDocument["default_income_account"] ?? "") === "";
  const faults = [
    ...(own === currency ? [] : [`its books are in ${JSON.stringify(own ?? "")}, the file says ${currency}`]),
    ...lacks.map(([, what]) => `it has no ${what}`),
    ...(income ? ["it has no default income account, and the file names none"] : []),
  ];
  return faults.length === 0
    ? ok(`"${legalName}" keeps ${currency} and has its default accounts`)
    : bad(faults.join("; "), next);
}

const NEEDED = [["default_receivable_account", "default receivable account, so no invoice can be made"]] as const;

/** Days on which nothing can be booked any more: an order of such a day is made, and its invoice or Delivery Note refused. */
export function judgeClosedDays({
  closedUntil,
  customer,
  now,
}: Pick<Facts, "closedUntil" | "customer" | "now">): Finding {
  const today = now.toISOString().slice(0, 10);
  const { from } = customer.sync.history;
  const closed = closedUntil.filter(({ until }) => until >= from);
  if (closed.length === 0) return ok(`nothing is closed from ${from} on, as far as this user may see`);
  const saw = closed.map(({ what, until }) => `${what} is closed until ${until}`).join("; ");
  const next = "open it in ERPNext (Accounts Settings, Stock Settings, Company), or begin the history after it";
  return closed.some(({ until }) => until >= today)
    ? bad(`${saw}: documents of new orders are refused`, next)
    : warn(`${saw}: documents of orders from before are refused`, next);
}

/** Each value as the stack sets it; a check field, a number or a choice, whichever way Frappe writes it. */
export function judgeBooksSettings({ booksSettings, customer }: Pick<Facts, "booksSettings" | "customer">): Finding {
  const faults = booksSettings.flatMap(({ wanted, document }) => {
    if (document === undefined) return [`there is no ${wanted.doctype} "${wanted.documentName}"`];
    return differingFields(wanted.values, document).map(
      (field) =>
        `"${field}" of ${wanted.documentName} is ${JSON.stringify(document[field] ?? "")} and not ${JSON.stringify(wanted.values[field])}`,
    );
  });
  if (faults.length === 0) return ok(`${booksSettings.length} documents are as docs/books.md lists them`);
  return bad(
    faults.join("; "),
    `run "pulumi refresh -s ${customer.slug}" and "pulumi up -s ${customer.slug}", which set them; docs/books.md says what each is for`,
  );
}

/** Whether every day from the first of history to today lies in a fiscal year. */
export function judgeFiscalYears({
  fiscalYears,
  customer,
  now,
}: Pick<Facts, "fiscalYears" | "customer" | "now">): Finding {
  const today = now.toISOString().slice(0, 10);
  const { from } = customer.sync.history;
  const years = [...fiscalYears].sort((one, other) => one.from.localeCompare(other.from));
  const next = "add the missing years in ERPNext (Fiscal Year)";
  if (!years.some((year) => year.from <= today && today <= year.to)) {
    return bad(`no fiscal year covers today, ${today}: invoices of new orders fail`, next);
  }
  const gap = firstGap(years, from, today);
  if (gap === undefined) return ok(`fiscal years cover ${from} to ${today}`);
  return warn(`no fiscal year covers ${gap}: invoices for orders of that time fail`, `${next} before the backfill`);
}

function firstGap(years: readonly { from: string; to: string }[], from: string, to: string): string | undefined {
  let day = from;
  for (const year of years) {
    if (year.from > day) return day;
    if (year.to >= day) day = nextDay(year.to);
  }
  return day <= to ? day : undefined;
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

/** Share of the items below which it is no longer that a few are sold out. */
const STOCKED = 0.5;

export function judgeDeliveryNotes({ stock, customer }: Pick<Facts, "stock" | "customer">): Finding {
  if (!customer.sync.deliveryNotes) return skipped('"sync.deliveryNotes" is off');
  const { warehouse } = customer.accounting;
  const { itemsInStock, items } = stock;
  const saw = `${itemsInStock} of ${items} items are in stock with a value in "${warehouse}"`;
  if (itemsInStock > 0 && itemsInStock >= items * STOCKED) return ok(saw);
  return warn(
    itemsInStock > 0 ? saw : `no item has stock and a valuation rate in "${warehouse}"`,
    'book the opening stock with its value, allow zero valuation for the items, or set "sync.deliveryNotes" to false: fulfilments end in errors',
  );
}

export const BOOKS_CHECKS = [
  check({
    id: "cash-account",
    group: "ERPNext",
    title: "payments have a leaf account",
    looksAt: '"accounting.cashBankAccount" in ERPNext',
    why: "With a group there, a paid order ends without its Payment Entry.",
    from: ["ledgers", "customer"],
    judge: (facts) => judgeLedgers(facts, (purpose) => purpose === PAYMENTS),
  }),
  check({
    id: "posting-accounts",
    group: "ERPNext",
    title: "taxes and shipping have leaf accounts",
    looksAt: "the tax, shipping and cost center names of the intake file in ERPNext",
    why: "An order with a tax or shipping that has no account ends in an error.",
    from: ["ledgers", "customer"],
    judge: (facts) => judgeLedgers(facts, (purpose) => purpose !== PAYMENTS),
  }),
  check({
    id: "fixtures",
    group: "ERPNext",
    title: "what every order needs is there and fit",
    looksAt:
      "Address Template of the country, UOM Kg and Nos, warehouse, customer group, default customer: there, and fit to be booked on",
    why: "Without them, or with a group or a disabled one, what an order needs cannot be saved, and the order fails.",
    from: ["fixtures", "customer"],
    judge: judgeFixtures,
  }),
  check({
    id: "company",
    group: "ERPNext",
    title: "the company can invoice",
    looksAt: "Company: currency and default accounts",
    why: "A company in another currency converts every amount, and without a receivable account no invoice is made.",
    from: ["companyDocument", "customer"],
    judge: judgeCompany,
  }),
  check({
    id: "closed-days",
    group: "ERPNext",
    title: "no day of an order is closed",
    looksAt: "Accounts Settings, Stock Settings and Company, as far as this user may read them",
    why: "ERPNext refuses documents of closed days, and the order stays without them.",
    from: ["closedUntil", "customer", "now"],
    judge: judgeClosedDays,
  }),
  check({
    id: "books-settings",
    group: "ERPNext",
    title: "ERPNext's settings leave an order's money alone",
    looksAt: "Stock, Selling and System Settings, Global Defaults, precision of rates",
    why: "With others, free lines are charged, payments are rounded to whole units, or orders are refused.",
    from: ["booksSettings", "customer"],
    judge: judgeBooksSettings,
  }),
  check({
    id: "fiscal-years",
    group: "ERPNext",
    title: "fiscal years cover history and today",
    looksAt: 'Fiscal Year beside "sync.history"',
    why: "An invoice on a day without a fiscal year is refused, and its order stays unpaid in ERPNext.",
    from: ["fiscalYears", "customer", "now"],
    judge: judgeFiscalYears,
  }),
  check({
    id: "delivery-notes",
    group: "ERPNext",
    title: "Delivery Notes can be made",
    looksAt: "stock and valuation in the warehouse (Bin)",
    why: "A Delivery Note needs stock and a valuation rate; without them every fulfilment fails.",
    from: ["stock", "customer"],
    judge: judgeDeliveryNotes,
  }),
];
