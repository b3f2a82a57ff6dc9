import { shopifyOrder } from "../reconciliation/testing/world";
import { FrappeClient } from "./frappe";
import { FrappeOrders } from "./frappe-orders";
import { startStubServer, type SeenRequest, type StubServer, type StubStep } from "./testing/stub-server";

let server: StubServer;
beforeEach(async () => (server = await startStubServer("reset")));
afterEach(async () => server.close());

function orders(pageSize = 1_000): FrappeOrders {
  const client = new FrappeClient({
    siteUrl: "https://erp.acme.example",
    apiUrl: server.url,
    apiKey: "key",
    apiSecret: "secret",
    firstDelayMs: 1,
  });
  return new FrappeOrders(client, { timeZone: "Europe/Berlin", pageSize });
}

interface Document {
  readonly doctype: string;
  readonly [field: string]: unknown;
}

/** A list answered as MariaDB would: text compares as text. */
function database(documents: readonly Document[]): StubStep {
  return ({ path }) => {
    const { doctype, query } = asked(path);
    const meets = (document: Document): boolean =>
      query.filters.every(([field, operator, wanted]) => matches(textOf(document[field]), operator, wanted));
    const found = documents
      .filter((document) => document.doctype === doctype && meets(document))
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    return { status: 200, body: { data: query.limit === 0 ? found : found.slice(0, query.limit) } };
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "0";
}

function sortKey(document: Document): string {
  return `${textOf(document["shopify_order_id"])} ${textOf(document["name"])}`;
}

function matches(value: string, operator: string, wanted: unknown): boolean {
  const text = String(wanted);
  const pattern = new RegExp(`^${text.replaceAll("_", ".").replaceAll("%", ".*")}$`);
  if (operator === "like") return pattern.test(value);
  if (operator === "not like") return !pattern.test(value);
  if (operator === "in") return (wanted as string[]).includes(value);
  if (operator === "=") return value === text;
  if (operator === ">") return value > text;
  return operator === ">=" ? value >= text : value <= text;
}

function asked(path: string) {
  const url = new URL(path, "http://x");
  const filters = JSON.parse(url.searchParams.get("filters") ?? "[]") as [string, string, unknown][];
  return {
    doctype: decodeURIComponent(url.pathname.split("/").at(-1) ?? ""),
    query: { filters, limit: Number(url.searchParams.get("limit_page_length")) },
  };
}

function salesOrder(id: string, name = `SO-${id}`): Document {
  const state = { docstatus: 1, status: "Completed", currency: "EUR", transaction_date: "2026-10-05" };
  const amounts = {
    grand_total: 10.5,
    rounded_total: 0,
    total_taxes_and_charges: 1.68,
    total_qty: 3,
    per_delivered: 50,
  };
  return { doctype: "Sales Order", name, shopify_order_id: id, ...state, ...amounts };
}

async function allPages(reader: FrappeOrders): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | null = null;
  for (;;) {
    const page: Awaited<ReturnType<FrappeOrders["page"]>> = await reader.page(after);
    pages.push(page.orders.map(({ id, salesOrders }) => `${id}x${salesOrders.length}`));
    if (page.last) return pages;
    after = page.orders.at(-1)?.id ?? null;
  }
}

