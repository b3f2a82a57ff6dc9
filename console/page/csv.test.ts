import type { Gap } from "../model";
import { csvFileName, csvHead, csvLines, moneyCsv } from "./csv";
import { calmWorld, gap, month, NOW } from "./testing/world";

const { company } = calmWorld();
const german = { ...company, locale: "de-DE", currency: "EUR" };

/** Reads RFC 4180 strictly: every line ends in CRLF, every field is quoted. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  const field = /"((?:[^"]|"")*)"(,|\r\n)/y;
  let row: string[] = [];
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const found = field.exec(text);
    if (found === null) throw new Error(`no field at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
    row.push(found[1]?.replaceAll('""', '"') ?? "");
    if (found[2] === "\r\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

function cell(of: Partial<Gap>, column: string): string | undefined {
  const [head = [], line = []] = parse(`${csvHead(company).slice(1)}${csvLines([gap(1001, of)], company)}`);
  return line[head.indexOf(column)];
}

it("begins with the byte order mark that Excel needs, and with the names of the columns", () => {
  expect(csvHead(company).replaceAll('"', "")).toBe(
    "\uFEFForder,shopify_order_id,kind,reason,detail,placed_at,total,gross_difference,tax_and_shipping_difference," +
      "refunded_difference,paid_difference,currency,erpnext_documents,shopify_url,erpnext_url,first_seen_at,checked_at\r\n",
  );
});

it("writes a gap as one line of quoted fields, times in UTC and amounts as decimals", () => {
  const difference = { gross: "0.00", charges: "0.00", refunded: "-19.90", paid: "19.90" };
  const one = gap(1001, { documents: ["SAL-ORD-1", "SAL-ORD-2"], difference });
  expect(csvLines([one], company)).toBe(
    '"#1001","6000000001001","missing","other","ERPNext has no trace of it","2026-11-26T14:05:00Z","129.90",' +
      '"0.00","0.00","-19.90","19.90","GBP","SAL-ORD-1 SAL-ORD-2",' +
      '"https://admin.shopify.com/store/northwind-tea/orders/6000000001001",' +
      '"https://erp.example.com/app/sales-order?shopify_order_id=6000000001001","2026-11-26T15:00:00Z",' +
      '"2026-11-27T06:03:00Z"\r\n',
  );
});

it("is written as the company's own spreadsheet adds it up", () => {
  const difference = { gross: "-1234.50", charges: "0.00", refunded: "0.00", paid: "0.00" };
  expect(csvLines([gap(1001, { difference })], german)).toContain('"129,90";"-1234,50";"0,00";');
});

describe("the money by month", () => {
  const figures = { gross: "44.70", charges: "7.14", refunded: "19.90", paid: "24.80" };
  const money = {
    shopify: figures,
    erpnext: { ...figures, gross: "44.69", refunded: "0.00", paid: "44.69" },
    tolerated: { gross: "-0.01", charges: "0.00", refunded: "0.00", paid: "-0.01" },
    tax: "3.02",
  };
  const [october, november] = [month("2026-10"), month("2026-11", { shopify: 2, inErpnext: 1, money })];

  it("has both sides and their difference, and leaves out what no comparison has added up", () => {
    const [head = [], row = [], ...others] = parse(moneyCsv([november, october], company).slice(1));
    expect(others).toEqual([]);
    expect(Object.fromEntries(head.map((name, index) => [name, row[index]]))).toEqual({
      month: "2026-11",
      orders: "2",
      orders_in_erpnext: "1",
      shopify_gross: "44.70",
      shopify_tax_and_shipping: "7.14",
      shopify_refunded: "19.90",
      shopify_paid: "24.80",
      shopify_tax: "3.02",
      shopify_shipping: "4.12",
      erpnext_gross: "44.69",
      erpnext_tax_and_shipping: "7.14",
      erpnext_refunded: "0.00",
      erpnext_paid: "44.69",
      difference_gross: "-0.01",
      difference_tax_and_shipping: "0.00",
      difference_refunded: "-19.90",
      difference_paid: "19.89",
      currency: "GBP",
    });
  });

  it("has decimals that a German spreadsheet takes for numbers", () => {
    expect(moneyCsv([november], german)).toContain('"-19,90";"19,89";"EUR"\r\n');
  });
});

it("leaves empty what is unknown, the currency of no amount too", () => {
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
    "  =1",
    "＝1+1",
    "-1 day",
  ])("%j is made text", (detail) => {
    expect(cell({ detail }, "detail")).toBe(`'${detail}`);
    expect(cell({ name: detail }, "order")).toBe(`'${detail}`);
  });

  it.each([
    ["Could not find Customer: x;=cmd|' /C calc'!A0", "Could not find Customer: x;'=cmd|' /C calc'!A0"],
    ["a\t @SUM(A1)", "a\t' @SUM(A1)"],
    ["a;;-1+1", "a;;'-1+1"],
    ["two\n=1", "two\n'=1"],
  ])("%j is made text where another language's spreadsheet begins a cell", (detail, written) => {
    expect(cell({ detail }, "detail")).toBe(written);
  });

  it.each(["-12.50", "-3", "#1001", "1-2", "a=b", "a; b"])("%j is none", (detail) => {
    expect(cell({ detail }, "detail")).toBe(detail);
  });
});

it("is written batch by batch, and nothing for no gaps", () => {
  expect(csvLines([], company)).toBe("");
  expect(csvLines([gap(1), gap(2)], company)).toBe(csvLines([gap(1)], company) + csvLines([gap(2)], company));
});

it("is named after the customer and the day", () => {
  expect(csvFileName("acme", "not-synced", NOW)).toBe("acme-not-synced-2026-11-27.csv");
  expect(csvFileName("acme", "money", NOW)).toBe("acme-money-2026-11-27.csv");
});
