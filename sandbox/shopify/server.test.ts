import { request } from "node:http";
import { credentialsOf, demoCredentials, demoShop, emptyShop } from "./index";
import { startWorld, type World } from "./testing/world";

let world: World;

afterEach(async () => {
  await world.stop();
});

async function grant(
  body: URLSearchParams | Record<string, string>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const form = body instanceof URLSearchParams;
  const response = await fetch(`${world.shopify.url}/admin/oauth/access_token`, {
    method: "POST",
    body: form ? body : JSON.stringify(body),
    ...(form ? {} : { headers: { "Content-Type": "application/json" } }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const credentials = {
  grant_type: "client_credentials",
  client_id: demoCredentials.devDashboard.clientId,
  client_secret: demoCredentials.devDashboard.clientSecret,
};

describe("tokens", () => {
  beforeEach(async () => {
    world = await startWorld();
  });

  const unauthorised = { errors: "[API] Invalid API key or access token (unrecognized login or wrong password)" };

  it("are refused alike by REST and GraphQL when unknown or revoked", async () => {
    const { token } = demoCredentials.custom;
    expect((await world.rest("GET", "shop.json")).status).toBe(200);
    const wrong = await world.rest("GET", "shop.json", { token: "shpat_wrong" });
    world.shopify.revokeToken(token);
    const revoked = [await world.rest("GET", "shop.json"), await world.graphql("{ shop { id } }")];
    expect([wrong, ...revoked].map(({ status, body }) => [status, body])).toEqual([
      [401, unauthorised],
      [401, unauthorised],
      [401, unauthorised],
    ]);
  });

  it.each([
    ["a form", new URLSearchParams(credentials)],
    ["JSON", credentials],
  ])("are granted for client credentials in %s, for a day", async (_, body) => {
    const answer = await grant(body);
    expect(answer).toEqual({
      status: 200,
      body: {
        access_token: expect.stringMatching(/^shpat_[0-9a-f]{32}$/) as string,
        scope: "read_products,read_orders,read_all_orders,read_customers,read_inventory,read_locations",
        expires_in: 86_399,
      },
    });
    const token = String(answer.body["access_token"]);
    world.clock.advance(86_398_000);
    const query = "{ currentAppInstallation { app { handle apiKey } } }";
    const { body: seen } = await world.graphql(query, { token });
    expect(seen.data.currentAppInstallation.app).toEqual({
      handle: "erpnext-sync-dashboard",
      apiKey: demoCredentials.devDashboard.clientId,
    });
    world.clock.advance(1000);
    expect((await world.graphql(query, { token })).status).toBe(401);
  });

  it.each([
    [{ ...credentials, client_secret: "shpss_wrong" }, 401, "invalid_client"],
    [{ ...credentials, client_id: "0".repeat(32) }, 400, "application_cannot_be_found"],
    [{ ...credentials, grant_type: "password" }, 400, "unsupported_grant_type"],
  ])("are not granted for %j", async (body, status, error) => {
    expect(await grant(body)).toMatchObject({ status, body: { error } });
  });

  it("are not granted on a shop of another organisation", async () => {
    world.shopify.permitGrant("erpnext-sync-dashboard", false);
    expect(await grant(credentials)).toEqual({
      status: 400,
      body: { error: "shop_not_permitted", error_description: "Client credentials cannot be performed on this shop." },
    });
  });

  it("die with the secret that they were granted for", async () => {
    const { body } = await grant(credentials);
    const token = String(body["access_token"]);
    world.shopify.addSecret("erpnext-sync-dashboard", "shpss_new");
    expect((await world.rest("GET", "shop.json", { token })).status).toBe(200);
    world.shopify.revokeSecret("erpnext-sync-dashboard", credentials.client_secret);
    expect((await world.rest("GET", "shop.json", { token })).status).toBe(401);
    expect((await grant({ ...credentials, client_secret: "shpss_new" })).status).toBe(200);
  });
});

describe("the shop", () => {
  const second = "second-store.myshopify.com";

  /** fetch does not let its caller choose the Host header. */
  function hostNamed(host: string, token: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const headers = { Host: host, "X-Shopify-Access-Token": token };
      request(`${world.shopify.url}/admin/api/2026-10/shop.json`, { headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, text });
        });
      })
        .on("error", reject)
        .end();
    });
  }

  it("is the one that the Host header names; tokens of another do not fit", async () => {
    const now = new Date("2026-11-23T12:00:00Z");
    world = await startWorld({ seed: [demoShop(now), emptyShop(now, second)] });
    const { token } = credentialsOf(second).custom;
    expect((await hostNamed(second, token)).text).toContain(second);
    expect((await hostNamed("demo-store.myshopify.com", demoCredentials.custom.token)).text).toContain(
      "demo-store.myshopify.com",
    );
    expect((await hostNamed(second, demoCredentials.custom.token)).status).toBe(401);
    expect((await hostNamed("third-store.myshopify.com", token)).status).toBe(404);
  });
});

