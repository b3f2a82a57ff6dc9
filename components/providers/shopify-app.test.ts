import { ShopifyError } from "../../clients/shopify";
import { recordResources } from "../testing/record-resources";
import { providerSource } from "./lazy-provider";
import { ShopifyApp } from "./shopify-app";
import { createProvider } from "./shopify-app.provider";
import { FakeShop } from "./testing/fake-shop";
import { configured } from "./testing/stack-config";

const TOKEN = "shpat_canary000000000000000000000001";
const CUSTOM = { shopifyAdminToken: TOKEN };
const DASHBOARD = { shopifyClientId: "client-1", shopifyApiSecret: "shpss_canary0000002" };
const INPUTS = {
  shopDomain: "demo.myshopify.com",
  app: "custom",
  currency: "EUR",
  customer: "acme",
} as const;

let shop: FakeShop;
beforeEach(() => (shop = new FakeShop()));

function provide(config: Readonly<Record<string, string>> = CUSTOM) {
  return configured(
    createProvider(() => shop),
    config,
  );
}

/** Changes what the shop tells. */
function tell({ scopes, app, shop: facts }: { scopes?: readonly string[]; app?: object; shop?: object }): void {
  const { currentAppInstallation } = shop.app;
  shop.app = {
    currentAppInstallation: {
      app: { ...currentAppInstallation.app, ...app },
      accessScopes: scopes?.map((handle) => ({ handle })) ?? currentAppInstallation.accessScopes,
    },
    shop: { ...shop.app.shop, ...facts },
  };
}

const FINDINGS = {
  appId: "gid://shopify/App/1",
  appTitle: "ERP",
  appHandle: "erp",
  apiKey: "client-1",
  grantedScopes: ["read_all_orders", "read_customers", "read_inventory", "read_orders", "read_products"],
  currencyCode: "EUR",
  hasAllOrders: true,
  answeredDomain: "demo.myshopify.com",
};

test("the resource passes the inputs and no credential to its provider", async () => {
  const { named } = await recordResources(() => new ShopifyApp("app", INPUTS));
  const { type, inputs } = named("app");
  expect(type).toBe("pulumi-nodejs:dynamic/shopify:App");
  expect(inputs).toEqual({ ...INPUTS, __provider: providerSource("shopify-app") });
});

test("check adds a digest of the credential, and not the credential", async () => {
  const { inputs } = await provide().check(INPUTS, INPUTS);
  expect(inputs).toEqual({ ...INPUTS, credentialDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown });
  const other = await provide({ shopifyAdminToken: `${TOKEN}2` }).check(INPUTS, INPUTS);
  expect(other.inputs!.credentialDigest).not.toBe(inputs!.credentialDigest);
  expect(shop.asked).toEqual([]);
});

describe("create", () => {
  test("reports the app, what it may do, and the shop", async () => {
    expect(await provide().create(INPUTS)).toEqual({ id: "demo.myshopify.com", outs: { ...INPUTS, ...FINDINGS } });
    expect(shop.asked).toEqual(["CurrentApp"]);
  });

  test("names every missing scope in one sentence", async () => {
    tell({ scopes: ["read_orders"] });
    await expect(provide().create(INPUTS)).rejects.toThrow(
      `app "ERP" in demo.myshopify.com lacks the scopes read_products, read_customers, read_inventory for customer "acme": add them to the app's configuration, install the app again, and set the new token if there is one.`,
    );
  });

  test("takes a scope to write for one to read, and misses read_all_orders without failing", async () => {
    tell({ scopes: ["write_products", "write_orders", "write_customers", "write_inventory"] });
    const { outs } = await provide().create(INPUTS);
    expect(outs!.hasAllOrders).toBe(false);
  });

  test("refuses a shop with another currency than the company", async () => {
    tell({ shop: { currencyCode: "USD" } });
    await expect(provide().create(INPUTS)).rejects.toThrow(
      `the shop's currency is "USD" but "company.currency" is "EUR" for customer "acme": set the company's currency to the shop's: the connector books every amount as it is.`,
    );
  });

  test("refuses another shop than the one that is meant", async () => {
    tell({ shop: { myshopifyDomain: "live.myshopify.com" } });
    await expect(provide().create(INPUTS)).rejects.toThrow(
      '"shopify.shopDomain" is "demo.myshopify.com" but the shop that answered is "live.myshopify.com" for customer "acme"',
    );
  });

  test("refuses a client id of another app than the token's", async () => {
    const inputs = { ...INPUTS, app: "dev-dashboard" } as const;
    await expect(provide(DASHBOARD).create(inputs)).resolves.toMatchObject({ id: "demo.myshopify.com" });
    tell({ app: { apiKey: "client-2" } });
    await expect(provide(DASHBOARD).create(inputs)).rejects.toThrow(
      `"shopifyClientId" is "client-1" but the token is of app "ERP" with client id "client-2" for customer "acme"`,
    );
  });

  test("fails with a sentence when the token was revoked", async () => {
    shop.failures.set("CurrentApp", new ShopifyError("unauthorized", { what: "no entry", next: "install the app" }));
    await expect(provide().create(INPUTS)).rejects.toThrow('no entry for customer "acme": install the app.');
  });
});

describe("diff", () => {
  const olds = { ...INPUTS, credentialDigest: "d1", ...FINDINGS };
  const news = { ...INPUTS, credentialDigest: "d1" };

  test("is empty while everything is in order, wherever the API is", async () => {
    expect(await provide().diff("id", olds, { ...news, apiUrl: "http://127.0.0.1:9" })).toEqual({
      changes: false,
      replaces: [],
    });
  });

  test.each([{ app: "dev-dashboard" as const }, { currency: "USD" }, { credentialDigest: "d2" }])(
    "%j is checked again",
    async (change) => {
      expect(await provide().diff("id", olds, { ...news, ...change })).toEqual({ changes: true, replaces: [] });
    },
  );

  test.each([{ grantedScopes: ["read_orders"] }, { currencyCode: "USD" }])(
    "what a refresh found (%j) is checked again",
    async (drift) => {
      expect(await provide().diff("id", { ...olds, ...drift }, news)).toEqual({ changes: true, replaces: [] });
    },
  );

  test("another shop replaces", async () => {
    const diff = await provide().diff("id", olds, { ...news, shopDomain: "x.myshopify.com" });
    expect(diff).toEqual({ changes: true, replaces: ["shopDomain"] });
  });
});

test("read records a token of another app and lost scopes without judging", async () => {
  const { outs } = await provide().create(INPUTS);
  tell({ app: { id: "gid://shopify/App/2", apiKey: "client-2" }, scopes: ["read_orders"] });
  const { id, props } = await provide().read("demo.myshopify.com", outs);
  expect([id, props!.appId, props!.apiKey, props!.grantedScopes, props!.hasAllOrders]).toEqual([
    "demo.myshopify.com",
    "gid://shopify/App/2",
    "client-2",
    ["read_orders"],
    false,
  ]);
});

test("update looks again and fails as create does", async () => {
  const { outs } = await provide().create(INPUTS);
  expect(await provide().update("id", outs!, INPUTS)).toEqual({ outs });
  tell({ scopes: [] });
  await expect(provide().update("id", outs!, INPUTS)).rejects.toThrow(
    'lacks the scopes read_products, read_orders, read_customers, read_inventory for customer "acme"',
  );
});

test("there is nothing to delete", () => {
  expect(createProvider(() => shop).delete).toBeUndefined();
});
