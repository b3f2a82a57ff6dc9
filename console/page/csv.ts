import { amountOf, decimalOf } from "../../reconciliation/amount";
import { monthDifference, type Figures } from "../../reconciliation/month-money";
import { FIGURES } from "../../reconciliation/order-money";
import type { CompanyFormat, Gap, MonthCoverage } from "../model";

/**
 * Files that the company's own spreadsheet opens and adds up: where its language writes a comma for the decimals, the fields are
 * separated by semicolons, as RFC 4180 has it otherwise: CRLF, every field in quotes, quotes doubled. They begin with a byte order mark,
 * because Excel takes a file without one for the system's own code page and writes "Müller" wrong; LibreOffice, Google Sheets and Numbers
 * skip it. Times are ISO 8601 in UTC.
 */

export const CSV_TYPE = "text/csv; charset=utf-8";

const BYTE_ORDER_MARK = "\uFEFF";

interface Style {
  readonly separator: string;
  readonly point: string;
}

function styleOf({ locale }: CompanyFormat): Style {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  const point = parts.find(({ type }) => type === "decimal")?.value ?? ".";
  return point === "," ? { separator: ";", point } : { separator: ",", point: "." };
}

type Columns<Row> = Readonly<Record<string, (row: Row, company: CompanyFormat) => string>>;

const GAP_COLUMNS: Columns<Gap> = {
  order: ({ name }) => name,
  shopify_order_id: ({ id }) => id,
  kind: ({ kind }) => kind,
  reason: ({ reason }) => reason,
  detail: ({ detail }) => detail,
  placed_at: ({ placedAt }) => placedAt ?? "",
  total: ({ total }) => total ?? "",
  gross_difference: ({ difference }) => difference?.gross ?? "",
  tax_and_shipping_difference: ({ difference }) => difference?.charges ?? "",
  refunded_difference: ({ difference }) => difference?.refunded ?? "",
  paid_difference: ({ difference }) => difference?.paid ?? "",
  currency: ({ total, difference }, { currency }) => (total === null && difference === null ? "" : currency),
  erpnext_documents: ({ documents }) => documents.join(" "),
  shopify_url: ({ shopifyUrl }) => shopifyUrl,
  erpnext_url: ({ erpnextUrl }) => erpnextUrl,
  first_seen_at: ({ firstSeenAt }) => firstSeenAt,
  checked_at: ({ checkedAt }) => checkedAt,
};

/** A month whose money a whole comparison has added up. */
type MonthOfMoney = MonthCoverage & { readonly money: NonNullable<MonthCoverage["money"]> };

const MONTH_COLUMNS: Columns<MonthOfMoney> = {
  month: ({ month }) => month,
  orders: ({ shopify }) => String(shopify),
  orders_in_erpnext: ({ inErpnext }) => String(inErpnext),
  ...sideColumns("shopify", ({ money }) => money.shopify),
  shopify_tax: ({ money }) => money.tax,
  shopify_shipping: ({ money }) => decimalOf(amountOf(money.shopify.charges) - amountOf(money.tax)),
  ...sideColumns("erpnext", ({ money }) => money.erpnext),
  ...sideColumns("difference", ({ money }) => monthDifference(money)),
  currency: (_month, { currency }) => currency,
};

function sideColumns(side: string, of: (month: MonthOfMoney) => Figures): Columns<MonthOfMoney> {
  const named = { gross: "gross", charges: "tax_and_shipping", refunded: "refunded", paid: "paid" } as const;
  return Object.fromEntries(FIGURES.map((figure) => [`${side}_${named[figure]}`, (month) => of(month)[figure]]));
}

/** What the list of gaps begins with: the byte order mark and the names of the columns. */
export function csvHead(company: CompanyFormat): string {
  return `${BYTE_ORDER_MARK}${line(Object.keys(GAP_COLUMNS), styleOf(company))}`;
}

/** One line a gap. A long list is written batch by batch, after {@link csvHead}. */
export function csvLines(gaps: readonly Gap[], company: CompanyFormat): string {
  return lines(GAP_COLUMNS, gaps, company);
}

/** The money by month, the oldest first. */
export function moneyCsv(months: readonly MonthCoverage[], company: CompanyFormat): string {
  const known = months.filter((month): month is MonthOfMoney => month.money !== null);
  const head = line(Object.keys(MONTH_COLUMNS), styleOf(company));
  const rows = known.toSorted((a, b) => (a.month < b.month ? -1 : 1));
  return `${BYTE_ORDER_MARK}${head}${lines(MONTH_COLUMNS, rows, company)}`;
}

/** The name of a file, for `Content-Disposition`. */
export function csvFileName(customer: string, what: "not-synced" | "money", now: Date): string {
  return `${customer}-${what}-${now.toISOString().slice(0, 10)}.csv`;
}

function lines<Row>(columns: Columns<Row>, rows: readonly Row[], company: CompanyFormat): string {
  const style = styleOf(company);
  const values = Object.values(columns);
  return rows
    .map((row) =>
      line(
        values.map((of) => of(row, company)),
        style,
      ),
    )
    .join("");
}

function line(values: readonly string[], style: Style): string {
  return `${values.map((value) => field(value, style)).join(style.separator)}\r\n`;
}

function field(value: string, { point }: Style): string {
  const written = AMOUNT.test(value) ? value.replace(".", point) : withoutFormula(value);
  return `"${written.replaceAll('"', '""')}"`;
}

const AMOUNT = /^-?\d+(\.\d+)?$/;
/** Signs that begin a formula, at the beginning or where a spreadsheet of another language splits a field. */
const FORMULA = /(^|[;\t\r\n])([\s\u200B\uFEFF]*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

/**
 * A spreadsheet runs what begins like a formula, and names of orders and the connector's words come from outside. An apostrophe
 * before it makes it text: also after a semicolon or a tab, where a spreadsheet that separates by them begins a cell, quotes or not.
 */
function withoutFormula(value: string): string {
  const inner = value.replace(FORMULA, "$1'$2");
  return /^[\t\r\n]/.test(inner) ? `'${inner}` : inner;
}
