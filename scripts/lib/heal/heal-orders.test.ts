import { setTimeout as sleep } from "node:timers/promises";

import type { ErpnextOrder, LogEntry, ShopifyOrder } from "../../../reconciliation/order";
import {
  deliveryNote,
  erpnextOrder,
  logEntry,
  salesInvoice,
  salesOrder,
  shopifyOrder,
} from "../../../reconciliation/testing/world";
import { DoorUnreachable, type Delivery } from "./delivery";
import { healOrder, type Means } from "./heal-order";
import { healOrders } from "./heal-orders";

/** What the connector runs for each event, as its log names it. */
const METHODS: Readonly<Record<string, string>> = {
  "orders/create": "ecommerce_integrations.shopify.order.sync_sales_order",
  "orders/paid": "ecommerce_integrations.shopify.invoice.prepare_sales_invoice",
  "orders/fulfilled": "ecommerce_integrations.shopify.fulfillment.prepare_delivery_note",
  "orders/partially_fulfilled": "ecommerce_integrations.shopify.fulfillment.prepare_delivery_note",
  "orders/cancelled": "ecommerce_integrations.shopify.order.cancel_order",
};

/** A connector that makes of a delivery what a script says, in its own time. */
class Connector {
  readonly shopify = new Map<string, ShopifyOrder>();
  readonly erpnext = new Map<string, ErpnextOrder>();
  readonly entries: LogEntry[] = [];
  readonly deliveries: string[] = [];
  most = 0;
  /** What becomes of each delivery; default: what the event is for. */
  script: (delivery: Delivery, id: string) => Partial<LogEntry> | "nothing" = () => ({ status: "Success" });
  #under = 0;

  constructor(...orders: readonly ShopifyOrder[]) {
    for (const order of orders) this.shopify.set(order.id, order);
  }

  means(more: Partial<Means> = {}): Means {
    const found = <T>(map: ReadonlyMap<string, T>, ids: readonly string[]): T[] =>
      ids.flatMap((id) => map.get(id) ?? []);
    return {
      wanted: { salesInvoices: true, deliveryNotes: true },
      shopify: { withIds: (ids) => Promise.resolve(found(this.shopify, ids)) },
      erpnext: {
        withIds: (ids) => Promise.resolve(found(this.erpnext, ids)),
        logs: ([order]) =>
          Promise.resolve(new Map([[order!.id, this.entries.filter(({ orderId }) => orderId === order!.id)]])),
      },
      orderText: (id) => Promise.resolve(this.shopify.has(id) ? JSON.stringify({ id }) : undefined),
      deliver: (delivery) => this.#take(delivery),
      waitMs: 300,
      lookMs: 1,
      signal: new AbortController().signal,
      ...more,
    };
  }

  async #take(delivery: Delivery): Promise<void> {
    const { id } = JSON.parse(delivery.body) as { id: string };
    this.#under += 1;
    this.most = Math.max(this.most, this.#under);
    this.deliveries.push(`${id} ${delivery.event}`);
    await sleep(5);
    this.#under -= 1;
    const outcome = this.script(delivery, id);
    const name = `log-${this.entries.length}`;
    const method = METHODS[delivery.event] ?? "";
    if (outcome === "nothing") return void this.entries.push(logEntry(id, { name, method, status: "Queued" }));
    this.entries.push(logEntry(id, { name, method, ...outcome }));
    if (outcome.status === "Success") this.#make(delivery.event, id);
  }

  #make(event: Delivery["event"], id: string): void {
    const known = this.erpnext.get(id) ?? erpnextOrder(id);
    const more: Partial<ErpnextOrder> =
      event === "orders/paid"
        ? { invoices: [salesInvoice(`SI-${id}`)] }
        : event === "orders/cancelled"
          ? { salesOrders: known.salesOrders.map((order) => ({ ...order, docstatus: 2 as const })) }
          : event === "orders/create"
            ? {}
            : { deliveryNotes: [deliveryNote(`DN-${id}`, { fulfilment: `${id}1` })] };
    this.erpnext.set(id, { ...known, ...more });
  }
}

