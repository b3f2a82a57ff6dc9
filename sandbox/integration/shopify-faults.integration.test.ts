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

describe("before anything is built", () => {
  test("a revoked token is told", async () => {
    const { shopify } = holder.session.world;
    shopify.revokeToken(custom.token);
    expect(await failedUp()).toContain("?");
    expectNoServer();
    shopify.app("erpnext-sync").tokens = [{ token: custom.token }];
  });

  test("a missing scope is named", async () => {
    const { shopify } = holder.session.world;
    shopify.setScopes("erpnext-sync", ["read_products", "read_customers", "read_locations", "read_inventory"]);
    expect(await failedUp()).toContain("?");
    expectNoServer();
    shopify.setScopes("erpnext-sync", playbookScopes);
  });

  test("a shop in another currency than the company's is told", async () => {
    const { state } = holder.session.world.shopify.shop() as { state: { currency: string } };
    state.currency = "USD";
    expect(await failedUp()).toContain("?");
    expectNoServer();
    state.currency = "EUR";
  });
});

describe("while the subscriptions are made", () => {
  test("a Shopify that keeps failing ends the update with a sentence, in bounded time", async () => {
    const { shopify } = holder.session.world;
    const recover = outage(shopify, { match: /mutation webhookSubscriptionCreate/, kind: "500" });
    const began = Date.now();
    expect(await failedUp()).toContain("?");
    expect(Date.now() - began).toBeLessThan(120_000);
    recover();
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
    expect(oneLine(said)).toContain("?");
    shopify.app("erpnext-sync").tokens = [{ token: custom.token }];
    succeeded(await session.destroy());
    expect(cloud.leftovers()).toEqual([]);
    expect(shopify.subscriptions().filter(({ appId }) => appId === shopify.app("erpnext-sync").id)).toEqual([]);
  });
});
