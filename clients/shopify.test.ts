import { ShopifyClient, ShopifyError, type ShopifyClientOptions } from "./shopify";
import { CURRENT_APP, WEBHOOK_SUBSCRIPTION_DELETE, type ShopifyOperation } from "./shopify-operations";
import { startStubServer, type StubServer, type StubStep } from "./testing/stub-server";

const TOKEN = "shpat_canary000000000000000000000001";
const SECRET = "shpss_canary00000000000000000000002";
const GRANTED = "shpat_granted0000000000000000000003";

const APP = {
  currentAppInstallation: {
    app: { id: "gid://shopify/App/1", title: "ERP", handle: "erp", apiKey: "key" },
    accessScopes: [{ handle: "read_orders" }],
  },
  shop: { myshopifyDomain: "demo.myshopify.com", currencyCode: "EUR" },
};
const FINE: StubStep = { status: 200, headers: { "X-Shopify-API-Version": "2026-10" }, body: { data: APP } };
const GRANT: StubStep = { status: 200, body: { access_token: GRANTED, scope: "read_orders", expires_in: 86_399 } };
const ONCE: ShopifyOperation<unknown, Record<string, never>> = {
  name: "Once",
  repeatable: false,
  document: "mutation Once { once { id } }",
};

let server: StubServer;
beforeEach(async () => (server = await startStubServer()));
afterEach(async () => server.close());

function client(options: Partial<ShopifyClientOptions> = {}): ShopifyClient {
  return new ShopifyClient({
    shopDomain: "demo.myshopify.com",
    credential: { kind: "token", token: TOKEN },
    apiUrl: server.url,
    firstDelayMs: 1,
    ...options,
  });
}

function dashboardClient(): ShopifyClient {
  return client({ credential: { kind: "client-credentials", clientId: "client-1", clientSecret: SECRET } });
}

/** The error of a query, which never holds a credential. */
async function failure(promise: Promise<unknown>): Promise<ShopifyError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ShopifyError)) throw new Error(`no ShopifyError but ${String(error)}`);
  const text = `${error.message}\n${error.stack ?? ""}\n${JSON.stringify(error)}`;
  for (const secret of [TOKEN, SECRET, GRANTED]) expect(text).not.toContain(secret);
  return error;
}

function timeless(text: string): string {
  return text.replace(/\d+\.\d s/, "N s");
}

const OUT_OF_POINTS: StubStep = {
  status: 200,
  body: {
    errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }],
    extensions: { cost: { requestedQueryCost: 500, throttleStatus: { currentlyAvailable: 100, restoreRate: 1000 } } },
  },
};

describe("a query", () => {
  test("is one POST of document and variables with the token, to the shop's own name", async () => {
    server.script({
      status: 200,
      body: { data: { webhookSubscriptionDelete: { deletedWebhookSubscriptionId: "x", userErrors: [] } } },
    });
    const result = await client().query(WEBHOOK_SUBSCRIPTION_DELETE, { id: "x" });
    expect(result).toEqual({ webhookSubscriptionDelete: { deletedWebhookSubscriptionId: "x", userErrors: [] } });
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({ method: "POST", path: "/admin/api/2026-10/graphql.json" });
    expect(server.seen[0]!.headers).toMatchObject({ host: "demo.myshopify.com", "x-shopify-access-token": TOKEN });
    expect(JSON.parse(server.seen[0]!.body)).toEqual({
      query: WEBHOOK_SUBSCRIPTION_DELETE.document,
      operationName: "WebhookSubscriptionDelete",
      variables: { id: "x" },
    });
  });

  test("keeps the version that really answered", async () => {
    server.script({ ...FINE, headers: { "X-Shopify-API-Version": "2027-01" } });
    const shop = client();
    expect(shop.answeredVersion).toBeUndefined();
    await shop.query(CURRENT_APP, {});
    expect(shop.answeredVersion).toBe("2027-01");
  });
});

