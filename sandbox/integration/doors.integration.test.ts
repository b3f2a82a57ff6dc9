import type { RestOrder } from "../shopify/rest-types";
import { longTitle } from "../shopify/seed";
import { eventually, succeeded, useSession } from "./testing";

/** Four hundred times as fast: Shopify's two hours to the eighth failure take 18 s besides, and a job's 300 s are 0.75 s. */
const holder = useSession({ clockRate: 400 });

beforeAll(async () => {
  succeeded(await holder.session.up());
});

function erpnext() {
  const { erpnext: standIn } = holder.session.world.vm;
  if (standIn === undefined) throw new Error("there is no ERPNext: the server is not up");
  return standIn;
}

/** What each delivery of an order came to: its topic, its state, and the statuses of its attempts. */
function deliveriesOf(order: RestOrder): [topic: string, state: string, statuses: (number | undefined)[]][] {
  return holder.session.world.shopify
    .deliveries()
    .filter(({ orderId }) => orderId === order.id)
    .map(({ topic, state, attempts }) => [topic, state, attempts.map(({ status }) => status)]);
}

async function arrived(): Promise<void> {
  await holder.session.world.shopify.waitForDeliveries();
  await holder.session.world.vm.forwarded();
}

function salesOrders(order: RestOrder): number {
  return erpnext().documents("Sales Order", { shopify_order_id: String(order.id) }).length;
}

function logStatuses(order: RestOrder): unknown[] {
  return erpnext()
    .logs()
    .filter(({ request_data: data }) => JSON.stringify(data).includes(String(order.id)))
    .map(({ status }) => status);
}

test("an order whose product has a title of 200 characters arrives", async () => {
  const shop = holder.session.world.shopify.shop();
  const platter = shop.state.products.find(({ title }) => title === longTitle);
  const order = shop.createOrder({ lines: [{ variantId: platter!.variants[0]!.id, quantity: 2 }] });
  expect(order.line_items[0]!.title).toHaveLength(200);
  await arrived();
  expect(deliveriesOf(order)).toEqual([["ORDERS_CREATE", "delivered", [200]]]);
  expect(logStatuses(order)).toEqual(["Success"]);
  expect(salesOrders(order)).toBe(1);
});

test("a delivery that comes three times makes one Sales Order", async () => {
  const { shopify } = holder.session.world;
  shopify.duplicateDeliveries(3);
  const order = shopify.shop().createOrder();
  shopify.duplicateDeliveries(1);
  await arrived();
  expect(deliveriesOf(order)).toEqual(Array(3).fill(["ORDERS_CREATE", "delivered", [200]]));
  expect(salesOrders(order)).toBe(1);
  expect(logStatuses(order)).toEqual(["Success"]);
});

test("paid before created makes the order first, and nothing is logged as Invalid", async () => {
  const { shopify } = holder.session.world;
  shopify.holdDeliveries();
  const order = shopify.shop().createOrder({ paid: true });
  shopify.releaseDeliveries("reversed");
  await arrived();
  expect(deliveriesOf(order).map(([topic, state]) => [topic, state])).toEqual([
    ["ORDERS_CREATE", "delivered"],
    ["ORDERS_PAID", "delivered"],
  ]);
  expect(logStatuses(order)).not.toContain("Invalid");
  expect(salesOrders(order)).toBe(1);
});

test("an order that is placed while ERPNext is down is received at once, and arrives once it is up", async () => {
  await erpnext().stop();
  const order = holder.session.world.shopify.shop().createOrder();
  await holder.session.world.shopify.waitForDeliveries();
  expect(deliveriesOf(order)).toEqual([["ORDERS_CREATE", "delivered", [200]]]);
  await erpnext().start();
  await arrived();
  expect(salesOrders(order)).toBe(1);
});

test("a door that stays shut loses its subscription after the eighth failure, and up brings it back", async () => {
  const { session } = holder;
  const { shopify, vm } = session.world;
  await vm.stopReceiving();
  const order = shopify.shop().createOrder();
  // Each of the eight tries takes the three seconds for which the receiver waits for its Redis.
  await eventually(() => shopify.removedSubscriptions()[0], 120_000);
  expect(shopify.removedSubscriptions().map(({ topic, reason }) => [topic, reason])).toEqual([
    ["ORDERS_CREATE", "failed-deliveries"],
  ]);
  expect(deliveriesOf(order)).toEqual([["ORDERS_CREATE", expect.anything(), Array(8).fill(503)]]);
  await vm.startReceiving();
  succeeded(await session.refresh());
  succeeded(await session.up());
  expect(shopify.subscriptions()).toHaveLength(5);
  const next = shopify.shop().createOrder();
  await arrived();
  expect(salesOrders(next)).toBe(1);
});
