import type { ConnectorEvent } from "../../../core/connector";
import { NEWEST_ORDERS } from "../../../clients/shopify-test-orders";
import type { ShopifyQueries } from "../../../clients/shopify";
import type { Door } from "../cli/open-customer";
import { deliver } from "../signed-delivery";
import { newestArchived } from "./archived";
import type { ArchivedOrder, Drive, DrivenOrder, Tidied } from "./drive";
import {
  cancelledOrder,
  fulfilledOrder,
  paidOrder,
  placedOrder,
  testIds,
  type OrderPayload,
  type Saleable,
  type ShopFacts,
} from "./order-payload";

export interface DeliveriesDriveOptions {
  readonly door: Door;
  readonly secret: string;
  readonly shopDomain: string;
  readonly facts: ShopFacts & { readonly product: Saleable };
  readonly shopify: ShopifyQueries;
  readonly now: Date;
}

/**
 * Makes up orders and delivers them as Shopify would, signed with the app's secret. Nothing happens at Shopify, so it proves
 * everything from the door on, but neither that Shopify delivers nor that this secret is the one that Shopify signs with.
 */
export class DeliveriesDrive implements Drive {
  readonly name = "deliveries";
  readonly #nextId: () => number;
  readonly #orders = new Map<string, OrderPayload>();
  readonly #answers = new Map<string, number>();

  constructor(private readonly options: DeliveriesDriveOptions) {
    this.#nextId = testIds(options.now);
  }

  async place(quantity: number): Promise<DrivenOrder> {
    const order = placedOrder(this.options.facts, { nextId: this.#nextId, quantity, at: new Date() });
    await this.send("orders/create", order);
    return { id: String(order.id), name: order.name };
  }

  async pay({ id }: DrivenOrder): Promise<void> {
    await this.send("orders/paid", paidOrder(this.payload(id), new Date()));
  }

  async ship({ id }: DrivenOrder, quantity: number): Promise<void> {
    const { timeZone } = this.options.facts;
    const shipment = { id: this.#nextId(), quantity, at: new Date(), timeZone };
    const order = fulfilledOrder(this.payload(id), shipment);
    await this.send(order.fulfillment_status === "partial" ? "orders/partially_fulfilled" : "orders/fulfilled", order);
  }

  async cancel({ id }: DrivenOrder): Promise<void> {
    await this.send("orders/cancelled", cancelledOrder(this.payload(id), new Date()));
  }

  /** One of the store's own: an order that is made up cannot be pulled from Shopify. */
  async archived(): Promise<ArchivedOrder | undefined> {
    const { orders } = await this.options.shopify.query(NEWEST_ORDERS, { query: "status:closed" });
    return newestArchived(orders.nodes);
  }

  proof(event: ConnectorEvent, { id }: DrivenOrder): string {
    const status = this.#answers.get(`${event} ${id}`);
    return status === undefined ? "not delivered" : `answered HTTP ${status}`;
  }

  tidy(): Promise<Tidied> {
    return Promise.resolve({ done: [], left: [] });
  }

  private payload(id: string): OrderPayload {
    const order = this.#orders.get(id);
    if (order === undefined) throw new TypeError(`there is no order ${id}`);
    return order;
  }

  private async send(event: ConnectorEvent, order: OrderPayload): Promise<void> {
    this.#orders.set(String(order.id), order);
    const { door, secret, shopDomain } = this.options;
    const { status } = await deliver(door, { topic: event, body: JSON.stringify(order), secret, shopDomain });
    this.#answers.set(`${event} ${order.id}`, status);
  }
}
