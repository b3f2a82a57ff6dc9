import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  buildClientSchema,
  execute,
  NoDeprecatedCustomRule,
  parse,
  specifiedRules,
  validate,
  type GraphQLSchema,
  type IntrospectionQuery,
} from "graphql";
import { SHOPIFY_API_VERSION } from "./shopify";
import * as diagnosis from "./shopify-diagnosis";
import * as monitor from "./shopify-monitor";
import * as operations from "./shopify-operations";
import type { ShopifyOperation, WebhookSubscription } from "./shopify-operations";
import type { OrderNode } from "./shopify-order-fields";
import { orderNode, shopMoney } from "./testing/order-node";

/** Shopify's own description of the Admin API in the version that the client asks for. */
function adminSchema(): GraphQLSchema {
  const file = join(__dirname, `../node_modules/@shopify/dev-mcp/dist/data/admin_${SHOPIFY_API_VERSION}.json.gz`);
  const { data } = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as { data: IntrospectionQuery };
  return buildClientSchema(data);
}

interface Example<Result, Variables> {
  readonly operation: ShopifyOperation<Result, Variables>;
  readonly variables: Variables;
  readonly result: Result;
}

/** The compiler holds each example against the operation's types; the schema is held against the example below. */
function example<Result, Variables>(
  operation: ShopifyOperation<Result, Variables>,
  variables: Variables,
  result: Result,
): readonly [string, Example<unknown, unknown>] {
  return [operation.name, { operation, variables, result } as Example<unknown, unknown>];
}

const subscription: Required<WebhookSubscription> = {
  id: "gid://shopify/WebhookSubscription/7",
  legacyResourceId: "7",
  topic: "ORDERS_CREATE",
  uri: "https://hook.acme.example/x",
  format: "JSON",
  filter: "",
  includeFields: ["id"],
};
const userErrors = [{ field: ["id"], message: "no" }];
const webhookSubscription = { uri: subscription.uri, format: "JSON" } as const;

const order: Required<OrderNode> = orderNode("10.5", {
  currentTotalDutiesSet: shopMoney("6.0"),
  currentTotalAdditionalFeesSet: null,
  shippingLine: { taxLines: [{ priceSet: shopMoney("0.78") }] },
  fulfillments: [{ legacyResourceId: "7", status: "SUCCESS", totalQuantity: 2 }],
});
const ids = ["gid://shopify/Order/5800000001001"];
const line = { title: "Cup", vendor: "Potter", product: { legacyResourceId: "7" } };

const EXAMPLES = new Map([
  example(
    operations.CURRENT_APP,
    {},
    {
      currentAppInstallation: {
        app: { id: "gid://shopify/App/1", title: "ERP", handle: "erp", apiKey: "key" },
        accessScopes: [{ handle: "read_orders" }],
      },
      shop: { myshopifyDomain: "demo.myshopify.com", currencyCode: "EUR" },
    },
  ),
  example(
    diagnosis.APP_DIAGNOSIS,
    {},
    {
      currentAppInstallation: {
        app: { id: "gid://shopify/App/1", title: "ERP", handle: "erp", apiKey: "key", webhookApiVersion: "2026-07" },
        accessScopes: [{ handle: "read_orders" }],
      },
      shop: { myshopifyDomain: "demo.myshopify.com", currencyCode: "EUR" },
      publicApiVersions: [{ handle: "2026-07", supported: true }],
    },
  ),
  example(
    diagnosis.SUBSCRIPTION_DIAGNOSIS,
    {},
    {
      webhookSubscriptions: {
        nodes: [{ ...subscription, createdAt: "2026-11-01T00:00:00Z" }],
        pageInfo: { hasNextPage: false },
      },
    },
  ),
  example(
    diagnosis.NEWEST_ORDER,
    {},
    { orders: { nodes: [{ legacyResourceId: "7", name: "#1007", createdAt: "2026-11-01T00:00:00Z" }] } },
  ),
  example(
    operations.WEBHOOK_SUBSCRIPTION_LIST,
    { topics: ["ORDERS_PAID"], after: null },
    {
      webhookSubscriptions: { nodes: [subscription], pageInfo: { hasNextPage: true, endCursor: "c" } },
    },
  ),
  example(operations.WEBHOOK_SUBSCRIPTION_GET, { id: subscription.id }, { webhookSubscription: subscription }),
  example(
    operations.WEBHOOK_SUBSCRIPTION_CREATE,
    { topic: "ORDERS_PAID", webhookSubscription },
    {
      webhookSubscriptionCreate: { webhookSubscription: subscription, userErrors },
    },
  ),
  example(
    operations.WEBHOOK_SUBSCRIPTION_UPDATE,
    { id: subscription.id, webhookSubscription: { ...webhookSubscription, filter: null, includeFields: [] } },
    { webhookSubscriptionUpdate: { webhookSubscription: subscription, userErrors } },
  ),
  example(
    operations.WEBHOOK_SUBSCRIPTION_DELETE,
    { id: subscription.id },
    {
      webhookSubscriptionDelete: { deletedWebhookSubscriptionId: subscription.id, userErrors },
    },
  ),
  example(
    operations.ORDER_PAGE,
    { query: "id:>=5800000001001 AND created_at:>='2026-11-01T00:00:00Z'" },
    { orders: { nodes: [order], pageInfo: { hasNextPage: true } } },
  ),
  example(operations.ORDER_COUNT, { query: null }, { ordersCount: { count: 1_000_000, precision: "EXACT" } }),
  example(operations.ORDERS_BY_ID, { ids }, { nodes: [{ __typename: "Order", ...order }] }),
  example(
    operations.ORDER_LINES,
    { ids },
    {
      nodes: [
        {
          __typename: "Order",
          legacyResourceId: "1",
          lineItems: { nodes: [line, { title: "Gone", vendor: null, product: null }] },
        },
        null,
      ],
    },
  ),
  example(monitor.PRODUCT_COUNT, {}, { productsCount: { count: 12_000, precision: "EXACT" } }),
  example(monitor.CUSTOMER_COUNT, {}, { customersCount: { count: 50_000, precision: "EXACT" } }),
  example(
    monitor.NEWEST_ORDERS,
    { first: 20 },
    {
      orders: {
        nodes: [
          {
            legacyResourceId: "5800000001001",
            name: "#1001",
            createdAt: "2026-11-20T10:00:00Z",
            totalPriceSet: { shopMoney: { amount: "10.5" } },
          },
        ],
      },
    },
  ),
]);

const schema = adminSchema();

test("every exported operation has its example", () => {
  const exported = Object.values({ ...operations, ...diagnosis, ...monitor }).map(({ name }) => name);
  expect(exported.sort()).toEqual([...EXAMPLES.keys()].sort());
});

describe.each([...EXAMPLES])("%s", (_name, { operation, variables, result }) => {
  const document = parse(operation.document);

  test("is valid in the Admin API and uses nothing deprecated", () => {
    expect(
      validate(schema, document, [...specifiedRules, NoDeprecatedCustomRule]).map(({ message }) => message),
    ).toEqual([]);
  });

  test("is the one operation of its document", () => {
    expect(document.definitions).toMatchObject([{ kind: "OperationDefinition", name: { value: operation.name } }]);
  });

  test("takes the variables and gives exactly the fields that its types name", async () => {
    const answer = await execute({
      schema,
      document,
      rootValue: result,
      variableValues: variables as Record<string, unknown>,
    });
    expect(JSON.parse(JSON.stringify(answer))).toEqual({ data: result });
  });
});
