import type { Gap } from "../model";
import { CSV_HEAD, csvFileName, csvLines } from "./csv";
import { calmWorld, gap, NOW } from "./testing/world";

const { company } = calmWorld();

/** Reads RFC 4180 strictly: every line ends in CRLF, and a quote stands only where it may. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let row: string[] = [];
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const found = field.exec(text);
    if (found === null) throw new Error(`no field at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    if (found[3] === "\r\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

function cell(of: Partial<Gap>, column: string): string | undefined {
  const [head = [], line = []] = parse(`${CSV_HEAD.slice(1)}${csvLines([gap(1001, of)], company)}`);
  return line[head.indexOf(column)];
}

it("begins with the byte order mark that Excel needs, and with the names of the columns", () => {
  expect(CSV_HEAD).toBe(
    "\uFEFForder,shopify_order_id,kind,reason,detail,placed_at,total,currency,erpnext_documents,shopify_url,erpnext_url," +
      "first_seen_at,checked_at\r\n",
  );
});

it("writes a gap as one line, times in UTC and amounts as decimals", () => {
  expect(csvLines([gap(1001, { documents: ["SAL-ORD-1", "SAL-ORD-2"] })], company)).toBe(
    "#1001,6000000001001,missing,other,ERPNext has no trace of it,2026-11-26T14:05:00Z,129.90,GBP,SAL-ORD-1 SAL-ORD-2," +
      "https://admin.shopify.com/store/northwind-tea/orders/6000000001001," +
      "https://erp.example.com/app/sales-order?shopify_order_id=6000000001001,2026-11-26T15:00:00Z,2026-11-27T06:03:00Z\r\n",
  );
});

it("leaves empty what nobody knows, the currency of no amount too", () => {
  const unknown = { placedAt: null, total: null } as const;
  expect(["placed_at", "total", "currency"].map((column) => cell(unknown, column))).toEqual(["", "", ""]);
});

it.each(["a,b", 'say "no"', "two\r\nlines", "two\nlines", '","', "Müller & Söhne 茶", "", " "])(
  "keeps %j",
  (detail) => {
    expect(cell({ detail }, "detail")).toBe(detail);
  },
);

describe("what a spreadsheet would run", () => {
  it.each([
    '=HYPERLINK("https://evil.example.com","pay")',
    "+1+1",
    "-2+3",
    "-",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1+1",
    "-1 day",
  ])("%j is made text", (detail) => {
    expect(cell({ detail }, "detail")).toBe(`'${detail}`);
    expect(cell({ name: detail }, "order")).toBe(`'${detail}`);
  });

  it.each(["-12.50", "-3", "#1001", "1-2", "a=b"])("%j is none", (detail) => {
    expect(cell({ detail }, "detail")).toBe(detail);
  });
});

it("is written batch by batch, and nothing for no gaps", () => {
  expect(csvLines([], company)).toBe("");
  expect(csvLines([gap(1), gap(2)], company)).toBe(csvLines([gap(1)], company) + csvLines([gap(2)], company));
});

it("is named after the customer and the day", () => {
  expect(csvFileName("acme", NOW)).toBe("acme-not-synced-2026-11-27.csv");
});
