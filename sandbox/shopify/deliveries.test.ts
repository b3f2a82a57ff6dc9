import { createHmac } from "node:crypto";
import { demoCredentials, type ShopifyOptions } from "./index";
import { hookHost, startReceiver, type Receiver } from "./testing/receiver";
import { connectorUri, startWorld, subscribe, type World } from "./testing/world";
import { asShown } from "./rest/request";

let world: World;
let receiver: Receiver;

async function start(options: Partial<ShopifyOptions> = {}): Promise<void> {
  world = await startWorld({ dial: receiver.dial, ...options });
}

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(async () => {
  await world.stop();
  await receiver.close();
});

function topics(): (string | string[] | undefined)[] {
  return receiver.received.map(({ headers }) => headers["x-shopify-topic"]);
}

function hmac(body: string, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}

const minute = 60_000;

describe("a delivery", () => {
  it("carries Shopify's headers and the order, signed with the secret of the app that subscribed", async () => {
    await start();
    await subscribe(world, "ORDERS_CREATE", { input: { uri: connectorUri, name: "erpnext" } });
    const order = world.shopify.shop().createOrder({ note: "Für Käthe" });
    await world.shopify.waitForDeliveries();
    const [delivery] = receiver.received;
    expect(delivery?.path).toBe("/api/method/ecommerce_integrations.shopify.connection.store_request_data");
    expect(delivery?.headers).toMatchObject({
      host: hookHost,
      "content-type": "application/json",
      "user-agent": "Shopify-Captain-Hook",
      "x-shopify-topic": "orders/create",
      "x-shopify-hmac-sha256": hmac(delivery?.body ?? "", demoCredentials.custom.secret),
      "x-shopify-shop-domain": "demo-store.myshopify.com",
      "x-shopify-api-version": "2026-07",
      "x-shopify-webhook-id": expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      "x-shopify-event-id": expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      "x-shopify-triggered-at": "2026-11-23T12:00:00.000Z",
      "x-shopify-name": "erpnext",
    });
    expect(JSON.parse(delivery?.body ?? "")).toEqual(asShown(order));
    expect(world.shopify.deliveries()).toMatchObject([
      {
        topic: "ORDERS_CREATE",
        orderId: order.id,
        state: "delivered",
        attempts: [{ at: "2026-11-23T12:00:00.000Z", status: 200 }],
      },
    ]);
  });

  it("goes to every app that subscribed, with its own secret, and to no other topic", async () => {
    await start();
    await subscribe(world, "ORDERS_CREATE");
    await subscribe(world, "ORDERS_CANCELLED");
    await subscribe(world, "ORDERS_CREATE", { token: demoCredentials.stranger.token });
    world.shopify.shop().createOrder();
    await world.shopify.waitForDeliveries();
    const bodies = receiver.received.map(({ body, headers }) => [headers["x-shopify-hmac-sha256"], body] as const);
    expect(bodies.map(([signature]) => signature).sort()).toEqual(
      [demoCredentials.custom.secret, demoCredentials.stranger.secret]
        .map((secret) => hmac(bodies[0]?.[1] ?? "", secret))
        .sort(),
    );
    const events = new Set(receiver.received.map(({ headers }) => headers["x-shopify-event-id"]));
    const deliveries = new Set(receiver.received.map(({ headers }) => headers["x-shopify-webhook-id"]));
    expect([topics(), events.size, deliveries.size]).toEqual([["orders/create", "orders/create"], 1, 2]);
  });

  it("follows each of the merchant's actions, in order", async () => {
    await start();
    for (const topic of [
      "ORDERS_CREATE",
      "ORDERS_PAID",
      "ORDERS_PARTIALLY_FULFILLED",
      "ORDERS_FULFILLED",
      "ORDERS_CANCELLED",
    ]) {
      await subscribe(world, topic);
    }
    const shop = world.shopify.shop();
    const [mug] = shop.state.products;
    const order = shop.createOrder({ lines: [{ variantId: Number(mug?.variants[0]?.id), quantity: 3 }] });
    shop.payOrder(order.id);
    shop.fulfillOrder(order.id, new Map([[Number(order.line_items[0]?.id), 1]]));
    shop.fulfillOrder(order.id);
    shop.cancelOrder(order.id);
    await world.shopify.waitForDeliveries();
    expect(topics()).toEqual([
      "orders/create",
      "orders/paid",
      "orders/partially_fulfilled",
      "orders/fulfilled",
      "orders/cancelled",
    ]);
    const bodies = receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(bodies.map((body) => [body["financial_status"], body["fulfillment_status"], body["cancelled_at"]])).toEqual([
      ["pending", null, null],
      ["paid", null, null],
      ["paid", "partial", null],
      ["paid", "fulfilled", null],
      ["refunded", "fulfilled", "2026-11-23T12:00:00Z"],
    ]);
    expect(bodies[3]?.["fulfillments"]).toMatchObject([
      { line_items: [{ quantity: 1 }] },
      { line_items: [{ quantity: 2 }] },
    ]);
    expect(() => shop.fulfillOrder(order.id)).toThrow('order "#1019" has not that much left to fulfill');
  });

  it("of a refund is the refund, not the order", async () => {
    await start();
    await subscribe(world, "REFUNDS_CREATE");
    const shop = world.shopify.shop();
    const { id, line_items: lines } = shop.createOrder({ paid: true });
    const back = {
      line_item_id: lines[0]!.id,
      quantity: 1,
      restock_type: "return",
      subtotal: 5,
      total_tax: 0.8,
    } as const;
    const { financial_status: status } = shop.refundOrder(id, { amount: 500, lines: [back] });
    await world.shopify.waitForDeliveries();
    expect(status).toBe("partially_refunded");
    expect(receiver.received.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { order_id: id, refund_line_items: [back], transactions: [{ kind: "refund", amount: "5.00" }] },
    ]);
  });

  it("of a paid order is create and paid", async () => {
    await start();
    await subscribe(world, "ORDERS_PAID");
    await subscribe(world, "ORDERS_CREATE");
    world.shopify.shop().createOrder({ paid: true });
    await world.shopify.waitForDeliveries();
    expect(topics()).toEqual(["orders/create", "orders/paid"]);
  });

  it("keeps to the fields and the filter of its subscription; a filter by an unknown field never delivers", async () => {
    await start();
    const input = { uri: connectorUri, includeFields: ["id", "test"] };
    await subscribe(world, "ORDERS_CREATE", { input: { ...input, filter: "test:true" } });
    await subscribe(world, "ORDERS_CREATE", { input: { ...input, filter: "tset:true" } });
    await subscribe(world, "ORDERS_CREATE", { input: { ...input, filter: "id:>5800000001020" } });
    const shop = world.shopify.shop();
    const orders = [shop.createOrder(), shop.createOrder({ test: true }), shop.createOrder()];
    await world.shopify.waitForDeliveries();
    expect(receiver.received.map(({ body }) => body).sort()).toEqual([
      `{"id":${String(orders[1]?.id)},"test":true}`,
      `{"id":${String(orders[2]?.id)},"test":false}`,
    ]);
  });

  it("is signed with the oldest secret until that is revoked", async () => {
    await start();
    await subscribe(world, "ORDERS_CREATE");
    world.shopify.addSecret("erpnext-sync", "shpss_next");
    world.shopify.shop().createOrder();
    await world.shopify.waitForDeliveries();
    world.shopify.revokeSecret("erpnext-sync", demoCredentials.custom.secret);
    world.shopify.shop().createOrder();
    await world.shopify.waitForDeliveries();
    const secrets = [demoCredentials.custom.secret, "shpss_next"];
    expect(receiver.received.map(({ headers }) => headers["x-shopify-hmac-sha256"])).toEqual(
      receiver.received.map(({ body }, index) => hmac(body, secrets[index] ?? "")),
    );
  });
});

