import { demoCredentials } from "../index";
import { startWorld, type World } from "../testing/world";

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(async () => {
  await world.stop();
});

describe("who asks", () => {
  it("sees its app, its scopes and the shop", async () => {
    const { body, headers } = await world.graphql(`{
      currentAppInstallation { app { id title handle apiKey webhookApiVersion } accessScopes { handle } }
      shop { myshopifyDomain currencyCode name }
    }`);
    expect(body.data.currentAppInstallation.app).toEqual({
      id: "gid://shopify/App/310000001",
      title: "ERPNext Sync",
      handle: "erpnext-sync",
      apiKey: world.shopify.app("erpnext-sync").apiKey,
      webhookApiVersion: "2026-07",
    });
    expect(body.data.currentAppInstallation.accessScopes.map(({ handle }) => handle)).toEqual([
      "read_products",
      "read_orders",
      "read_all_orders",
      "read_customers",
      "read_inventory",
      "read_locations",
    ]);
    expect(body.data.shop).toEqual({
      myshopifyDomain: "demo-store.myshopify.com",
      currencyCode: "EUR",
      name: "Nordlicht Keramik",
    });
    expect(headers.get("X-Shopify-API-Version")).toBe("2026-10");
  });

  it("is another app with another app's token", async () => {
    const query = "{ currentAppInstallation { app { handle } } }";
    const { body } = await world.graphql(query, { token: demoCredentials.stranger.token });
    expect(body.data.currentAppInstallation.app.handle).toBe("newsletter");
  });
});

describe("the catalogue", () => {
  it("lists products with their variants, and customers, and counts them", async () => {
    const { body } = await world.graphql(`{
      products(first: 3, query: "status:active") { nodes { title status variants(first: 5) { nodes { sku price selectedOptions { name value } } } } }
      customers(first: 10) { nodes { displayName email defaultAddress { city } } }
      productsCount { count } productVariantsCount { count } customersCount { count }
      productVariants(first: 1) { nodes { displayName product { title } } }
    }`);
    expect(body.errors).toBeUndefined();
    expect(body.data.products.nodes[2]).toEqual({
      title: "Dinner plate",
      status: "ACTIVE",
      variants: {
        nodes: [
          { sku: "PLATE-BLUE", price: "14.95", selectedOptions: [{ name: "Colour", value: "Blue" }] },
          { sku: "PLATE-GREEN", price: "14.95", selectedOptions: [{ name: "Colour", value: "Green" }] },
          { sku: "PLATE-SAND", price: "16.95", selectedOptions: [{ name: "Colour", value: "Sand" }] },
        ],
      },
    });
    expect(body.data.customers.nodes[3]).toEqual({
      displayName: "guest-4711@mail.example",
      email: "guest-4711@mail.example",
      defaultAddress: null,
    });
    expect([body.data.productsCount, body.data.productVariantsCount, body.data.customersCount]).toEqual([
      { count: 6 },
      { count: 8 },
      { count: 4 },
    ]);
    expect(body.data.productVariants.nodes).toEqual([
      { displayName: "Stoneware mug - Default Title", product: { title: "Stoneware mug" } },
    ]);
  });
});

describe("requests that Shopify does not take", () => {
  it("names a field that the real schema does not have", async () => {
    const { status, body } = await world.graphql("{ shop { nope } }");
    expect([status, body.errors]).toEqual([
      200,
      [
        {
          message: "Field 'nope' doesn't exist on type 'Shop'",
          locations: [{ line: 1, column: 10 }],
          extensions: { code: "undefinedField", typeName: "Shop", fieldName: "nope" },
        },
      ],
    ]);
  });

  it("says so where the stand-in knows less than the real schema", async () => {
    const { body } = await world.graphql("{ shop { timezoneOffset } }");
    expect(body.errors[0]?.message).toBe("the Shopify stand-in does not answer Shop.timezoneOffset");
  });

  it("answers broken GraphQL, a wrong variable and a missing query", async () => {
    expect((await world.graphql("{ shop {")).body.errors[0]?.extensions.code).toBe("PARSE_ERROR");
    const query =
      "query ($topics: [WebhookSubscriptionTopic!]) { webhookSubscriptions(first: 1, topics: $topics) { nodes { id } } }";
    const { body } = await world.graphql(query, { variables: { topics: ["ORDERS_MADE"] } });
    expect([body.data, body.errors[0]?.message, body.errors[0]?.extensions.code]).toEqual([
      undefined,
      "Variable $topics was provided invalid value",
      "INVALID_VARIABLE",
    ]);
    const missing = await world.rest("POST", "graphql.json", { version: "2026-10", body: {} });
    expect([missing.status, missing.body]).toEqual([
      400,
      { errors: { query: "Required parameter missing or invalid" } },
    ]);
  });
});

describe("versions", () => {
  it.each([
    ["2024-01", 200, "2026-01"],
    ["2025-10", 200, "2026-01"],
    ["2026-01", 200, "2026-01"],
    ["2026-07", 200, "2026-07"],
    ["unstable", 200, "unstable"],
    ["2027-01", 404, null],
    ["2026-02", 404, null],
  ])("%s is answered with %i by %s", async (version, status, served) => {
    const answer = await world.rest("GET", "shop.json", { version });
    expect([answer.status, answer.headers.get("X-Shopify-API-Version")]).toEqual([status, served]);
  });
});

describe("the cost bucket", () => {
  const query = "{ products(first: 50) { nodes { id } } }";

  it("tells what was asked, what it came to and what is left", async () => {
    const { body } = await world.graphql(query);
    expect(body.extensions.cost).toEqual({
      requestedQueryCost: 9,
      actualQueryCost: 5,
      throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 1995, restoreRate: 100 },
    });
  });

  it("throttles with HTTP 200 until time has restored it", async () => {
    world.shopify.throttle(8);
    const { status, body } = await world.graphql(query);
    expect([status, body.data, body.errors[0]?.message, body.errors[0]?.extensions.code]).toEqual([
      200,
      undefined,
      "Throttled",
      "THROTTLED",
    ]);
    expect(body.extensions.cost).toEqual({
      requestedQueryCost: 9,
      actualQueryCost: null,
      throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 8, restoreRate: 100 },
    });
    world.clock.advance(10);
    expect((await world.graphql(query)).body.errors).toBeUndefined();
  });

  it("is each app's own", async () => {
    await world.graphql(query);
    const { body } = await world.graphql("{ shop { id } }", { token: demoCredentials.stranger.token });
    expect(body.extensions.cost.throttleStatus.currentlyAvailable).toBe(1999);
  });

  it("refuses a single query over 1000 points whatever it holds", async () => {
    const lines = "lineItems(first: 250) { nodes { product { id } variant { id product { id } } } }";
    const { body } = await world.graphql(`{ orders(first: 250) { nodes { a: ${lines} b: ${lines} } } }`);
    expect([body.data, body.errors[0]?.extensions.code]).toEqual([undefined, "MAX_COST_EXCEEDED"]);
  });
});