describe("faults", () => {
  beforeEach(async () => {
    world = await startWorld();
  });

  it.each([
    ["500", 500, { errors: "Internal Server Error" }],
    ["429", 429, { errors: "Too Many Requests" }],
  ] as const)("%s fails the next matching requests and no other", async (kind, status, body) => {
    world.shopify.failNext({ match: "query shop", times: 2, kind });
    const answers = [
      await world.graphql("{ ordersCount { count } }"),
      await world.graphql("{ shop { id } }"),
      await world.graphql("{ shop { id } }"),
      await world.graphql("{ shop { id } }"),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([200, status, status, 200]);
    expect(answers[1]?.body).toEqual(body);
  });

  it("html is an error page", async () => {
    world.shopify.failNext({ match: /shop\.json/, times: 1, kind: "html" });
    const response = await fetch(`${world.shopify.url}/admin/api/2026-10/shop.json`);
    expect([response.status, response.headers.get("Content-Type")]).toEqual([502, "text/html"]);
    expect(await response.text()).toContain("502 Bad Gateway");
  });

  it("reset cuts the connection, hang never answers, and both are logged", async () => {
    world.shopify.failNext({ match: "shop.json", times: 1, kind: "reset" });
    await expect(world.rest("GET", "shop.json")).rejects.toThrow("fetch failed");
    world.shopify.failNext({ match: "shop.json", times: 1, kind: "hang" });
    const hanging = fetch(`${world.shopify.url}/admin/api/2026-10/shop.json`, { signal: AbortSignal.timeout(100) });
    await expect(hanging).rejects.toThrow("aborted due to timeout");
    expect(world.log.entries.map(({ status }) => status)).toEqual([0, 0]);
  });

  it("lets close end a request that hangs", async () => {
    world.shopify.failNext({ match: "shop.json", times: 1, kind: "hang" });
    const hanging = expect(world.rest("GET", "shop.json")).rejects.toThrow("fetch failed");
    while (world.log.entries.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await world.shopify.close();
    await hanging;
  });
});

describe("the request log", () => {
  it("tells reads from writes, and holds no secret", async () => {
    world = await startWorld();
    await world.graphql("query Count { ordersCount { count } }");
    await world.graphql(
      'mutation { webhookSubscriptionDelete(id: "gid://shopify/WebhookSubscription/1") { userErrors { field } } }',
    );
    await world.rest("GET", "orders.json?status=any");
    await world.rest("DELETE", "webhooks/1.json");
    await grant(credentials);
    expect(
      world.log.entries.map(({ method, write, status, path, summary }) => [method, path, write, status, summary]),
    ).toEqual([
      ["POST", "/admin/api/2026-10/graphql.json", false, 200, "query ordersCount"],
      ["POST", "/admin/api/2026-10/graphql.json", true, 200, "mutation webhookSubscriptionDelete"],
      ["GET", "/admin/api/2024-01/orders.json", false, 200, undefined],
      ["DELETE", "/admin/api/2024-01/webhooks/1.json", true, 404, undefined],
      ["POST", "/admin/oauth/access_token", false, 200, undefined],
    ]);
    expect(world.log.writes()).toHaveLength(2);
    expect(JSON.stringify(world.log.entries)).not.toMatch(/shp(at|ss)_/);
  });
});
