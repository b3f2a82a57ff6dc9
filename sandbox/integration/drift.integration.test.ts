import { settings } from "../vm/cloud-view";
import { exportedState, planOf, succeeded, useWarmSession } from "./testing";

const holder = useWarmSession();

/** What someone did by hand: `refresh` has to see it at these resources and no others, and `refresh` and `up` to undo it. */
async function expectSeen(...names: string[]): Promise<void> {
  const { session } = holder;
  const seen = await session.run("refresh", ["--preview-only", "--expect-no-changes"]);
  expect(seen.code).not.toBe(0);
  const changed = [...seen.stdout.matchAll(/^ [~-]\s+\S+ (.+) (?:delete|update)\b/gm)].map(([, name]) => name);
  expect([...new Set(changed)].sort()).toEqual([...names].sort());
  succeeded(await session.refresh());
}

async function putBack(): Promise<void> {
  const { session } = holder;
  succeeded(await session.up());
  succeeded(await session.refresh(["--expect-no-changes"]));
  expect(await planOf(session)).toEqual([]);
}

function setting(): Record<string, unknown> {
  return { ...holder.session.world.vm.erpnext?.documents("Shopify Setting")[0] };
}

/** The connector's own list of its subscriptions, as topic and id at Shopify. */
function connectorTable(): unknown[] {
  const rows = setting()["webhooks"] as { method: string; webhook_id: string }[];
  return rows.map(({ method, webhook_id }) => [method, webhook_id]).sort();
}

function shopifyList(): unknown[] {
  const { shopify } = holder.session.world;
  return shopify
    .subscriptions()
    .map(({ topic, id }) => [topic.toLowerCase().replace("_", "/"), String(id)])
    .sort();
}

test("a subscription that Shopify took away is named, restored, and known to the connector by its new id", async () => {
  const { shopify } = holder.session.world;
  const before = new Map(shopify.subscriptions().map(({ topic, id }) => [topic, id]));
  shopify.loseSubscription("ORDERS_PAID");
  await expectSeen("webhooks-orders-paid");
  await putBack();
  const after = new Map(shopify.subscriptions().map(({ topic, id }) => [topic, id]));
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  expect(after.get("ORDERS_PAID")).not.toBe(before.get("ORDERS_PAID"));
  expect(connectorTable()).toEqual(shopifyList());
});

test("a subscription that was bent to another address gets its own back, and keeps its id", async () => {
  const { shopify } = holder.session.world;
  const [subscription] = shopify.subscriptions().filter(({ topic }) => topic === "ORDERS_CREATE");
  const bent = shopify
    .shop()
    .updateSubscription(shopify.app("erpnext-sync"), subscription?.id ?? 0, { uri: "https://elsewhere.example/in" });
  expect(bent.ok).toBe(true);
  await expectSeen("webhooks-orders-create");
  await putBack();
  const [restored] = shopify.subscriptions().filter(({ topic }) => topic === "ORDERS_CREATE");
  expect([restored?.id, restored?.uri]).toEqual([subscription?.id, subscription?.uri]);
});

test("a field of Shopify Setting that someone changed in ERPNext is seen and put back", async () => {
  await holder.session.frappe().update("Shopify Setting", "Shopify Setting", { sync_delivery_note: 0 });
  await expectSeen("settings-shopify-setting");
  await putBack();
  expect(setting()).toMatchObject({ sync_delivery_note: 1, enable_shopify: 1 });
});

test("a connector that someone switched off is enabled again, with the subscriptions that it has", async () => {
  await holder.session.frappe().update("Shopify Setting", "Shopify Setting", { enable_shopify: 0 });
  expect(connectorTable()).toEqual([]);
  await expectSeen("settings-shopify-setting");
  await putBack();
  expect(setting()).toMatchObject({ enable_shopify: 1 });
  expect(connectorTable()).toEqual(shopifyList());
  expect(shopifyList()).toHaveLength(5);
});

test("a firewall that was deleted and a DNS record that was edited come back, and deliveries with them", async () => {
  const { cloud, shopify, vm } = holder.session.world;
  const firewall = cloud.find("gcp:compute/firewall:Firewall", ({ id }) => id.endsWith("-web"));
  const record = cloud.find(
    "cloudflare:index/dnsRecord:DnsRecord",
    (candidate) => settings(candidate)["name"] === "hooks.demo-store.example",
  );
  const address = settings(record!)["content"];
  cloud.remove(firewall!);
  cloud.mutate(record!, { inputs: { content: "198.51.100.7" } });

  await expectSeen("network-web", "hook-record");
  await putBack();
  expect(settings(cloud.find(record!.type, ({ id }) => id === record!.id)!)["content"]).toBe(address);
  const order = shopify.shop().createOrder();
  await shopify.waitForDeliveries();
  await vm.forwarded();
  expect(vm.erpnext?.documents("Sales Order", { shopify_order_id: String(order.id) })).toHaveLength(1);
  expect(
    (await exportedState(holder.session)).resources.filter(({ urn }) => urn.endsWith("::network-web")),
  ).toHaveLength(1);
});
