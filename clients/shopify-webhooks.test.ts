import type { ShopifyQueries } from "./shopify";
import type { WebhookSubscription, WebhookSubscriptionListVariables } from "./shopify-operations";
import { listWebhookSubscriptions } from "./shopify-webhooks";

test("lists the subscriptions of all pages", async () => {
  const asked: unknown[] = [];
  const page = (id: string): WebhookSubscription[] => [{ id }] as WebhookSubscription[];
  const shop: ShopifyQueries = {
    query: <Result>(_operation: unknown, variables: unknown) => {
      asked.push(variables);
      const first = (variables as WebhookSubscriptionListVariables).after === null;
      const pageInfo = { hasNextPage: first, endCursor: first ? "c1" : "c2" };
      return Promise.resolve({ webhookSubscriptions: { nodes: page(first ? "1" : "2"), pageInfo } } as Result);
    },
  };
  expect(await listWebhookSubscriptions(shop, ["ORDERS_PAID"])).toEqual([{ id: "1" }, { id: "2" }]);
  expect(asked).toEqual([
    { topics: ["ORDERS_PAID"], after: null },
    { topics: ["ORDERS_PAID"], after: "c1" },
  ]);
});
