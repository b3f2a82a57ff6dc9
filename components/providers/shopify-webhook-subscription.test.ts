import { ShopifyError, type ShopifyClientOptions } from "../../clients/shopify";
import { recordResources } from "../testing/record-resources";
import { valueOf } from "../testing/value-of";
import { providerSource } from "./lazy-provider";
import { ShopifyWebhookSubscription } from "./shopify-webhook-subscription";
import { createProvider } from "./shopify-webhook-subscription.provider";
import { FakeShop } from "./testing/fake-shop";
import { configured } from "./testing/stack-config";

const TOKEN = "shpat_canary000000000000000000000001";
const DOOR = "/api/method/ecommerce_integrations.shopify.connection.store_request_data";
const URI = `https://hook.acme.example${DOOR}`;
const OTHER_URI = `https://hook2.acme.example${DOOR}`;
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const CONFIG = { shopifyAdminToken: TOKEN };
const INPUTS = {
  shopDomain: "demo.myshopify.com",
  app: "custom",
  topic: "ORDERS_CREATE",
  uri: URI,
  customer: "acme",
  __provider: "source",
} as const;

let shop: FakeShop;
let opened: ShopifyClientOptions[];
beforeEach(() => {
  shop = new FakeShop();
  opened = [];
});

function provide(config: Readonly<Record<string, string>> = CONFIG) {
  const made = createProvider((options) => {
    opened.push(options);
    return shop;
  });
  return configured(made, config);
}

async function created(inputs: Parameters<ReturnType<typeof provide>["create"]>[0] = INPUTS) {
  const { id, outs } = await provide().create(inputs);
  return { id, state: outs! };
}

describe("the resource", () => {
  test("passes the inputs and no credential to its provider, and gives what Shopify answered", async () => {
    const { result, named } = await recordResources(
      () => new ShopifyWebhookSubscription("orders", { ...INPUTS, appId: "gid://shopify/App/1" }),
    );
    const { type, inputs } = named("orders");
    expect(type).toBe("pulumi-nodejs:dynamic/shopify:WebhookSubscription");
    expect(inputs).toEqual({
      ...INPUTS,
      appId: "gid://shopify/App/1",
      __provider: providerSource("shopify-webhook-subscription"),
    });
    expect(await valueOf(result.topic)).toBe("ORDERS_CREATE");
    expect(await valueOf(result.legacyResourceId)).toBe("number of ORDERS_CREATE");
  });
});

describe("check", () => {
  test("accepts the connector's topics at its door, and what is not known yet", async () => {
    const provider = provide();
    expect(await provider.check(INPUTS, INPUTS)).toEqual({ inputs: INPUTS, failures: [] });
    expect((await provider.check(INPUTS, { ...INPUTS, uri: UNKNOWN })).failures).toEqual([]);
  });

  test.each([
    `http://hook.acme.example${DOOR}`,
    `https://hook.acme.example${DOOR}/`,
    `https://hook.acme.example${DOOR}?x=1`,
    `https://user:pw@hook.acme.example${DOOR}`,
    "https://hook.acme.example/",
    "hook.acme.example",
  ])("refuses the address %s", async (uri) => {
    const { failures } = await provide().check(INPUTS, { ...INPUTS, uri });
    const reason = `"uri" is "${uri}", which is not the connector's door: use https://<hook-host>${DOOR}, or pubsub://<project>:<topic>`;
    expect(failures).toEqual([{ property: "uri", reason }]);
  });

  test("refuses a topic that the connector does not know", async () => {
    const { failures } = await provide().check(INPUTS, { ...INPUTS, topic: "ORDERS_UPDATED" });
    const reason =
      '"topic" is "ORDERS_UPDATED", to which the connector answers 500: use one of ORDERS_CREATE, ORDERS_PAID, ORDERS_FULFILLED, ORDERS_CANCELLED, ORDERS_PARTIALLY_FULFILLED, REFUNDS_CREATE, ORDERS_EDITED';
    expect(failures).toEqual([{ property: "topic", reason }]);
  });

  test("makes no request", async () => {
    await provide().check(INPUTS, INPUTS);
    await provide().diff("id", (await created()).state, INPUTS);
    expect(shop.asked).toEqual(["WebhookSubscriptionList", "WebhookSubscriptionCreate"]);
  });
});

