import { getOperationAST, parse, validate } from "graphql";
import { adminSchema } from "./admin-schema";
import { actualCost, requestedCost, type PricedRequest } from "./cost";

function priced(query: string, variables: Record<string, unknown> = {}): PricedRequest {
  const document = parse(query);
  const schema = adminSchema("2026-10");
  expect(validate(schema, document)).toEqual([]);
  return { schema, document, operation: getOperationAST(document)!, variables };
}

describe("the Admin schema", () => {
  it("knows the webhook input's name from 2026-04 on, as Shopify does", () => {
    const fields = (version: "2026-01" | "2026-10") => {
      const type = adminSchema(version).getType("WebhookSubscriptionInput");
      return type !== undefined && "getFields" in type ? Object.keys(type.getFields()) : [];
    };
    expect(fields("2026-01")).not.toContain("name");
    expect(fields("2026-10")).toContain("name");
  });
});

describe("the cost of a query", () => {
  // Requests and costs of these forms were recorded from a live shop.
  it.each([
    ["{ products(first: 0) { nodes { id } } }", 2],
    ["{ products(first: 1) { nodes { id } } }", 3],
    ["{ customers(first: 5) { nodes { id } } }", 5],
    ["{ products(first: 50) { nodes { id title } } }", 9],
    ["{ locations(first: 100) { nodes { id } } }", 11],
    ["{ products(first: 250) { nodes { id } } }", 13],
    ['{ order(id: "gid://shopify/Order/1") { id } orders(first: 5) { nodes { id } } ordersCount { count } }', 16],
    [
      `{ order(id: "gid://shopify/Order/1") { lineItems(first: 50) { nodes { variant { id } originalUnitPriceSet { shopMoney { amount } } } } } }`,
      17,
    ],
    ['{ webhookSubscription(id: "gid://shopify/WebhookSubscription/1") { id apiVersion { handle } } }', 1],
    [
      'mutation { a: webhookSubscriptionDelete(id: "1") { userErrors { field } } b: webhookSubscriptionDelete(id: "2") { userErrors { field } } }',
      20,
    ],
  ])("%s costs what it costs at Shopify", (query, cost) => {
    expect(requestedCost(priced(query))).toBe(cost);
  });

  it("reads the page size from variables and from fragments", () => {
    const query =
      "query ($n: Int!) { ...page } fragment page on QueryRoot { orders(first: $n) { edges { node { customer { id } } } } }";
    expect(requestedCost(priced(query, { n: 10 }))).toBe(2 + 4 * 2);
  });

  it("comes down to what was found", () => {
    const request = priced("{ products(first: 250) { nodes { id } } }");
    expect(actualCost(request, { products: { nodes: [{ id: "1" }] } })).toBe(3);
    expect(actualCost(request, { products: { nodes: [] } })).toBe(2);
  });
});