describe("rate limits", () => {
  test("waits until the missing points are restored", async () => {
    server.script(OUT_OF_POINTS, FINE);
    const started = performance.now();
    await expect(client().query(CURRENT_APP, {})).resolves.toEqual(APP);
    expect(performance.now() - started).toBeGreaterThanOrEqual(395);
    expect(server.seen).toHaveLength(2);
  });

  test("waits out more of them than it would take failures", async () => {
    const full = {
      ...OUT_OF_POINTS,
      body: {
        errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }],
        extensions: { cost: { requestedQueryCost: 2, throttleStatus: { currentlyAvailable: 1, restoreRate: 1000 } } },
      },
    } as StubStep;
    server.script(full, full, full, full, full, full, FINE);
    await expect(client().query(ONCE, {})).resolves.toEqual(APP);
    expect(server.seen).toHaveLength(7);
  });

  test("honours Retry-After of an HTTP 429, for every operation", async () => {
    server.script({ status: 429, headers: { "Retry-After": "0.4" } }, FINE);
    const started = performance.now();
    await expect(client().query(ONCE, {})).resolves.toEqual(APP);
    expect(performance.now() - started).toBeGreaterThanOrEqual(395);
  });

  test("gives up when the wait does not fit into its patience", async () => {
    server.script({ status: 429, headers: { "Retry-After": "100" } });
    const error = await failure(client({ maxWaitMs: 300 }).query(CURRENT_APP, {}));
    expect(error.kind).toBe("throttled");
    expect(timeless(error.message)).toBe(
      "the rate limit of demo.myshopify.com left no room for CurrentApp, given up after 1 try in N s: run the command again when no other program uses the app.",
    );
    expect(server.seen).toHaveLength(1);
  });
});

