import { readFileSync } from "node:fs";
import { join } from "node:path";
import { demoCredentials, startShopify } from "./index";
import { graphqlTopic, restTopic } from "./subscriptions";
import { connectorUri, startWorld, subscribe, type World } from "./testing/world";

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(async () => {
  await world.stop();
});

const update = `mutation ($id: ID!, $input: WebhookSubscriptionInput!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $input) { webhookSubscription { id topic uri } userErrors { field message } }
}`;
const remove = `mutation ($id: ID!) { webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } } }`;
const list = `query ($first: Int!, $after: String, $topics: [WebhookSubscriptionTopic!], $uri: String) {
  webhookSubscriptions(first: $first, after: $after, topics: $topics, uri: $uri) { nodes { id topic } pageInfo { hasNextPage endCursor } }
  webhookSubscriptionsCount { count precision }
}`;

const callbackUrl = ["webhookSubscription", "callbackUrl"];
const unknownId = "gid://shopify/WebhookSubscription/999999999999";

describe("creating a subscription", () => {
  it("gives it an id that REST shares, and the app's version rather than the request's", async () => {
    expect(await subscribe(world, "ORDERS_CREATE")).toEqual({
      webhookSubscription: {
        id: "gid://shopify/WebhookSubscription/1900000000001",
        legacyResourceId: "1900000000001",
        topic: "ORDERS_CREATE",
        uri: connectorUri,
        format: "JSON",
        filter: null,
        name: null,
        apiVersion: { handle: "2026-07" },
      },
      userErrors: [],
    });
    const { body } = await world.rest("GET", "webhooks.json");
    expect(body.webhooks).toEqual([
      expect.objectContaining({ id: 1_900_000_000_001, topic: "orders/create", address: connectorUri, format: "json" }),
    ]);
  });

  it("refuses the same topic and address again, but not another topic, filter or format", async () => {
    await subscribe(world, "ORDERS_CREATE");
    expect(await subscribe(world, "ORDERS_CREATE")).toEqual({
      webhookSubscription: null,
      userErrors: [{ field: callbackUrl, message: "Address for this topic has already been taken" }],
    });
    const others = [
      await subscribe(world, "ORDERS_PAID"),
      await subscribe(world, "ORDERS_CREATE", { input: { uri: connectorUri, format: "XML" } }),
      await subscribe(world, "ORDERS_CREATE", { input: { uri: connectorUri, filter: "id:1" } }),
    ];
    expect(others.map(({ userErrors }) => userErrors)).toEqual([[], [], []]);
  });

  it.each([
    [{}, [{ field: callbackUrl, message: "Address can't be blank" }]],
    [
      { uri: "http://example.com/hook" },
      [{ field: callbackUrl, message: "Address protocol http:// is not supported" }],
    ],
    [{ uri: "ftp://example.com/hook" }, [{ field: callbackUrl, message: "Address protocol ftp:// is not supported" }]],
    [{ uri: "https://" }, [{ field: callbackUrl, message: "Address is invalid" }]],
    [{ uri: "hook.example.com" }, [{ field: callbackUrl, message: "Address is invalid" }]],
    [
      { uri: "https://localhost:3000/hook" },
      [{ field: callbackUrl, message: "Address cannot be a Shopify or an internal domain" }],
    ],
    [
      { uri: "https://example.myshopify.com/hook" },
      [{ field: callbackUrl, message: "Address cannot be a Shopify or an internal domain" }],
    ],
    [
      { uri: connectorUri, name: "has spaces" },
      [
        {
          field: ["webhookSubscription", "name"],
          message: "Name name field can only contain alphanumeric characters, underscores, and hyphens",
        },
      ],
    ],
    [
      { uri: connectorUri, name: "x".repeat(51) },
      [{ field: ["webhookSubscription", "name"], message: "Name is too long (maximum is 50 characters)" }],
    ],
    [
      { uri: connectorUri, name: "" },
      [
        { field: ["webhookSubscription", "name"], message: "Name is too short (minimum is 1 character)" },
        {
          field: ["webhookSubscription", "name"],
          message: "Name name field can only contain alphanumeric characters, underscores, and hyphens",
        },
      ],
    ],
    [
      { uri: connectorUri, filter: "totally bogus syntax" },
      [
        {
          field: ["webhookSubscription"],
          message: "The specified filter is invalid, please ensure you specify the field(s) you wish to filter on.",
        },
      ],
    ],
  ])("answers %j in Shopify's words", async (input, userErrors) => {
    expect(await subscribe(world, "ORDERS_CREATE", { input })).toEqual({ webhookSubscription: null, userErrors });
    expect(world.shopify.subscriptions()).toEqual([]);
  });

  it("takes 50 characters of name, and each name once whatever its case", async () => {
    const name = "N".repeat(50);
    expect((await subscribe(world, "ORDERS_CREATE", { input: { uri: connectorUri, name } })).userErrors).toEqual([]);
    const second = await subscribe(world, "ORDERS_PAID", { input: { uri: connectorUri, name: name.toLowerCase() } });
    expect(second.userErrors).toEqual([
      { field: ["webhookSubscription", "name"], message: "Name already exists, no duplicate allowed" },
    ]);
  });

  it("does not know the name before 2026-04", async () => {
    const query = `mutation ($input: WebhookSubscriptionInput!) {
      webhookSubscriptionCreate(topic: ORDERS_CREATE, webhookSubscription: $input) { userErrors { message } }
    }`;
    const call = { variables: { input: { uri: connectorUri, name: "orders" } } };
    const before = await world.graphql(query, { ...call, version: "2026-01" });
    expect([before.body.data, before.body.errors[0]?.extensions.code]).toEqual([undefined, "INVALID_VARIABLE"]);
    const since = await world.graphql(query, { ...call, version: "2026-04" });
    expect(since.body.data.webhookSubscriptionCreate.userErrors).toEqual([]);
  });

  it("refuses order topics to an app without read_orders", async () => {
    world.shopify.setScopes("erpnext-sync", ["read_products"]);
    const { userErrors } = await subscribe(world, "ORDERS_CREATE");
    expect(userErrors).toEqual([
      { field: ["webhookSubscription"], message: "You cannot create a webhook subscription with the specified topic" },
    ]);
  });
});

