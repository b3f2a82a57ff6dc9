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
  type IntrospectionQuery,
} from "graphql";
import { SHOPIFY_API_VERSION } from "./shopify";
import type { ShopifyOperation } from "./shopify-operations";
import * as operations from "./shopify-test-orders";

const file = join(__dirname, `../node_modules/@shopify/dev-mcp/dist/data/admin_${SHOPIFY_API_VERSION}.json.gz`);
const { data } = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as { data: IntrospectionQuery };
const schema = buildClientSchema(data);

function example<Result, Variables>(
  operation: ShopifyOperation<Result, Variables>,
  variables: Variables,
  /** What Shopify's objects hold, by the names of its fields; left out where it is what comes back. */
  { result, root = result }: { result: Result; root?: unknown },
) {
  return [operation.name, { operation, variables, result, root }] as const;
}

const order: Required<operations.TestedOrder> = {
  id: "gid://shopify/Order/1",
  legacyResourceId: "1",
  name: "#1001",
  createdAt: "2026-11-26T20:00:00Z",
  closedAt: null,
  cancelledAt: null,
  displayFinancialStatus: "PENDING",
  displayFulfillmentStatus: "UNFULFILLED",
  lineItems: { nodes: [{ quantity: 2, product: null }] },
};
const userErrors = [{ field: ["id"], message: "no" }];
const { id } = order;

const EXAMPLES = new Map([
  example(
    operations.SALEABLE_PRODUCTS,
    {},
    {
      result: {
        products: {
          nodes: [
            {
              legacyResourceId: "1",
              title: "Mug",
              vendor: "Acme",
              variants: {
                nodes: [
                  {
                    id: "gid://shopify/ProductVariant/2",
                    legacyResourceId: "2",
                    title: "Blue",
                    sku: null,
                    price: "1.00",
                  },
                ],
              },
            },
          ],
        },
        shop: {
          currencyCode: "EUR",
          taxesIncluded: true,
          plan: { publicDisplayName: "Basic", partnerDevelopment: false },
        },
      },
    },
  ),
  example(operations.ORDER_FIND, { id }, { result: { order } }),
  example(operations.NEWEST_ORDERS, { query: "tag:x" }, { result: { orders: { nodes: [order] } } }),
  example(
    operations.ORDER_CREATE,
    {
      order: {
        test: true,
        financialStatus: "PENDING",
        lineItems: [{ variantId: "gid://shopify/ProductVariant/2", quantity: 1 }],
        note: "n",
        tags: ["t"],
      },
    },
    { result: { orderCreate: { order, userErrors } } },
  ),
  example(operations.ORDER_MARK_AS_PAID, { id }, { result: { orderMarkAsPaid: { userErrors } } }),
  example(
    operations.FULFILLMENT_ORDERS,
    { id },
    {
      result: {
        order: {
          fulfillmentOrders: {
            nodes: [
              {
                id: "gid://shopify/FulfillmentOrder/1",
                status: "OPEN",
                lineItems: { nodes: [{ id: "gid://x/3", remainingQuantity: 1 }] },
              },
            ],
          },
        },
      },
    },
  ),
  example(
    operations.FULFILLMENT_CREATE,
    {
      fulfillment: {
        notifyCustomer: false,
        lineItemsByFulfillmentOrder: [
          {
            fulfillmentOrderId: "gid://shopify/FulfillmentOrder/1",
            fulfillmentOrderLineItems: [{ id: "gid://x/3", quantity: 1 }],
          },
        ],
      },
    },
    { result: { fulfillmentCreate: { userErrors } } },
  ),
  example(
    operations.ORDER_CANCEL,
    { id },
    { result: { orderCancel: { userErrors } }, root: { orderCancel: { orderCancelUserErrors: userErrors } } },
  ),
  example(operations.ORDER_CLOSE, { id }, { result: { orderClose: { userErrors } } }),
  example(operations.ORDER_DELETE, { id }, { result: { orderDelete: { deletedId: id, userErrors } } }),
] as unknown as (readonly [
  string,
  { operation: ShopifyOperation<unknown, unknown>; variables: unknown; result: unknown; root: unknown },
])[]);

test("every exported operation has its example", () => {
  const exported = Object.values(operations)
    .filter((value) => typeof value === "object")
    .map(({ name }) => name);
  expect(exported.sort()).toEqual([...EXAMPLES.keys()].sort());
});

describe.each([...EXAMPLES])("%s", (_name, { operation, variables, result, root }) => {
  const document = parse(operation.document);

  test("is valid in the Admin API and uses nothing deprecated", () => {
    expect(
      validate(schema, document, [...specifiedRules, NoDeprecatedCustomRule]).map(({ message }) => message),
    ).toEqual([]);
  });

  test("takes the variables and gives exactly the fields that its types name", async () => {
    const answer = await execute({
      schema,
      document,
      rootValue: root,
      variableValues: variables as Record<string, unknown>,
    });
    expect(JSON.parse(JSON.stringify(answer))).toEqual({ data: result });
  });
});
