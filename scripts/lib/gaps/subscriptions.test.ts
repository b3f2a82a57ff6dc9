import type { ShopifyQueries } from "../../../clients/shopify";
import { subscribedTopics } from "../../../core/connector";
import { deliveryAddress } from "../../../components/shared/delivery-queue";
import { demoCustomer } from "../../../infra/testing/demo-customer";
import { lostTopics } from "./subscriptions";

const customer = demoCustomer();
const HERE = deliveryAddress(customer);

function lost(uris: readonly string[], of = customer) {
  const nodes = subscribedTopics(of).flatMap((topic, index) => {
    const uri = uris[index];
    return uri === undefined ? [] : [{ topic, uri, format: "JSON", filter: null, includeFields: [] }];
  });
  const answer = { webhookSubscriptions: { nodes, pageInfo: { hasNextPage: false, endCursor: null } } };
  const shopify = { query: () => Promise.resolve(answer) } as unknown as ShopifyQueries;
  return lostTopics({
    customer: of,
    shopify,
    frappe: { update: () => Promise.reject(new Error("nothing is written")) },
  });
}

test("a topic is lost that Shopify delivers to no one, or to a stranger", async () => {
  expect(await lost([HERE, HERE, HERE, HERE, HERE])).toEqual([]);
  expect(await lost([HERE, HERE, HERE])).toEqual(["ORDERS_CANCELLED", "ORDERS_PARTIALLY_FULFILLED"]);
  expect(await lost(["https://elsewhere.example/hook", HERE, HERE, HERE, HERE])).toEqual(["ORDERS_CREATE"]);
});

test("a file that was edited and not applied leads no subscription to what is not there yet", async () => {
  const edited = { ...customer, shopify: { ...customer.shopify, delivery: "pubsub" as const } };
  await expect(lost([HERE, HERE, HERE, HERE, HERE], edited)).rejects.toThrow(
    `ORDERS_CREATE goes to ${HERE}, and "shopify.delivery" is "pubsub" for customer "demo-store": run "pulumi up -s demo-store"`,
  );
});
