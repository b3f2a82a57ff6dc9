import type { ShopifyQueries } from "./shopify";
import { ShopifyOrders } from "./shopify-orders";
import { orderNode, shopMoney } from "./testing/order-node";

const node = orderNode("10.5", {
  legacyResourceId: "9007199254740993",
  edited: true,
  presentmentCurrencyCode: "USD",
  paymentGatewayNames: ["paypal"],
  displayFinancialStatus: "PAID",
  originalTotalPriceSet: shopMoney("12.0"),
  currentTotalPriceSet: shopMoney("8.5"),
  totalTaxSet: shopMoney("1.6"),
  totalDiscountsSet: null,
  currentShippingPriceSet: shopMoney("4.9"),
  totalRefundedShippingSet: shopMoney("0.1"),
  totalTipReceivedSet: shopMoney("1.0"),
  currentTotalDutiesSet: shopMoney("6.0"),
  totalReceivedSet: shopMoney("10.5"),
  totalRefundedSet: shopMoney("2.0"),
  totalOutstandingSet: shopMoney("0.0"),
  shippingLine: { taxLines: [{ priceSet: shopMoney("0.3") }, { priceSet: shopMoney("0.5") }] },
  fulfillments: [{ legacyResourceId: "7", status: "SUCCESS", totalQuantity: 2 }],
});

/** A shop that answers from a script and remembers what it was asked. */
function shop(answer: (variables: Record<string, unknown>) => unknown): ShopifyQueries & { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    query: (operation, variables) => {
      asked.push([operation.name, variables]);
      return Promise.resolve(answer(variables as Record<string, unknown>) as never);
    },
  };
}

test.each([
  ["everything", {}, null, null],
  ["what follows an id beyond what a number holds", {}, "9007199254740992", "id:>=9007199254740993"],
  [
    "what was placed since a moment",
    { createdFrom: "2026-01-01T00:00:00Z" },
    null,
    "created_at:>='2026-01-01T00:00:00Z'",
  ],
  [
    "what changed in a window",
    { updatedFrom: "2026-11-26T17:00:00Z", updatedTo: "2026-11-26T20:00:00Z" },
    "7",
    "id:>=8 AND updated_at:>='2026-11-26T17:00:00Z' AND updated_at:<='2026-11-26T20:00:00Z'",
  ],
])("a page asks for %s", async (...[, scope, after, query]) => {
  const asked = shop(() => ({ orders: { nodes: [node], pageInfo: { hasNextPage: true } } }));
  const page = await new ShopifyOrders(asked).page(scope, after);
  expect(asked.asked).toEqual([["OrderPage", { query }]]);
  expect(page).toEqual({
    orders: [
      {
        id: "9007199254740993",
        name: "#1001",
        createdAt: "2026-11-20T10:00:00Z",
        updatedAt: "2026-11-20T11:00:00Z",
        cancelledAt: null,
        closedAt: null,
        test: false,
        edited: true,
        financialStatus: "PAID",
        fulfillmentStatus: "UNFULFILLED",
        currency: "EUR",
        presentmentCurrency: "USD",
        taxesIncluded: true,
        gateways: ["paypal"],
        placed: "12.0",
        total: "10.5",
        current: "8.5",
        tax: "1.6",
        shipping: "5.00",
        shippingTax: "0.80",
        discounts: "0.0",
        tips: "1.0",
        duties: "6.0",
        received: "10.5",
        refunded: "2.0",
        outstanding: "0.0",
        fulfilments: [{ id: "7", status: "SUCCESS", pieces: 2 }],
      },
    ],
    last: false,
  });
});

test.each([
  ["exact", { count: 1_000_000, precision: "EXACT" }, 1_000_000],
  ["a lower bound", { count: 10_000, precision: "AT_LEAST" }, undefined],
  ["nothing", null, undefined],
])("a count that is %s", async (...[, ordersCount, expected]) => {
  expect(await new ShopifyOrders(shop(() => ({ ordersCount }))).count({})).toBe(expected);
});

test("orders by id come sorted, in lists that Shopify takes, without those that are gone", async () => {
  const ids = Array.from({ length: 251 }, (_, index) => String(251 - index));
  const asked = shop(({ ids: some }) => ({
    nodes: (some as string[]).map((id) =>
      id.endsWith("/7") ? null : { ...node, __typename: "Order", legacyResourceId: id.split("/").at(-1) },
    ),
  }));
  const found = await new ShopifyOrders(asked).withIds(ids);
  expect(found.map(({ id }) => id)).toEqual(ids.toReversed().filter((id) => id !== "7"));
  expect(asked.asked.map((call) => (call as [string, { ids: string[] }])[1].ids.length)).toEqual([250, 1]);
});

test("lines tell which product is gone", async () => {
  const lineItems = {
    nodes: [
      { title: "Cup", vendor: "Potter", product: { legacyResourceId: "3" } },
      { title: "Gone", vendor: "Potter", product: null },
    ],
  };
  const asked = shop(({ ids }) => ({
    nodes: (ids as string[]).map((id) => ({ legacyResourceId: id.split("/").at(-1), lineItems })),
  }));
  const found = await new ShopifyOrders(asked).lines(Array.from({ length: 26 }, (_, index) => String(index + 1)));
  expect(found.size).toBe(26);
  expect(found.get("26")).toEqual([
    { title: "Cup", vendor: "Potter", productId: "3" },
    { title: "Gone", vendor: "Potter", productId: null },
  ]);
  expect(asked.asked).toHaveLength(2);
});
