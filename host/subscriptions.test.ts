import { readFileSync } from "node:fs";
import { join } from "node:path";

import { SHOPIFY_API_VERSION } from "../clients/shopify-api";
import { demoCredentials, demoShopDomain } from "../sandbox/shopify";
import { startWorld, type World } from "../sandbox/shopify/testing/world";
import { HOST, Sandbox, type Outcome } from "./test/sandbox";

jest.setTimeout(30_000);

const HERE = "https://hook.acme.example/api/method/ecommerce_integrations.shopify.connection.store_request_data";

let sandbox: Sandbox;
let world: World;

beforeEach(async () => {
  world = await startWorld();
  sandbox = new Sandbox();
  Object.assign(sandbox.environment, {
    SHOPIFY_APP: "custom",
    SHOP_DOMAIN: demoShopDomain,
    SHOPIFY_TOPICS: "ORDERS_CREATE ORDERS_PAID",
    SUBSCRIPTION_URI: HERE,
  });
  sandbox.install();
  sandbox.write("run/erpnext/secrets/shopify-admin-token", demoCredentials.custom.token);
});
afterEach(async () => {
  sandbox.remove();
  await world.stop();
});

const look = (): Promise<Outcome> =>
  sandbox.run([sandbox.path("opt/erpnext/subscriptions.sh")], { ERPNEXT_SHOPIFY_URL: world.shopify.url });
const seen = (): unknown => (sandbox.status()["facts"] as { subscriptions: unknown }).subscriptions;

async function subscribe(topic: string, uri: string): Promise<void> {
  const made = await world.graphql(
    `mutation { webhookSubscriptionCreate(topic: ${topic}, webhookSubscription: { uri: "${uri}", format: JSON }) { userErrors { message } } }`,
  );
  expect(made.body.data.webhookSubscriptionCreate.userErrors).toEqual([]);
}

it("asks by the version of the Admin API that all of this project asks by", () => {
  expect(readFileSync(join(HOST, "subscriptions.sh"), "utf8")).toContain(`API_VERSION="${SHOPIFY_API_VERSION}"`);
});

it("tells which wanted topics do not come here, and since when", async () => {
  await subscribe("ORDERS_CREATE", HERE);
  await subscribe("ORDERS_PAID", "https://elsewhere.example/hook");
  expect(await look()).toEqual({ code: 0, output: `not subscribed to ${HERE}: ORDERS_PAID\n` });
  const first = seen() as { lostSince: string };
  expect(first).toMatchObject({ lost: ["ORDERS_PAID"], lostSince: expect.stringMatching(/Z$/) as string });
  const status = sandbox.status();
  const before = "2026-11-26T08:00:00Z";
  Object.assign(first, { lostSince: before });
  sandbox.write("var/lib/erpnext/status/status.json", JSON.stringify({ ...status, facts: { subscriptions: first } }));
  await look();
  expect(seen()).toMatchObject({ lost: ["ORDERS_PAID"], lostSince: before });
  await subscribe("ORDERS_PAID", HERE);
  expect(await look()).toEqual({ code: 0, output: "" });
  expect(seen()).toMatchObject({ lost: [], lostSince: null });
});

it("says what Shopify said, and takes no silence for a lost subscription", async () => {
  world.shopify.revokeToken(demoCredentials.custom.token);
  const { code, output } = await look();
  expect(code).toBe(1);
  expect(output).toContain(`Shopify does not tell the subscriptions of ${demoShopDomain}: [API] Invalid API key`);
  expect(output).not.toContain(demoCredentials.custom.token);
  expect(sandbox.has("var/lib/erpnext/status/status.json")).toBe(false);
});

it("asks nothing before a Dev-Dashboard app has its first token", async () => {
  sandbox.environment["SHOPIFY_APP"] = "dev-dashboard";
  sandbox.install();
  expect(await look()).toEqual({ code: 0, output: "" });
  expect(sandbox.has("var/lib/erpnext/status/status.json")).toBe(false);
});