describe("changing and deleting a subscription", () => {
  it("changes the address and keeps the topic", async () => {
    const { webhookSubscription } = await subscribe(world, "ORDERS_CREATE");
    const id = webhookSubscription?.id;
    const { body } = await world.graphql(update, { variables: { id, input: { uri: "https://new.example/hook" } } });
    expect(body.data.webhookSubscriptionUpdate).toEqual({
      webhookSubscription: { id, topic: "ORDERS_CREATE", uri: "https://new.example/hook" },
      userErrors: [],
    });
  });

  it("refuses an address that another subscription of the topic has", async () => {
    await subscribe(world, "ORDERS_CREATE");
    const { webhookSubscription } = await subscribe(world, "ORDERS_CREATE", {
      input: { uri: "https://b.example/hook" },
    });
    const variables = { id: webhookSubscription?.id, input: { uri: connectorUri } };
    const { body } = await world.graphql(update, { variables });
    expect(body.data.webhookSubscriptionUpdate.userErrors).toEqual([
      { field: callbackUrl, message: "Address for this topic has already been taken" },
    ]);
  });

  it("says of an unknown id that it does not exist", async () => {
    const userErrors = [{ field: ["id"], message: "Webhook subscription does not exist" }];
    const updated = await world.graphql(update, { variables: { id: unknownId, input: { uri: connectorUri } } });
    expect(updated.body.data.webhookSubscriptionUpdate).toEqual({ webhookSubscription: null, userErrors });
    const deleted = await world.graphql(remove, { variables: { id: unknownId } });
    expect(deleted.body.data.webhookSubscriptionDelete).toEqual({ deletedWebhookSubscriptionId: null, userErrors });
  });

  it("is gone after a delete, for GraphQL and for REST", async () => {
    const { webhookSubscription } = await subscribe(world, "ORDERS_CREATE");
    const { id, legacyResourceId } = webhookSubscription!;
    const { body } = await world.graphql(remove, { variables: { id } });
    expect(body.data.webhookSubscriptionDelete).toEqual({ deletedWebhookSubscriptionId: id, userErrors: [] });
    const read = await world.graphql(`query ($id: ID!) { webhookSubscription(id: $id) { id } }`, { variables: { id } });
    expect(read.body.data).toEqual({ webhookSubscription: null });
    expect((await world.rest("GET", `webhooks/${legacyResourceId}.json`)).status).toBe(404);
  });
});