describe("pages of Sales Orders", () => {
  test("ascend as numbers do, whatever their length, and leave out what is no id", async () => {
    const ids = ["1000", "999", "5800000001001", "1001", "58000000010010", "zzzz", "", "0123"];
    server.script(database(ids.map((id) => salesOrder(id))));
    expect(await allPages(orders())).toEqual([
      ["999x1"],
      ["1000x1", "1001x1"],
      ["5800000001001x1"],
      ["58000000010010x1"],
    ]);
  });

  test("keep all Sales Orders of one id together, however many", async () => {
    const ids = ["100", "200", "200", "200", "200", "200", "300"];
    server.script(database(ids.map((id, index) => salesOrder(id, `SO-${index}`))));
    expect(await allPages(orders(2))).toEqual([["100x1"], ["200x5", "300x1"]]);
  });

  test("go on behind the last id, past rows that are no orders", async () => {
    server.script(database(["aaa", "bbb", "ccc", "ddd", "100", "200"].map((id) => salesOrder(id))));
    const page = await orders(2).page("100");
    expect([page.orders.map(({ id }) => id), page.last]).toEqual([["200"], false]);
    expect(await orders(2).page("200")).toEqual({ orders: [], last: true });
  });

  test("of nothing are one empty last page", async () => {
    server.script(database([]));
    expect(await orders().page(null)).toEqual({ orders: [], last: true });
    expect(await orders().page("5800000001001")).toEqual({ orders: [], last: true });
  });

  test("end with a server that knows no patterns", async () => {
    server.script({ status: 200, body: { data: [{ shopify_order_id: "12" }] } });
    expect((await orders().page(null)).orders.map(({ id }) => id)).toEqual(["12"]);
  });

  test("hold what was made of each order, credit notes and returned goods too", async () => {
    const invoice = { doctype: "Sales Invoice", shopify_order_id: "100", docstatus: 1, currency: "EUR" };
    const note = { doctype: "Delivery Note", shopify_order_id: "200", docstatus: 1, total_qty: 2 };
    server.script(
      database([
        salesOrder("100"),
        salesOrder("200"),
        { ...invoice, name: "SI-1", grand_total: 24.8, rounded_total: 25, outstanding_amount: 3.5 },
        { ...invoice, name: "SI-2", grand_total: -4.8, rounded_total: 0, outstanding_amount: -4.8, is_return: 1 },
        { ...invoice, name: "SI-3", shopify_order_id: "150", outstanding_amount: 0 },
        { ...note, name: "DN-1", docstatus: 0, shopify_fulfillment_id: "51" },
        { ...note, name: "DN-2", is_return: 1, total_qty: -1 },
        { ...note, name: "DN-3", shopify_order_id: "20" },
      ]),
    );
    const made = {
      ...{ docstatus: 1, status: "Completed", currency: "EUR", total: "10.5", grandTotal: "10.5", charges: "1.68" },
      ...{ pieces: 3, delivered: 50, date: "2026-10-05" },
    };
    const invoiced = { docstatus: 1, currency: "EUR" };
    expect((await orders(1).page(null)).orders).toEqual([
      {
        id: "100",
        salesOrders: [{ name: "SO-100", ...made }],
        invoices: [
          { ...invoiced, name: "SI-1", isReturn: false, total: "25", outstanding: "3.5" },
          { ...invoiced, name: "SI-2", isReturn: true, total: "-4.8", outstanding: "-4.8" },
        ],
        deliveryNotes: [],
      },
    ]);
    expect((await orders(1).page("100")).orders).toEqual([
      {
        id: "200",
        salesOrders: [{ name: "SO-200", ...made }],
        invoices: [],
        deliveryNotes: [
          { name: "DN-1", docstatus: 0, isReturn: false, fulfilment: "51", pieces: 2 },
          { name: "DN-2", docstatus: 1, isReturn: true, fulfilment: "", pieces: -1 },
        ],
      },
    ]);
  });
});

test("orders by their ids come in that sequence, in addresses that gunicorn reads", async () => {
  const ids = Array.from({ length: 250 }, (_, index) => String(5_800_000_001_000 + index));
  server.script(database(ids.filter((_, index) => index % 2 === 0).map((id) => salesOrder(id))));
  const found = await orders().withIds(ids);
  expect(found.map(({ id }) => id)).toEqual(ids.filter((_, index) => index % 2 === 0));
  expect(server.seen).toHaveLength(9);
  expect(Math.max(...server.seen.map(({ path }) => path.length))).toBeLessThan(4_000);
});