describe("failures on the way", () => {
  test.each([500, 502, 503, 504])("HTTP %i once is tried again", async (status) => {
    server.script({ status, body: "<h1>sorry</h1>" }, FINE);
    await expect(client().query(CURRENT_APP, {})).resolves.toEqual(APP);
    expect(server.seen).toHaveLength(2);
  });

  test("HTTP 500 forever ends after five tries", async () => {
    server.script({ status: 500 });
    const error = await failure(client().query(CURRENT_APP, {}));
    expect([error.kind, timeless(error.message)]).toEqual([
      "http",
      "demo.myshopify.com did not answer CurrentApp: HTTP 500, given up after 5 tries in N s: check the network and shopifystatus.com and run the command again.",
    ]);
    expect(server.seen).toHaveLength(5);
  });

  test("a connection that breaks is tried again", async () => {
    server.script("reset", "reset", FINE);
    await expect(client().query(CURRENT_APP, {})).resolves.toEqual(APP);
    expect(server.seen).toHaveLength(3);
  });

  test("what may have arrived is not sent twice when it may not be repeated", async () => {
    server.script("reset", FINE);
    expect((await failure(client().query(ONCE, {}))).kind).toBe("unreachable");
    server.script({ status: 502 }, FINE);
    expect((await failure(client().query(ONCE, {}))).kind).toBe("http");
    expect(server.seen).toHaveLength(2);
  });

  test("a hanging server costs no more than the patience", async () => {
    server.script("hang");
    const started = performance.now();
    const error = await failure(client({ timeoutMs: 100, maxWaitMs: 250 }).query(CURRENT_APP, {}));
    expect(error.kind).toBe("unreachable");
    expect(error.message).toContain("no answer within");
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("an internal error of the API is tried again, and told in full when it stays", async () => {
    const internal: StubStep = {
      status: 200,
      body: { errors: [{ message: "Internal error. Request ID: 1", extensions: { code: "INTERNAL_SERVER_ERROR" } }] },
    };
    server.script(internal, FINE);
    await expect(client().query(CURRENT_APP, {})).resolves.toEqual(APP);
    server.script(internal);
    const error = await failure(client().query(CURRENT_APP, {}));
    expect(timeless(error.what)).toBe(
      "Shopify answered CurrentApp in demo.myshopify.com with errors: Internal error. Request ID: 1, given up after 5 tries in N s",
    );
  });

  test("HTML instead of JSON is not taken for an answer", async () => {
    server.script({ status: 200, body: "<html>Parking page</html>" });
    const error = await failure(client().query(CURRENT_APP, {}));
    expect([error.kind, error.what]).toEqual([
      "http",
      "demo.myshopify.com answered CurrentApp with HTTP 200 and text/html; charset=utf-8 instead of JSON",
    ]);
  });

  test("a redirect is not followed, and named", async () => {
    server.script({ status: 301, headers: { Location: "https://other.example/x" }, body: "" });
    const error = await failure(client().query(CURRENT_APP, {}));
    expect(error.what).toBe(
      "demo.myshopify.com answered CurrentApp with HTTP 301 and text/html; charset=utf-8 instead of JSON and points to other.example",
    );
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    [402, "the shop is frozen for unpaid bills"],
    [404, "there is no such shop"],
    [423, "the shop is locked"],
  ])("HTTP %i says that %s", async (status, says) => {
    server.script({ status, body: { errors: "Not Found" } });
    const error = await failure(client().query(CURRENT_APP, {}));
    expect(error.what).toBe(`demo.myshopify.com answered HTTP ${status}: ${says}: Shopify says "Not Found"`);
  });
});

describe("refusals", () => {
  test.each([401, 403])("HTTP %i of a custom app's token tells that it was revoked", async (status) => {
    server.script({ status, body: { errors: `[API] Invalid API key or access token ${TOKEN}` } });
    const error = await failure(client().query(CURRENT_APP, {}));
    expect([error.kind, error.message]).toEqual([
      "unauthorized",
      `demo.myshopify.com does not accept the app's token (HTTP ${status}): it was revoked or the app uninstalled (Shopify says "[API] Invalid API key or access token [secret]"): install the app again and set its token as "shopifyAdminToken".`,
    ]);
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    "[API] Non-expiring access tokens are no longer accepted for the Admin API.",
    "[API] This action requires merchant approval for read_orders scope.",
  ])("HTTP 403 repeats what Shopify says: %s", async (errors) => {
    for (const ask of [() => client().query(CURRENT_APP, {}), () => client().orderText("5")]) {
      server.script({ status: 403, body: { errors } });
      const error = await failure(ask());
      expect([error.kind, error.message]).toEqual([
        "unauthorized",
        `demo.myshopify.com does not accept the app's token (HTTP 403): Shopify says "${errors}": change the app as Shopify says, install it again where its scopes change, and run the command again.`,
      ]);
    }
  });

  test.each([
    ["ACCESS_DENIED", "check the app's scopes and its access to protected customer data"],
    ["MAX_COST_EXCEEDED", "report it: the query asks for more at once than Shopify allows"],
    ["undefinedField", "correct what Shopify names and run the command again"],
  ])("GraphQL's code %s has its own advice", async (code, next) => {
    server.script({ status: 200, body: { errors: [{ message: "no", extensions: { code } }] } });
    expect((await failure(client().query(CURRENT_APP, {}))).next).toBe(next);
  });

  test("a token that is revoked in between fails the next query", async () => {
    server.script(FINE, { status: 401, body: { errors: "revoked" } });
    const shop = client();
    await expect(shop.query(CURRENT_APP, {})).resolves.toEqual(APP);
    expect((await failure(shop.query(CURRENT_APP, {}))).kind).toBe("unauthorized");
  });

  test("all GraphQL errors are told, with their paths, and credentials masked", async () => {
    const errors = [
      { message: "Access denied for orders field.", path: ["orders", 0], extensions: { code: "ACCESS_DENIED" } },
      { message: `Something about ${TOKEN}` },
    ];
    server.script({ status: 200, body: { errors } });
    const error = await failure(client().query(CURRENT_APP, {}));
    expect([error.kind, error.what]).toEqual([
      "graphql",
      "Shopify answered CurrentApp in demo.myshopify.com with errors: orders.0: Access denied for orders field.; Something about [secret]",
    ]);
  });

  test("all userErrors are told and kept", async () => {
    const userErrors = [
      { field: ["webhookSubscription", "callbackUrl"], message: "Address for this topic has already been taken" },
      { field: null, message: "Too many" },
    ];
    server.script({
      status: 200,
      body: { data: { webhookSubscriptionCreate: { webhookSubscription: null, userErrors } } },
    });
    const error = await failure(client().query(CURRENT_APP, {}));
    expect([error.kind, error.what, error.userErrors]).toEqual([
      "user-errors",
      'Shopify refused CurrentApp in demo.myshopify.com: "webhookSubscription.callbackUrl" Address for this topic has already been taken; Too many',
      userErrors,
    ]);
    expect(server.seen).toHaveLength(1);
  });
});

describe("a Dev Dashboard app", () => {
  test("is granted one token by its client credentials, for all queries at once and after", async () => {
    server.script((request) => (request.path === "/admin/oauth/access_token" ? GRANT : FINE));
    const shop = dashboardClient();
    await Promise.all([shop.query(CURRENT_APP, {}), shop.query(CURRENT_APP, {})]);
    await shop.query(CURRENT_APP, {});
    const grants = server.seen.filter(({ path }) => path === "/admin/oauth/access_token");
    expect(grants).toHaveLength(1);
    expect(grants[0]!.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(grants[0]!.body).toBe(`grant_type=client_credentials&client_id=client-1&client_secret=${SECRET}`);
    const queries = server.seen.filter(({ path }) => path !== "/admin/oauth/access_token");
    expect(queries.map(({ headers }) => headers["x-shopify-access-token"])).toEqual([GRANTED, GRANTED, GRANTED]);
  });

  test("gets a new token from five minutes before the old one ends", async () => {
    const now = jest.spyOn(Date, "now").mockReturnValue(1_000_000_000_000);
    try {
      server.script((request) => (request.path === "/admin/oauth/access_token" ? GRANT : FINE));
      const shop = dashboardClient();
      const grants = (): number => server.seen.filter(({ path }) => path === "/admin/oauth/access_token").length;
      await shop.query(CURRENT_APP, {});
      now.mockReturnValue(1_000_000_000_000 + (86_399 - 300) * 1000 - 1);
      await shop.query(CURRENT_APP, {});
      expect(grants()).toBe(1);
      now.mockReturnValue(1_000_000_000_000 + (86_399 - 300) * 1000);
      await shop.query(CURRENT_APP, {});
      expect(grants()).toBe(2);
    } finally {
      now.mockRestore();
    }
  });

  test("a 401 leads to one new token, and to no second", async () => {
    const second: StubStep = { status: 200, body: { access_token: "shpat_second", expires_in: 86_399 } };
    server.script(GRANT, { status: 401 }, second, FINE);
    await expect(dashboardClient().query(CURRENT_APP, {})).resolves.toEqual(APP);
    expect(server.seen.map(({ headers }) => headers["x-shopify-access-token"])).toEqual([
      undefined,
      GRANTED,
      undefined,
      "shpat_second",
    ]);
    server.script(GRANT, { status: 401 }, second, { status: 401 });
    const error = await failure(dashboardClient().query(CURRENT_APP, {}));
    expect(error.next).toBe('install the app again and check "shopifyClientId" and "shopifyApiSecret"');
    expect(server.seen).toHaveLength(8);
  });

  test("shop_not_permitted is explained", async () => {
    server.script({ status: 400, body: { error: "shop_not_permitted", error_description: `no ${SECRET}` } });
    const error = await failure(dashboardClient().query(CURRENT_APP, {}));
    expect([error.kind, error.message]).toEqual([
      "unauthorized",
      'Shopify grants no token for app "client-1" in demo.myshopify.com (HTTP 400, shop_not_permitted), because the app and the shop are in different Shopify organisations: create the app in the Dev Dashboard of the organisation that owns the shop.',
    ]);
  });

  test("another refusal names Shopify's reason, and the next query asks again", async () => {
    server.script({ status: 400, body: "<p>Oauth error invalid_client: unknown</p>" }, GRANT, FINE);
    const shop = dashboardClient();
    expect((await failure(shop.query(CURRENT_APP, {}))).what).toBe(
      'Shopify grants no token for app "client-1" in demo.myshopify.com (HTTP 400, invalid_client)',
    );
    await expect(shop.query(CURRENT_APP, {})).resolves.toEqual(APP);
  });

  test("a grant that fails on the way is tried again", async () => {
    server.script({ status: 503 }, GRANT, FINE);
    await expect(dashboardClient().query(CURRENT_APP, {})).resolves.toEqual(APP);
  });
});

describe("the REST version", () => {
  test("is the one that the answer names, asked with the app's token", async () => {
    server.script({ status: 200, headers: { "X-Shopify-API-Version": "2026-01" }, body: { count: 5 } });
    expect(await client().restVersion("2024-01", "webhooks/count.json")).toBe("2026-01");
    expect(server.seen).toMatchObject([
      { method: "GET", path: "/admin/api/2024-01/webhooks/count.json", headers: { "x-shopify-access-token": TOKEN } },
    ]);
  });

  test.each([
    [401, "unauthorized", "does not accept the app's token (HTTP 401)"],
    [404, "http", "answered HTTP 404"],
  ] as const)("is not to be had with HTTP %d", async (status, kind, words) => {
    server.script({ status, body: {} });
    const error = await failure(client().restVersion("2024-01", "webhooks/count.json"));
    expect([error.kind, error.message]).toEqual([kind, expect.stringContaining(words)]);
  });

  test("is asked for again after a failure of the moment", async () => {
    server.script({ status: 502 }, { status: 200, headers: { "X-Shopify-API-Version": "2026-01" }, body: {} });
    expect(await client().restVersion("2024-01", "webhooks/count.json")).toBe("2026-01");
  });
});

describe("an order's text", () => {
  const ORDER = '{"id":9007199254740993,"note":"Größe {x}","rate":0.190}';

  test("is what REST wrote, byte by byte", async () => {
    server.script(({ method, path }) =>
      method === "GET" && path === "/admin/api/2026-10/orders/9007199254740993.json"
        ? { status: 200, headers: { "Content-Type": "application/json" }, body: `{"order":${ORDER}}` }
        : { status: 400 },
    );
    expect(await client().orderText("9007199254740993")).toBe(ORDER);
    expect(server.seen[0]!.headers["x-shopify-access-token"]).toBe(TOKEN);
  });

  test("of an order that is gone is undefined", async () => {
    server.script({ status: 404, body: { errors: "Not Found" } });
    expect(await client().orderText("5")).toBeUndefined();
  });

  test("is not undefined because something else is not there", async () => {
    server.script({ status: 404, body: { errors: { shop: ["is closed"] } } });
    expect((await failure(client().orderText("5"))).message).toContain('Shopify says "shop: is closed"');
  });

  test("is asked for again after a pause, and with a new token", async () => {
    server.script(GRANT, { status: 429, headers: { "Retry-After": "0" } }, { status: 401 }, GRANT, {
      status: 200,
      body: { order: { id: 5 } },
    });
    expect(await dashboardClient().orderText("5")).toBe('{"id":5}');
    expect(server.seen).toHaveLength(5);
  });

  test.each([
    ["a revoked token", { status: 401, body: {} }, "unauthorized", "does not accept the app's token (HTTP 401)"],
    ["a page instead of JSON", { status: 200, body: "<html>" }, "http", "answered order 5 with HTTP 200 and text/html"],
    ["something else in it", { status: 200, body: { orders: [] } }, "http", "answered order 5 with HTTP 200"],
  ])("%s", async (...[, answer, kind, words]) => {
    server.script(answer);
    const error = await failure(client().orderText("5"));
    expect([error.kind, error.message]).toEqual([kind, expect.stringContaining(words)]);
  });
});
