import { credentialsOf, demoShopDomain, playbookScopes } from "../shopify";
import { oneLine, outage, refusal, STACK_TRACE, succeeded, useSession } from "./testing";

const holder = useSession();

const { custom, stranger } = credentialsOf(demoShopDomain);

/** What a failing `up` tells, in which a stack trace would be a defect. */
async function failedUp(): Promise<string> {
  const said = refusal(await holder.session.up());
  expect(said).not.toMatch(STACK_TRACE);
  return oneLine(said);
}

function expectNoServer(): void {
  expect(holder.session.world.cloud.resources("gcp:compute/instance:Instance")).toEqual([]);
  expect(holder.session.world.shopify.subscriptions()).toEqual([]);
}

/** Topic and address of each subscription, of whichever app. */
function subscriptionKeys(): string[] {
  return holder.session.world.shopify.subscriptions().map(({ topic, uri, appId }) => `${appId} ${topic} ${uri}`);
}

describe("before there is a server", () => {
  test("a revoked token is told", async () => {
    const { shopify } = holder.session.world;
    shopify.revokeToken(custom.token);
    const said = await failedUp();
    shopify.app("erpnext-sync").tokens = [{ token: custom.token }];
    expect(said).toContain(
      'demo-store.myshopify.com does not accept the app\'s token (HTTP 401): it was revoked or the app uninstalled (Shopify says "[API] Invalid API key or access token (unrecognized login or wrong password)") for customer "demo-store": install the app again and set its token as "shopifyAdminToken".',
    );
    expectNoServer();
  });

  test("a missing scope is named", async () => {
    const { shopify } = holder.session.world;
    shopify.setScopes("erpnext-sync", ["read_products", "read_customers", "read_locations"]);
    const said = await failedUp();
    shopify.setScopes("erpnext-sync", playbookScopes);
    expect(said).toContain(
      'app "ERPNext Sync" in demo-store.myshopify.com lacks the scopes read_orders, read_inventory for customer "demo-store": add them to the app\'s configuration, install the app again, and set the new token if there is one.',
    );
    expectNoServer();
  });

  test("a shop in another currency than the company's is told", async () => {
    const { state } = holder.session.world.shopify.shop() as { state: { currency: string } };
    state.currency = "USD";
    const said = await failedUp();
    state.currency = "EUR";
    expect(said).toContain(
      'the shop\'s currency is "USD" but "company.currency" is "EUR" for customer "demo-store": set the company\'s currency to the shop\'s: the connector books every amount as it is.',
    );
    expectNoServer();
  });
});

describe("while the subscriptions are made", () => {
  test("a Shopify that keeps failing ends the update with a sentence, in bounded time", async () => {
    const { shopify } = holder.session.world;
    const recover = outage(shopify, /mutation webhookSubscriptionCreate/);
    const began = Date.now();
    const said = await failedUp();
    const took = Date.now() - began;
    recover();
    expect(said).toMatch(
      /error: demo-store\.myshopify\.com did not answer WebhookSubscriptionCreate: HTTP 500, given up after 5 tries in \d+\.\d s for customer "demo-store": check the network and shopifystatus\.com and run the command again\./,
    );
    expect(took).toBeLessThan(120_000);
    expect(shopify.subscriptions()).toEqual([]);
  });

  test("the next up finishes what that one began, through throttling and single failures, and adopts what stands there", async () => {
    const { shopify, cloud, log } = holder.session.world;
    const uri = `https://hooks.demo-store.example/api/method/ecommerce_integrations.shopify.connection.store_request_data`;
    const byHand = shopify.shop().subscribe(shopify.app("erpnext-sync"), "ORDERS_PAID", { uri, format: "JSON" });
    shopify.throttle(0);
    shopify.failNext({ match: /webhookSubscriptionCreate/, times: 1, kind: "429" });
    shopify.failNext({ match: /query/, times: 1, kind: "500" });
    log.clear();
    succeeded(await holder.session.up());
    expect(new Set(subscriptionKeys()).size).toBe(5);
    expect(shopify.subscriptions()).toHaveLength(5);
    const ids = shopify.subscriptions().map(({ id }) => id);
    expect(byHand.ok && ids.includes(byHand.subscription.id)).toBe(true);
    expect(cloud.resources("gcp:compute/instance:Instance")).toHaveLength(1);
    succeeded(await holder.session.preview(["--expect-no-changes"]));
  });
});

describe("the token of another app", () => {
  test("subscribes that app; the old one's subscriptions stay, because only it could see them", async () => {
    const { session } = holder;
    const before = subscriptionKeys();
    await session.setConfig({ shopifyAdminToken: stranger.token }, "secret");
    succeeded(await session.up());
    expect(subscriptionKeys()).toHaveLength(10);
    await session.setConfig({ shopifyAdminToken: custom.token }, "secret");
    succeeded(await session.up());
    expect(subscriptionKeys().filter((key) => before.includes(key))).toHaveLength(5);
  });
});

describe("destroy", () => {
  test("with a revoked token tells so, and goes on with a good one", async () => {
    const { session } = holder;
    const { shopify, cloud } = session.world;
    shopify.revokeToken(custom.token);
    const said = refusal(await session.destroy());
    expect(said).not.toMatch(STACK_TRACE);
    shopify.app("erpnext-sync").tokens = [{ token: custom.token }];
    expect(oneLine(said)).toContain(
      'demo-store.myshopify.com does not accept the app\'s token (HTTP 401): it was revoked or the app uninstalled (Shopify says "[API] Invalid API key or access token (unrecognized login or wrong password)") for customer "demo-store"',
    );
    succeeded(await session.destroy());
    expect(cloud.leftovers()).toEqual([]);
    expect(shopify.subscriptions().filter(({ appId }) => appId === shopify.app("erpnext-sync").id)).toEqual([]);
  });
});