describe("a failed delivery", () => {
  it("is tried eight times more over four hours with growing gaps, always the same", async () => {
    await start({ deliveryLimits: { failuresBeforeRemoval: 100 } });
    await subscribe(world, "ORDERS_CREATE");
    receiver.answer(500);
    const order = world.shopify.shop().createOrder();
    await world.shopify.waitForDeliveries();
    const [delivery] = world.shopify.deliveries();
    const times = delivery?.attempts.map(({ at }) => Date.parse(at)) ?? [];
    const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / minute);
    expect(gaps).toEqual([1, 2, 4, 8, 15, 30, 60, 120]);
    expect(delivery).toMatchObject({ orderId: order.id, state: "failed" });
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(1);
  });

  it("is over with the first 2xx, and the count of failures starts again", async () => {
    await start();
    await subscribe(world, "ORDERS_CREATE");
    receiver.answer(500, 302, 417, 404, 500, 500, 500, 201);
    world.shopify.shop().createOrder();
    await world.shopify.waitForDeliveries();
    expect(world.shopify.deliveries()[0]?.attempts.map(({ status }) => status)).toEqual([
      500, 302, 417, 404, 500, 500, 500, 201,
    ]);
    expect(world.shopify.deliveries()[0]?.state).toBe("delivered");
    expect(world.shopify.subscriptions()).toMatchObject([{ consecutiveFailures: 0 }]);
  });

  it("takes the subscription with it when it is the eighth in a row", async () => {
    await start();
    await subscribe(world, "ORDERS_CREATE");
    await subscribe(world, "ORDERS_PAID");
    receiver.answer(500);
    world.shopify.shop().createOrder();
    await world.shopify.waitForDeliveries();
    expect(world.shopify.subscriptions().map(({ topic }) => topic)).toEqual(["ORDERS_PAID"]);
    expect(world.shopify.removedSubscriptions()).toMatchObject([
      {
        topic: "ORDERS_CREATE",
        reason: "failed-deliveries",
        consecutiveFailures: 8,
        removedAt: "2026-11-23T14:00:00.000Z",
      },
    ]);
    expect(receiver.received).toHaveLength(8);
    expect(world.shopify.deliveries()[0]?.state).toBe("dropped");
    receiver.answer(200);
    world.shopify.shop().createOrder();
    await world.shopify.waitForDeliveries();
    expect(receiver.received).toHaveLength(8);
  });

  it("goes to the old address even after the subscription moved", async () => {
    await start();
    const { webhookSubscription } = await subscribe(world, "ORDERS_CREATE");
    receiver.answer(500, 200);
    world.shopify.holdDeliveries();
    world.shopify.shop().createOrder();
    await world.graphql(
      `mutation ($id: ID!) { webhookSubscriptionUpdate(id: $id, webhookSubscription: { uri: "https://${hookHost}/new" }) { userErrors { field } } }`,
      { variables: { id: webhookSubscription?.id } },
    );
    world.shopify.releaseDeliveries();
    await world.shopify.waitForDeliveries();
    expect(new Set(receiver.received.map(({ path }) => path)).size).toBe(1);
    expect(receiver.received[0]?.path).not.toBe("/new");
  });
});

