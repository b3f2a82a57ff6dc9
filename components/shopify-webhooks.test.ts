import type { ConnectorTopic } from "../core/connector";
import { ShopifyWebhooks, type ShopifyWebhooksArgs } from "./shopify-webhooks";
import { type RecordedResource, recordResources } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

jest.mock("./testing/cloud-outputs", () => ({
  cloudOutputs: (type: string, inputs: Record<string, unknown>) =>
    type === "pulumi-nodejs:dynamic/shopify:WebhookSubscription"
      ? { ...inputs, legacyResourceId: `number of ${String(inputs["topic"])}` }
      : inputs,
}));

const DOOR = "https://hook-acme.example.com/api/method/ecommerce_integrations.shopify.connection.store_request_data";

const record = (args: Partial<ShopifyWebhooksArgs> = {}) =>
  recordResources(
    () =>
      new ShopifyWebhooks("webhooks", {
        customer: "acme",
        shopify: { shopDomain: "acme.myshopify.com", app: "custom" },
        webhookUrl: DOOR,
        ...args,
      }),
  );

test("the connector's five topics, one subscription each, in the playbook's order", async () => {
  const { resources } = await record();
  expect(resources.map(({ type, name, parentType }) => [type, name, parentType])).toEqual([
    ["erpnext:shopify:ShopifyWebhooks", "webhooks", undefined],
    ...["orders-create", "orders-paid", "orders-fulfilled", "orders-cancelled", "orders-partially-fulfilled"].map(
      (topic) => [
        "pulumi-nodejs:dynamic/shopify:WebhookSubscription",
        `webhooks-${topic}`,
        "erpnext:shopify:ShopifyWebhooks",
      ],
    ),
  ]);
});

test("a subscription's inputs name store, app, topic and door, and no credential", async () => {
  const { named } = await record({ topics: ["ORDERS_PARTIALLY_FULFILLED"] });
  expect(inputsOf(named("webhooks-orders-partially-fulfilled"))).toEqual({
    customer: "acme",
    shopDomain: "acme.myshopify.com",
    app: "custom",
    topic: "ORDERS_PARTIALLY_FULFILLED",
    uri: DOOR,
  });
});

test("the app and a stand-in's address are passed on", async () => {
  const { named } = await record({
    appId: "gid://shopify/App/7",
    apiUrl: "http://127.0.0.1:9",
    topics: ["ORDERS_PAID"],
  });
  expect(inputsOf(named("webhooks-orders-paid"))).toEqual({
    customer: "acme",
    shopDomain: "acme.myshopify.com",
    app: "custom",
    appId: "gid://shopify/App/7",
    apiUrl: "http://127.0.0.1:9",
    topic: "ORDERS_PAID",
    uri: DOOR,
  });
});

test("the output pairs each topic with Shopify's numeric id of its subscription", async () => {
  const { result, resources, outputs } = await record({ topics: ["ORDERS_CREATE", "ORDERS_PAID"] });
  const subscriptions = [
    { topic: "ORDERS_CREATE", webhookId: "number of ORDERS_CREATE" },
    { topic: "ORDERS_PAID", webhookId: "number of ORDERS_PAID" },
  ];
  expect(await valueOf(result.subscriptions)).toEqual(subscriptions);
  expect(outputs.get(resources[0]!.urn)).toEqual({ subscriptions });
});

const KNOWN =
  "ORDERS_CREATE, ORDERS_PAID, ORDERS_FULFILLED, ORDERS_CANCELLED, ORDERS_PARTIALLY_FULFILLED, REFUNDS_CREATE, ORDERS_EDITED";

test.each([
  {
    topics: ["ORDERS_CREATE", "ORDERS_DELETED"],
    sentence: `"topics" names "ORDERS_DELETED", which the connector does not understand, for customer "acme": name one or more of ${KNOWN}, each once.`,
  },
  { topics: [], sentence: `"topics" is empty for customer "acme": name one or more of ${KNOWN}, each once.` },
  {
    topics: ["ORDERS_PAID", "ORDERS_PAID"],
    sentence: `"topics" names a topic twice (ORDERS_PAID, ORDERS_PAID) for customer "acme": name one or more of ${KNOWN}, each once.`,
  },
])("topics $topics are refused", async ({ topics, sentence }) => {
  await expect(record({ topics: topics as ConnectorTopic[] })).rejects.toThrow(new Error(sentence));
});

/** The inputs without the source text that Pulumi's dynamic provider host evaluates. */
function inputsOf({ inputs }: RecordedResource) {
  return Object.fromEntries(Object.entries(inputs).filter(([field]) => field !== "__provider"));
}
