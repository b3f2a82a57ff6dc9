import { setTimeout as sleep } from "node:timers/promises";

import { succeeded, useSession } from "./testing";

const holder = useSession();

const TOPIC = "pubsub://demo-store-erpnext:demo-store-deliveries";
const SUBSCRIPTION = "projects/demo-store-erpnext/subscriptions/demo-store-deliveries";
const INSTANCE = "gcp:compute/instance:Instance";

function deliverBy(way: "https" | "pubsub"): void {
  holder.session.editCustomer((document) => {
    document.setIn(["shopify", "delivery"], way);
  });
}

const addresses = (): string[] => [...new Set(holder.session.world.shopify.subscriptions().map(({ uri }) => uri))];

const expected: string[] = [];

/** Milliseconds in which an order reaches ERPNext, on a machine that does much else. */
const PATIENCE_MS = 120_000;

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > deadline) {
      const { pubsub } = holder.session.world;
      const state = { left: pubsub.unacknowledged(SUBSCRIPTION), isNotAsked: pubsub.isNotAsked(), booked: booked() };
      throw new Error(`not within ${PATIENCE_MS / 1000} s: ${JSON.stringify({ ...state, expected })}`);
    }
    await sleep(100);
  }
}

/** Numbers of Shopify's orders that ERPNext has. */
function booked(): string[] {
  const orders = holder.session.world.vm.erpnext?.documents("Sales Order") ?? [];
  return orders.map((order) => JSON.stringify(order["shopify_order_id"]).replaceAll('"', "")).sort();
}

async function placeOrders(count: number): Promise<string[]> {
  const shop = holder.session.world.shopify.shop();
  const orders = Array.from({ length: count }, () => String(shop.createOrder().id));
  await holder.session.world.shopify.waitForDeliveries();
  return orders;
}

test("Shopify delivers to a topic, and the server pulls", async () => {
  const { session } = holder;
  deliverBy("pubsub");
  succeeded(await session.up());
  expect(addresses()).toEqual([TOPIC]);
  expected.push(...(await placeOrders(2)));
  await until(() => session.world.pubsub.unacknowledged(SUBSCRIPTION) === 0);
  expect(booked()).toEqual([...expected].sort());
});

test("orders of a time without a server come by themselves when there is one again", async () => {
  const { session } = holder;
  const { cloud, vm, shopify, pubsub } = session.world;
  const [instance] = cloud.resources(INSTANCE);
  if (instance === undefined) throw new Error("there is no server");
  cloud.mutate(instance, { inputs: { desiredStatus: "TERMINATED" }, outputs: { currentStatus: "TERMINATED" } });
  await vm.settled();
  expected.push(...(await placeOrders(5)));
  expect(pubsub.unacknowledged(SUBSCRIPTION)).toBeGreaterThanOrEqual(5);
  expect(shopify.subscriptions()).toHaveLength(5);
  cloud.mutate(instance, { inputs: { desiredStatus: null }, outputs: { currentStatus: "RUNNING" } });
  await until(() => pubsub.unacknowledged(SUBSCRIPTION) === 0);
  expect(booked()).toEqual([...expected].sort());
});

test("the way back to the door brings what is still in Pub/Sub", async () => {
  const { session } = holder;
  const { vm, pubsub, cloud } = session.world;
  const takeBack = vm.google.faults.add({ match: /:pull$/, times: 1e6, effect: { status: 503, message: "away" } });
  // A question that is under way takes the next messages.
  await until(() => pubsub.isNotAsked());
  expected.push(...(await placeOrders(2)));
  expect(pubsub.unacknowledged(SUBSCRIPTION)).toBeGreaterThanOrEqual(2);
  deliverBy("https");
  process.env["ERPNEXT_DRAIN_QUIET_SECONDS"] = "5";
  succeeded(await session.up());
  takeBack();
  expect(addresses()).toEqual([expect.stringContaining("https://hooks.demo-store.example/") as string]);
  expect(cloud.resources("gcp:pubsub/topic:Topic")).toEqual([]);
  await until(() => booked().length === expected.length);
  expect(booked()).toEqual([...expected].sort());
  succeeded(await session.preview(["--expect-no-changes"]));
});