const complete = { financialStatus: "PAID", fulfillmentStatus: "FULFILLED" };
const five = { id: "5", name: "#5" };

describe("one order", () => {
  test("gets create, paid and fulfilled in that sequence, each once", async () => {
    const connector = new Connector(shopifyOrder("5", complete));
    expect(await healOrder(five, connector.means())).toEqual({
      ...five,
      outcome: "healed",
      delivered: ["orders/create", "orders/paid", "orders/fulfilled"],
      why: "",
    });
    expect((await healOrder(five, connector.means())).delivered).toEqual([]);
    expect(connector.deliveries).toEqual(["5 orders/create", "5 orders/paid", "5 orders/fulfilled"]);
  });

  test("gets cancelled when it is there", async () => {
    const connector = new Connector(shopifyOrder("5", { cancelledAt: "2026-10-06T08:00:00Z" }));
    connector.erpnext.set("5", erpnextOrder("5"));
    expect(await healOrder(five, connector.means())).toMatchObject({
      outcome: "healed",
      delivered: ["orders/cancelled"],
    });
  });

  test("is not judged by a delivery of Shopify's own about another event that lands meanwhile", async () => {
    const connector = new Connector(shopifyOrder("5", complete));
    connector.script = ({ event }, id) => {
      const other = event === "orders/paid" ? "orders/fulfilled" : "orders/paid";
      const entry = { name: `own-${connector.entries.length}`, method: METHODS[other] ?? "", message: "not ours" };
      connector.entries.push(logEntry(id, { ...entry, status: "Error" }));
      return { status: "Success" };
    };
    expect(await healOrder(five, connector.means())).toMatchObject({ outcome: "healed", why: "" });
  });

  test("fails with the connector's own words, after which nothing more is delivered", async () => {
    const connector = new Connector(shopifyOrder("5", complete));
    connector.entries.push(logEntry("5", { name: "old", message: "old words" }));
    connector.script = () => ({ status: "Error", message: "no such tax" });
    expect(await healOrder(five, connector.means())).toMatchObject({ outcome: "failed", why: "no such tax" });
    expect(connector.deliveries).toEqual(["5 orders/create"]);
  });

  test.each([
    ["Success", "orders/create was taken and it changed nothing"],
    ["Invalid", 'orders/create was taken and the connector said "Sales order already exists, not synced"'],
  ] as const)("is not delivered twice when %s changed nothing", async (status, why) => {
    const connector = new Connector(shopifyOrder("5"));
    const message = "Sales order already exists, not synced";
    connector.script = () => ({ status, message });
    const means = connector.means();
    const never = { ...means.erpnext, withIds: () => Promise.resolve([]) };
    expect(await healOrder(five, { ...means, erpnext: never })).toMatchObject({ outcome: "failed", why });
    expect(connector.deliveries).toHaveLength(1);
  });

  test("that someone else made meanwhile is whole", async () => {
    const connector = new Connector(shopifyOrder("5"));
    connector.script = (_, id) => {
      connector.erpnext.set(id, erpnextOrder(id));
      return { status: "Invalid", message: "Sales order already exists, not synced" };
    };
    expect(await healOrder(five, connector.means())).toMatchObject({ outcome: "healed" });
  });

  test("is tried again when transactions got into each other's way, but not forever", async () => {
    const connector = new Connector(shopifyOrder("5"));
    const deadlock = { status: "Error", message: "(1213, 'Deadlock found when trying to get lock')" } as const;
    connector.script = () => (connector.deliveries.length < 3 ? deadlock : { status: "Success" });
    expect(await healOrder(five, connector.means())).toMatchObject({ outcome: "healed" });
    const stubborn = new Connector(shopifyOrder("5"));
    stubborn.script = () => deadlock;
    expect(await healOrder(five, stubborn.means())).toMatchObject({ outcome: "failed" });
    expect(stubborn.deliveries).toHaveLength(3);
  });

  test("that stays in the queue is unanswered", async () => {
    const connector = new Connector(shopifyOrder("5"));
    connector.script = () => "nothing";
    expect(await healOrder(five, connector.means({ waitMs: 20 }))).toMatchObject({
      outcome: "unanswered",
      delivered: ["orders/create"],
      why: "orders/create was not processed in 0.02 s",
    });
  });

  test("that is gone, doubled or interrupted is not delivered", async () => {
    const connector = new Connector(shopifyOrder("6"), shopifyOrder("7"));
    connector.erpnext.set("6", erpnextOrder("6", { salesOrders: [salesOrder("SO-1"), salesOrder("SO-2")] }));
    const heal = async (id: string, more: Partial<Means> = {}): Promise<string[]> => {
      const { outcome, why } = await healOrder({ id, name: id }, connector.means(more));
      return [outcome, why];
    };
    expect(await heal("5")).toEqual(["failed", "it is gone from Shopify"]);
    expect(await heal("6")).toEqual(["failed", "SO-1, SO-2 are all of this order"]);
    expect(await heal("7", { signal: AbortSignal.abort() })).toEqual(["stopped", "interrupted"]);
    expect(await heal("7", { orderText: () => Promise.resolve(undefined) })).toEqual([
      "failed",
      "it is gone from Shopify",
    ]);
    expect(connector.deliveries).toEqual([]);
  });
});

