import { startWorld, type World } from "../testing/world";
import { asShown } from "../rest/request";

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(async () => {
  await world.stop();
});

const orderNames = `query ($first: Int, $last: Int, $after: String, $before: String, $query: String, $sortKey: OrderSortKeys, $reverse: Boolean) {
  orders(first: $first, last: $last, after: $after, before: $before, query: $query, sortKey: $sortKey, reverse: $reverse) {
    nodes { name }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface Page {
  readonly names: string[];
  readonly info: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

async function page(variables: Record<string, unknown>): Promise<Page> {
  const { body } = await world.graphql(orderNames, { variables });
  return {
    names: body.data.orders.nodes.map(({ name }) => name),
    info: body.data.orders.pageInfo,
  };
}

async function names(query: string): Promise<string[]> {
  return (await page({ first: 250, query, sortKey: "ID" })).names;
}

describe("lists of orders", () => {
  it.each([
    ["status:open", 9],
    ["status:cancelled", 3],
    ["status:closed", 6],
    ["financial_status:pending", 1],
    ["financial_status:voided,refunded", 3],
    ["fulfillment_status:partial", 1],
    ["fulfillment_status:unfulfilled", 10],
    ["test:true", 1],
    ["name:1003", 1],
    ["id:5800000001004", 1],
    ["created_at:<'2026-09-24T12:00:00Z'", 6],
    ["status:open created_at:>='2026-11-20T12:00:00Z'", 2],
  ])("%s finds %i orders, and as many are counted", async (query, count) => {
    expect(await names(query)).toHaveLength(count);
    const { body } = await world.graphql("query ($q: String) { ordersCount(query: $q) { count precision } }", {
      variables: { q: query },
    });
    expect(body.data.ordersCount).toEqual({ count, precision: "EXACT" });
  });

  it("page forwards and backwards, in both directions, without a gap", async () => {
    const first = await page({ first: 2, sortKey: "CREATED_AT" });
    expect([first.names, first.info.hasNextPage, first.info.hasPreviousPage]).toEqual([
      ["#1001", "#1002"],
      true,
      false,
    ]);
    const next = await page({ first: 2, after: first.info.endCursor, sortKey: "CREATED_AT" });
    expect([next.names, next.info.hasPreviousPage]).toEqual([["#1003", "#1004"], true]);
    const back = await page({ last: 2, before: next.info.startCursor, sortKey: "CREATED_AT" });
    expect(back.names).toEqual(["#1001", "#1002"]);
    const newest = await page({ first: 2, sortKey: "UPDATED_AT", reverse: true });
    expect([newest.names, newest.info.hasNextPage]).toEqual([["#1018", "#1017"], true]);
    const older = await page({ first: 2, after: newest.info.endCursor, sortKey: "UPDATED_AT", reverse: true });
    expect(older.names).toEqual(["#1016", "#1015"]);
  });

  it("stop counting at the limit", async () => {
    const { body } = await world.graphql("{ ordersCount(limit: 5) { count precision } }");
    expect(body.data.ordersCount).toEqual({ count: 5, precision: "AT_LEAST" });
  });

  it.each([
    [{ first: 251 }, "first cannot exceed 250"],
    [{}, "you must provide one of first or last"],
    [{ first: 1, last: 1 }, "providing both first and last is not supported"],
    [{ first: 1, after: "nonsense" }, "Invalid cursor for current pagination sort."],
  ])("refuse %j", async (variables, message) => {
    const { body } = await world.graphql(orderNames, { variables });
    expect([body.data, body.errors[0]?.message]).toEqual([null, message]);
  });

  it("walk through a hundred thousand orders", async () => {
    world.shopify.shop().bulkSeed(100_000);
    const { body } = await world.graphql("{ ordersCount(limit: null) { count precision } }");
    expect(body.data.ordersCount).toEqual({ count: 100_018, precision: "EXACT" });
    const first = await page({ first: 250, sortKey: "UPDATED_AT" });
    const second = await page({ first: 250, sortKey: "UPDATED_AT", after: first.info.endCursor });
    expect(new Set([...first.names, ...second.names]).size).toBe(500);
  });

  it("warn of a filter that does not exist, and filter nothing by it", async () => {
    const { body } = await world.graphql(orderNames, { variables: { first: 50, query: "finacial_status:paid" } });
    expect(body.data.orders.nodes).toHaveLength(18);
    expect(body.extensions.search).toEqual([
      {
        path: ["orders"],
        query: "finacial_status:paid",
        warnings: [
          { field: "finacial_status", message: "Invalid search field for this query.", code: "invalid_field" },
        ],
      },
    ]);
  });
});

describe("what scopes hide", () => {
  const withoutAll = ["read_orders", "read_products", "read_customers"];

  it("shows 60 days of orders without read_all_orders, and says nothing", async () => {
    world.shopify.setScopes("erpnext-sync", withoutAll);
    const query = `{ ordersCount { count precision } order(id: "gid://shopify/Order/5800000001001") { name } }`;
    const { body } = await world.graphql(query);
    expect([body.errors, body.data.order, body.data.ordersCount]).toEqual([
      undefined,
      null,
      { count: 12, precision: "EXACT" },
    ]);
    expect(await names("")).not.toContain("#1006");
    expect((await world.rest("GET", "orders/count.json?status=any")).body).toEqual({ count: 12 });
    expect((await world.rest("GET", "orders/5800000001001.json")).status).toBe(404);
  });

  it("denies a field without its scope, by GraphQL and by REST", async () => {
    world.shopify.setScopes("erpnext-sync", ["read_products"]);
    const { status, body } = await world.graphql("{ ordersCount { count } }");
    expect([status, body.data, body.errors]).toEqual([
      200,
      { ordersCount: null },
      [
        {
          message: "Access denied for ordersCount field. Required access: `read_orders` access scope.",
          locations: [{ line: 1, column: 3 }],
          path: ["ordersCount"],
          extensions: {
            code: "ACCESS_DENIED",
            documentation: "https://shopify.dev/api/usage/access-scopes",
            requiredAccess: "`read_orders` access scope.",
          },
        },
      ],
    ]);
    const rest = await world.rest("GET", "orders.json");
    expect([rest.status, rest.body]).toEqual([
      403,
      { errors: "[API] This action requires merchant approval for read_orders scope." },
    ]);
  });

  it("denies an order's customer and a line's product, and keeps the rest", async () => {
    world.shopify.setScopes("erpnext-sync", ["read_orders"]);
    const { body } = await world.graphql("{ orders(first: 1, reverse: true) { nodes { name customer { id } } } }");
    expect(body.data.orders.nodes).toEqual([{ name: "#1018", customer: null }]);
    expect(body.errors[0]?.extensions.code).toBe("ACCESS_DENIED");
  });

  it("reads with a write scope", async () => {
    world.shopify.setScopes("erpnext-sync", ["write_products"]);
    expect((await world.graphql("{ productsCount { count } }")).body.data.productsCount).toEqual({ count: 6 });
  });
});

describe("one order", () => {
  it("shows what REST shows, under the same id", async () => {
    const order = world.shopify.shop().order(5_800_000_001_014);
    const { body } = await world.graphql(
      `query ($id: ID!) { order(id: $id) {
        legacyResourceId name note displayFinancialStatus displayFulfillmentStatus cancelledAt closedAt test discountCodes
        totalPriceSet { shopMoney { amount currencyCode } } totalTaxSet { shopMoney { amount } } currentTotalPriceSet { shopMoney { amount } }
        customer { legacyResourceId displayName defaultAddress { city countryCodeV2 } } shippingAddress { zip }
        lineItems(first: 10) { nodes { title quantity sku product { legacyResourceId } variant { legacyResourceId price } taxLines { title rate } } }
        fulfillments { legacyResourceId }
      } }`,
      { variables: { id: order.admin_graphql_api_id } },
    );
    expect(body.errors).toBeUndefined();
    expect(body.data.order).toMatchObject({
      legacyResourceId: String(order.id),
      name: "#1014",
      displayFinancialStatus: "PAID",
      displayFulfillmentStatus: "UNFULFILLED",
      discountCodes: ["HERBST10"],
      totalPriceSet: { shopMoney: { amount: order.total_price, currencyCode: "EUR" } },
      totalTaxSet: { shopMoney: { amount: order.total_tax } },
      customer: { displayName: "Jonas Weber", defaultAddress: { city: "Leipzig", countryCodeV2: "DE" } },
      shippingAddress: { zip: "04109" },
      fulfillments: [],
    });
    expect(body.data.order.lineItems.nodes[0]).toEqual({
      title: "Dinner plate",
      quantity: 4,
      sku: "PLATE-BLUE",
      product: { legacyResourceId: String(order.line_items[0]?.product_id) },
      variant: { legacyResourceId: String(order.line_items[0]?.variant_id), price: "14.95" },
      taxLines: [{ title: "VAT", rate: 0.19 }],
    });
    const rest = await world.rest("GET", `orders/${order.id}.json`);
    expect(rest.body.order).toEqual(asShown(order));
  });
});