describe("create", () => {
  test("subscribes and keeps what does not change by itself", async () => {
    const { id, state } = await created();
    expect(id).toBe("gid://shopify/WebhookSubscription/1");
    expect(state).toEqual({
      ...INPUTS,
      subscriptionId: "gid://shopify/WebhookSubscription/1",
      legacyResourceId: "1",
      format: "JSON",
      filter: null,
      includeFields: [],
    });
    expect(shop.subscriptions).toHaveLength(1);
  });

  test("takes the credential and the stand-in's address from the configuration, and opens a shop once", async () => {
    const provider = provide({ ...CONFIG, shopifyApiUrl: "http://127.0.0.1:1" });
    await provider.create({ ...INPUTS, apiUrl: "http://127.0.0.1:2" });
    await provider.create({ ...INPUTS, topic: "ORDERS_PAID" });
    expect(opened).toEqual([
      { shopDomain: "demo.myshopify.com", credential: { kind: "token", token: TOKEN }, apiUrl: "http://127.0.0.1:1" },
    ]);
  });

  test("proves a Dev Dashboard app by its client credentials", async () => {
    const provider = provide({ shopifyClientId: "client-1", shopifyApiSecret: "shpss_x" });
    await provider.create({ ...INPUTS, app: "dev-dashboard" });
    expect(opened[0]!.credential).toEqual({
      kind: "client-credentials",
      clientId: "client-1",
      clientSecret: "shpss_x",
    });
  });

  test("says which credential is missing", async () => {
    await expect(provide({}).create(INPUTS)).rejects.toThrow(
      'the stack has no value for "shopifyAdminToken" for customer "acme": run "pulumi config set --secret shopifyAdminToken -s acme" and then "pulumi up".',
    );
  });

  test("adopts an equal one among others", async () => {
    shop.add({ topic: "ORDERS_PAID", uri: URI });
    shop.add({ topic: "ORDERS_CREATE", uri: OTHER_URI });
    const equal = shop.add({ topic: "ORDERS_CREATE", uri: URI });
    expect((await created()).id).toBe(equal.id);
    expect(shop.asked).toEqual(["WebhookSubscriptionList"]);
  });

  test("puts one at the same address right that delivers only a part", async () => {
    const { id } = shop.add({ topic: "ORDERS_CREATE", uri: URI, filter: "total_price:>100", includeFields: ["id"] });
    const { state } = await created();
    expect(state).toMatchObject({ subscriptionId: id, filter: null, includeFields: [] });
    expect(shop.asked).toEqual(["WebhookSubscriptionList", "WebhookSubscriptionUpdate"]);
  });

  test("adopts the one of someone who was faster", async () => {
    shop.beforeCreate = () => shop.add({ topic: "ORDERS_CREATE", uri: URI });
    expect((await created()).id).toBe("gid://shopify/WebhookSubscription/1");
    expect(shop.subscriptions).toHaveLength(1);
  });

  test("tells every userError in full when the address is taken by what it cannot see", async () => {
    const userErrors = [{ field: ["webhookSubscription"], message: "Address for this topic has already been taken" }];
    const problem = { what: "Shopify refused: Address for this topic has already been taken", next: "correct it" };
    shop.failures.set("WebhookSubscriptionCreate", new ShopifyError("user-errors", problem, userErrors));
    await expect(created()).rejects.toThrow(
      'Shopify refused: Address for this topic has already been taken for customer "acme": correct it.',
    );
  });

  test("names the customer and masks the token in what Shopify's client says", async () => {
    const problem = { what: `it does not take ${TOKEN}`, next: "install the app again" };
    shop.failures.set("WebhookSubscriptionList", new ShopifyError("unauthorized", problem));
    await expect(created()).rejects.toThrow('it does not take [secret] for customer "acme": install the app again.');
  });
});

describe("diff", () => {
  const diff = async (
    olds: Partial<Awaited<ReturnType<typeof created>>["state"]>,
    news: Partial<Parameters<ReturnType<typeof provide>["create"]>[0]>,
  ) => provide().diff("id", { ...(await created()).state, ...olds }, { ...INPUTS, ...news });
  const nothing = { changes: false, replaces: [], deleteBeforeReplace: false };

  test.each<[string, Parameters<typeof diff>[1]]>([
    ["nothing", {}],
    ["another address of the API", { apiUrl: "http://127.0.0.1:9" }],
    ["another kind of credential", { app: "dev-dashboard" }],
    ["another slug", { customer: "acme2" }],
    ["an app that is watched from now on", { appId: "gid://shopify/App/1" }],
  ])("%s is no change", async (_what, news) => {
    expect(await diff({}, news)).toEqual(nothing);
  });

  test("another address updates, also one that is not known yet", async () => {
    expect(await diff({}, { uri: OTHER_URI })).toEqual({ ...nothing, changes: true });
    expect(await diff({}, { uri: UNKNOWN })).toEqual({ ...nothing, changes: true });
  });

  test("another topic, shop or app replaces", async () => {
    expect(await diff({}, { topic: "ORDERS_PAID" })).toEqual({ ...nothing, changes: true, replaces: ["topic"] });
    expect(await diff({}, { shopDomain: "x.myshopify.com" })).toEqual({
      ...nothing,
      changes: true,
      replaces: ["shopDomain"],
    });
    const apps = await diff({ appId: "gid://shopify/App/1" }, { appId: "gid://shopify/App/2" });
    expect(apps).toEqual({ ...nothing, changes: true, replaces: ["appId"] });
    expect(await diff({ appId: "gid://shopify/App/1" }, { appId: UNKNOWN })).toEqual(nothing);
  });

  test.each([{ filter: "total_price:>100" }, { includeFields: ["id"] }, { format: "XML" }])(
    "what a refresh found (%j) is put right",
    async (drift) => {
      expect(await diff(drift, {})).toEqual({ ...nothing, changes: true });
    },
  );
});