describe("many orders", () => {
  const ids = Array.from({ length: 12 }, (_, index) => String(index + 10));
  const orders = ids.map((id) => shopifyOrder(id));

  test("are begun in their sequence, and no more than asked for are under way", async () => {
    const connector = new Connector(...orders);
    const seen: string[] = [];
    const onResult = ({ id }: { id: string }): void => void seen.push(id);
    const { results, stoppedBy } = await healOrders(orders, connector.means(), { inFlight: 3, onResult });
    expect([results.length, seen.length, stoppedBy, connector.most]).toEqual([12, 12, undefined, 3]);
    expect(connector.deliveries).toEqual(ids.map((id) => `${id} orders/create`));
  });

  test("one that fails does not keep the others", async () => {
    const connector = new Connector(...orders);
    connector.script = (_, id) => (id === "11" ? { status: "Error", message: "no" } : { status: "Success" });
    const { results } = await healOrders(orders, connector.means(), { inFlight: 1, onResult: () => undefined });
    expect(results.map(({ outcome }) => outcome).filter((outcome) => outcome === "failed")).toHaveLength(1);
    expect(results).toHaveLength(12);
  });

  test("end when three in a row go unanswered, and not for two", async () => {
    const connector = new Connector(...orders);
    let calls = 0;
    const deliver = (delivery: Delivery): Promise<void> => {
      calls += 1;
      if (calls === 3) return connector.means().deliver(delivery);
      return Promise.reject(new DoorUnreachable("the door is shut"));
    };
    const run = await healOrders(orders, connector.means({ deliver }), { inFlight: 1, onResult: () => undefined });
    expect(run.stoppedBy?.message).toBe("the door is shut");
    expect(run.results.map(({ outcome }) => outcome)).toEqual([
      "unanswered",
      "unanswered",
      "healed",
      "unanswered",
      "unanswered",
      "unanswered",
    ]);
  });

  test("end with an error of a client, and those under way come to their end", async () => {
    const connector = new Connector(...orders);
    const orderText = (id: string): Promise<string> =>
      id === "12" ? Promise.reject(new Error("the token was revoked")) : Promise.resolve(JSON.stringify({ id }));
    const run = await healOrders(orders, connector.means({ orderText }), { inFlight: 2, onResult: () => undefined });
    expect(run.stoppedBy?.message).toBe("the token was revoked");
    expect(run.results.every(({ outcome }) => outcome === "healed")).toBe(true);
    expect(connector.deliveries).toHaveLength(run.results.length);
  });

  test("end with an interruption", async () => {
    const connector = new Connector(...orders);
    const interruption = new AbortController();
    const onResult = (): void => {
      interruption.abort();
    };
    const run = await healOrders(orders, connector.means({ signal: interruption.signal }), { inFlight: 1, onResult });
    expect(run.results.map(({ outcome }) => outcome)).toEqual(["healed"]);
  });
});