describe("listing subscriptions", () => {
  it("pages, filters by topic and address, and counts", async () => {
    for (const topic of ["ORDERS_CREATE", "ORDERS_PAID", "ORDERS_CANCELLED"]) await subscribe(world, topic);
    const first = await world.graphql(list, { variables: { first: 2 } });
    const page = first.body.data.webhookSubscriptions;
    expect(page.nodes.map(({ topic }) => topic)).toEqual(["ORDERS_CREATE", "ORDERS_PAID"]);
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(first.body.data.webhookSubscriptionsCount).toEqual({ count: 3, precision: "EXACT" });
    const second = await world.graphql(list, { variables: { first: 2, after: page.pageInfo.endCursor } });
    expect(second.body.data.webhookSubscriptions.nodes.map(({ topic }) => topic)).toEqual(["ORDERS_CANCELLED"]);
    const paid = await world.graphql(list, { variables: { first: 5, topics: ["ORDERS_PAID"], uri: connectorUri } });
    expect(paid.body.data.webhookSubscriptions.nodes).toHaveLength(1);
    const elsewhere = await world.graphql(list, { variables: { first: 5, uri: "https://other.example/" } });
    expect(elsewhere.body.data.webhookSubscriptions.nodes).toEqual([]);
  });

  it("shows an app its own subscriptions only, and lets both apps have the same address", async () => {
    const { token } = demoCredentials.stranger;
    await subscribe(world, "ORDERS_CREATE");
    expect((await subscribe(world, "ORDERS_CREATE", { token })).userErrors).toEqual([]);
    const { body } = await world.graphql(list, { token, variables: { first: 5 } });
    expect(body.data.webhookSubscriptions.nodes.map(({ id }) => id)).toEqual([
      "gid://shopify/WebhookSubscription/1900000000002",
    ]);
  });
});

describe("REST webhooks, as the connector makes them", () => {
  it("creates, refuses doubles with 422, and deletes", async () => {
    const body = { webhook: { topic: "orders/paid", address: connectorUri, format: "json" } };
    const created = await world.rest("POST", "webhooks.json", { body });
    expect([created.status, created.body.webhook.topic, created.body.webhook.api_version]).toEqual([
      201,
      "orders/paid",
      "2026-07",
    ]);
    const again = await world.rest("POST", "webhooks.json", { body });
    expect([again.status, again.body]).toEqual([
      422,
      { errors: { address: ["for this topic has already been taken"] } },
    ]);
    const deleted = await world.rest("DELETE", `webhooks/${String(created.body.webhook.id)}.json`);
    expect([deleted.status, deleted.body]).toEqual([200, {}]);
    expect((await world.rest("GET", "webhooks/count.json")).body).toEqual({ count: 0 });
  });

  it("names topics as deliveries do", () => {
    expect(restTopic("ORDERS_PARTIALLY_FULFILLED")).toBe("orders/partially_fulfilled");
    expect(graphqlTopic("orders/partially_fulfilled")).toBe("ORDERS_PARTIALLY_FULFILLED");
  });
});

describe("a restart", () => {
  it("gives no subscription the id of another", async () => {
    await subscribe(world, "ORDERS_CREATE");
    const { dir } = world;
    const [{ lastSubscriptionId, subscriptions }] = JSON.parse(readFileSync(join(dir, "shopify.json"), "utf8")) as [
      { lastSubscriptionId: number; subscriptions: { id: number }[] },
    ];
    expect(subscriptions.map(({ id }) => id)).toEqual([lastSubscriptionId]);
  });

  it("finds subscriptions, orders and revoked tokens as they were", async () => {
    await subscribe(world, "ORDERS_CREATE");
    const order = world.shopify.shop().createOrder();
    world.shopify.revokeToken(demoCredentials.stranger.token);
    const { dir, clock, log } = world;
    await world.shopify.close();
    const shopify = await startShopify({ dir, clock, log, dial: () => Promise.reject(new Error("ENOTFOUND")) });
    try {
      expect(shopify.subscriptions().map(({ topic }) => topic)).toEqual(["ORDERS_CREATE"]);
      expect(shopify.shop().order(order.id)).toEqual(order);
      expect(shopify.app("newsletter").tokens).toEqual([]);
      expect(JSON.parse(readFileSync(join(dir, "shopify.json"), "utf8"))).toHaveLength(1);
    } finally {
      await shopify.close();
    }
  });
});
