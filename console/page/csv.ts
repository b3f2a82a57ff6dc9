import type { CompanyFormat, Gap } from "../model";

/**
 * The list of gaps as RFC 4180 has it: commas, CRLF, quotes doubled. It begins with a byte order mark, because Excel takes a
 * file without one for the system's own code page and writes "Müller" wrong; LibreOffice, Google Sheets and Numbers skip it.
 * Times are ISO 8601 in UTC and amounts plain decimals, whatever the company's format: a file is read by machines too.
 */

export const CSV_TYPE = "text/csv; charset=utf-8";

const BYTE_ORDER_MARK = "\uFEFF";

const COLUMNS: Readonly<Record<string, (gap: Gap, company: CompanyFormat) => string>> = {
  order: ({ name }) => name,
  shopify_order_id: ({ id }) => id,
  kind: ({ kind }) => kind,
  reason: ({ reason }) => reason,
  detail: ({ detail }) => detail,
  placed_at: ({ placedAt }) => placedAt ?? "",
  total: ({ total }) => total ?? "",
  currency: ({ total }, { currency }) => (total === null ? "" : currency),
  erpnext_documents: ({ documents }) => documents.join(" "),
  shopify_url: ({ shopifyUrl }) => shopifyUrl,
  erpnext_url: ({ erpnextUrl }) => erpnextUrl,
  first_seen_at: ({ firstSeenAt }) => firstSeenAt,
  checked_at: ({ checkedAt }) => checkedAt,
};

/** What the file begins with: the byte order mark and the names of the columns. */
export const CSV_HEAD = `${BYTE_ORDER_MARK}${line(Object.keys(COLUMNS))}`;

/** One line a gap. A long list is written batch by batch, after {@link CSV_HEAD}. */
export function csvLines(gaps: readonly Gap[], company: CompanyFormat): string {
  return gaps.map((gap) => line(Object.values(COLUMNS).map((of) => of(gap, company)))).join("");
}

/** The name of the file, for `Content-Disposition`. */
export function csvFileName(customer: string, now: Date): string {
  return `${customer}-not-synced-${now.toISOString().slice(0, 10)}.csv`;
}

function line(values: readonly string[]): string {
  return `${values.map(field).join(",")}\r\n`;
}

function field(value: string): string {
  const harmless = withoutFormula(value);
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/**
 * A spreadsheet runs what begins like a formula, and names of orders and the connector's words come from outside. An apostrophe
 * before it makes it text. A plain negative number is none.
 */
function withoutFormula(value: string): string {
  const formula = /^[\s\u200B\uFEFF]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/.test(value);
  return formula && !/^-\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
}