describe("read", () => {
  test("shows what was changed in Shopify", async () => {
    const { id, state } = await created();
    shop.patch(id, { uri: OTHER_URI, filter: "total_price:>100" });
    const { props, inputs, ...read } = await provide().read(id, state);
    expect(read.id).toBe(id);
    expect(props).toMatchObject({ uri: OTHER_URI, filter: "total_price:>100" });
    expect(inputs).toEqual({
      shopDomain: "demo.myshopify.com",
      app: "custom",
      topic: "ORDERS_CREATE",
      uri: OTHER_URI,
      customer: "acme",
    });
    expect((await provide().diff(id, props!, INPUTS)).changes).toBe(true);
  });

  test("changes nothing where nothing changed", async () => {
    const { id, state } = await created();
    const { props } = await provide().read(id, state);
    const { __provider, ...rest } = state as typeof state & { __provider: string };
    expect(props).toEqual(rest);
    expect(__provider).toBe("source");
  });

  test("finds what Shopify deleted, even where an equal one stands", async () => {
    const { id, state } = await created();
    shop.drop(id);
    shop.add({ topic: "ORDERS_CREATE", uri: URI });
    expect(await provide().read(id, state)).toEqual({ id: "" });
  });

  test("looks one up by its id with its place alone", async () => {
    const { id } = shop.add({ topic: "ORDERS_PAID", uri: OTHER_URI });
    const place = { shopDomain: "demo.myshopify.com", app: "custom", customer: "acme" };
    const { props } = await provide().read(id, place as never);
    expect(props).toMatchObject({ topic: "ORDERS_PAID", uri: OTHER_URI, legacyResourceId: "1" });
    await expect(provide().read(id, {} as never)).rejects.toThrow(`nothing says in which shop ${id} is`);
  });
});

describe("update", () => {
  test("changes the address and keeps the subscription", async () => {
    const { id, state } = await created();
    const { outs } = await provide().update(id, state, { ...INPUTS, uri: OTHER_URI });
    expect(outs).toEqual({ ...state, uri: OTHER_URI });
    expect(shop.subscriptions).toMatchObject([{ id, uri: OTHER_URI }]);
  });

  test("takes a filter away, and says so when it stays", async () => {
    const { id, state } = await created();
    shop.patch(id, { filter: "x:1" });
    await provide().update(id, state, INPUTS);
    expect(shop.subscriptions[0]!.filter).toBeNull();
    shop.patch(id, { filter: "x:1" });
    shop.stubborn = true;
    await expect(provide().update(id, state, INPUTS)).rejects.toThrow(
      `Shopify took the subscription to ORDERS_CREATE but holds "uri" ${URI}, "format" JSON, "filter" x:1, "includeFields" all for customer "acme": delete this subscription in Shopify and run the command again.`,
    );
  });

  test("of one that is lost asks for a refresh", async () => {
    const { id, state } = await created();
    shop.drop(id);
    await expect(provide().update(id, state, { ...INPUTS, uri: OTHER_URI })).rejects.toThrow(
      `the subscription to ORDERS_CREATE (${id}) does not exist any more in demo.myshopify.com for customer "acme": run "pulumi refresh -s acme" and then "pulumi up", which subscribes again.`,
    );
  });
});

describe("delete", () => {
  test("deletes, and one that is not there is deleted", async () => {
    const { id, state } = await created();
    await provide().delete(id, state);
    expect(shop.subscriptions).toEqual([]);
    await expect(provide().delete(id, state)).resolves.toBeUndefined();
  });

  test("fails with a sentence when the token was revoked", async () => {
    const { id, state } = await created();
    const problem = { what: "demo.myshopify.com does not accept the app's token", next: "install the app again" };
    shop.failures.set("WebhookSubscriptionDelete", new ShopifyError("unauthorized", problem));
    await expect(provide().delete(id, state)).rejects.toThrow(
      `demo.myshopify.com does not accept the app's token for customer "acme": install the app again.`,
    );
    expect(shop.subscriptions).toHaveLength(1);
  });
});