describe("the connector's log", () => {
  const row = (id: string | number, more: object = {}): object => ({
    name: `log-${id}`,
    status: "Error",
    method: "ecommerce_integrations.shopify.order.sync_sales_order",
    message: "Item <b>X</b>\nnot found",
    creation: "2026-11-26 21:00:00.000001",
    request_data: JSON.stringify({ id, customer: { id: 1 } }, undefined, 4),
    ...more,
  });

  test("is searched for the digits of the ids, and rows of other orders are dropped", async () => {
    const other = row(7, { request_data: JSON.stringify({ id: 7, note: "see 5800000001001" }) });
    const rows = [row(5800000001001), other, row(1, { request_data: null }), row(2, { request_data: "{cut off" })];
    server.script({ status: 200, body: { data: rows } });
    const found = await orders().logs([
      shopifyOrder("5800000001001", { createdAt: "2026-11-26T20:00:00Z" }),
      shopifyOrder("5800000001002", { createdAt: "2026-11-25T20:00:00Z" }),
    ]);
    expect([...found]).toEqual([
      [
        "5800000001001",
        [
          {
            orderId: "5800000001001",
            name: "log-5800000001001",
            status: "Error",
            method: "ecommerce_integrations.shopify.order.sync_sales_order",
            message: "Item X not found",
            createdAt: "2026-11-26T20:00:00.000Z",
          },
        ],
      ],
    ]);
    const { searchParams } = new URL(server.seen[0]!.path, "http://x");
    expect(JSON.parse(searchParams.get("filters") ?? "")).toEqual([
      ["integration", "=", "shopify"],
      ["creation", ">=", "2026-11-24 21:00:00"],
    ]);
    expect(JSON.parse(searchParams.get("or_filters") ?? "")).toEqual([
      ["request_data", "like", "%5800000001001%"],
      ["request_data", "like", "%5800000001002%"],
    ]);
  });

  test("keeps ids that JavaScript would round, and cuts long words", async () => {
    const request_data = '{"id": 9007199254740993, "line_items": [{"id": 9007199254740995}]}';
    server.script({ status: 200, body: { data: [row("x", { request_data, message: "e".repeat(400) })] } });
    const found = await orders().logs([shopifyOrder("9007199254740993")]);
    expect(found.get("9007199254740993")?.[0]?.message).toBe(`${"e".repeat(300)}…`);
  });

  test("knows the order of a refund and of an edit, which name it only", async () => {
    const payloads = [
      { id: 9, order_id: 5800000001001, transactions: [{ id: 3, order_id: 5800000001001 }] },
      { order_edit: { id: 8, order_id: 5800000001001 } },
    ];
    const rows = payloads.map((payload, index) => row(index, { request_data: JSON.stringify(payload) }));
    server.script({ status: 200, body: { data: rows } });
    const found = await orders().logs([shopifyOrder("5800000001001")]);
    expect(found.get("5800000001001")?.map(({ name }) => name)).toEqual(["log-0", "log-1"]);
  });

  test("asks again for half as many orders where there are more rows than an answer holds", async () => {
    const answer = ({ path }: SeenRequest): { status: number; body: unknown } => {
      const params = new URL(path, "http://x").searchParams;
      const wanted = (JSON.parse(params.get("or_filters") ?? "[]") as string[][]).map(([, , id = ""]) =>
        id.slice(1, -1),
      );
      const rows = wanted.flatMap((id) => Array.from({ length: id === "100" ? 20 : 1 }, () => row(Number(id))));
      return { status: 200, body: { data: rows.slice(0, Number(params.get("limit_page_length"))) } };
    };
    server.script(answer);
    const found = await orders().logs(["100", "101"].map((id) => shopifyOrder(id)));
    expect([...found].map(([id, entries]) => [id, entries.length])).toEqual([
      ["100", 10],
      ["101", 1],
    ]);
    const many = Array.from({ length: 41 }, (_, index) => shopifyOrder(String(200 + index)));
    const before = server.seen.length;
    expect((await orders().logs(many)).size).toBe(41);
    expect(server.seen.length - before).toBe(3);
    expect(Math.max(...server.seen.map(({ path }) => path.length))).toBeLessThan(4_000);
  });
});