describe("Shopify's bad days", () => {
  it("bring paid before create", async () => {
    await start();
    await subscribe(world, "ORDERS_CREATE");
    await subscribe(world, "ORDERS_PAID");
    world.shopify.holdDeliveries();
    world.shopify.shop().createOrder({ paid: true });
    await world.shopify.waitForDeliveries();
    expect(world.shopify.deliveries().map(({ state }) => state)).toEqual(["held", "held"]);
    world.shopify.releaseDeliveries("reversed");
    await world.shopify.waitForDeliveries();
    expect(topics()).toEqual(["orders/paid", "orders/create"]);
  });

  it("bring the same delivery twice, with the same ids", async () => {
    await start();
    await subscribe(world, "ORDERS_CREATE");
    world.shopify.duplicateDeliveries(2);
    world.shopify.shop().createOrder();
    await world.shopify.waitForDeliveries();
    const ids = receiver.received.map(({ headers }) => headers["x-shopify-webhook-id"]);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  it("lose a subscription", async () => {
    await start();
    await subscribe(world, "ORDERS_CREATE");
    await subscribe(world, "ORDERS_PAID");
    world.shopify.loseSubscription("ORDERS_CREATE");
    expect(world.shopify.subscriptions().map(({ topic }) => topic)).toEqual(["ORDERS_PAID"]);
    expect(world.shopify.removedSubscriptions()).toMatchObject([{ topic: "ORDERS_CREATE", reason: "lost" }]);
    world.shopify.shop().createOrder({ paid: true });
    await world.shopify.waitForDeliveries();
    expect(topics()).toEqual(["orders/paid"]);
  });

  it("end with the stand-in: what was due is dropped", async () => {
    await start({ deliveryLimits: { totalTimeoutMs: 60_000 } });
    await subscribe(world, "ORDERS_CREATE");
    receiver.answer(0);
    world.shopify.shop().createOrder();
    while (receiver.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await world.shopify.close();
    expect(world.shopify.deliveries()).toMatchObject([{ state: "dropped", attempts: [] }]);
  });
});
