import { setTimeout as sleep } from "node:timers/promises";

import type { ShopifyQueries } from "../../../clients/shopify";
import { NEWEST_ORDERS, ORDER_FIND, type TestedOrder } from "../../../clients/shopify-test-orders";
import { UserError } from "../../../core/user-error";
import { archivedOrder } from "./archived";
import type { ArchivedOrder, Drive, DrivenOrder, Tidied } from "./drive";
import type { Pace } from "./erpnext";

export interface HandDriveOptions {
  readonly shopify: ShopifyQueries;
  readonly customer: string;
  readonly shopDomain: string;
  /** How long a person is waited for, and how often Shopify is asked meanwhile. */
  readonly pace: Pace;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Says what to do. */
  readonly ask: (line: string) => void;
}

/** A person does it in Shopify's admin. No key is to be pressed here: what was done shows in Shopify. */
export class HandDrive implements Drive {
  readonly name = "hand";
  readonly #orders: DrivenOrder[] = [];

  constructor(private readonly options: HandDriveOptions) {}

  async place(quantity: number): Promise<DrivenOrder> {
    const known = new Set((await this.newest()).map(({ id }) => id));
    const pieces = quantity === 1 ? "1 piece" : `${quantity} pieces`;
    this.ask(
      `make an order (Orders > Create order) of ${pieces} of one product that still exists, with "Payment due later"`,
    );
    const order = await this.wait(async () => (await this.newest()).find(({ id }) => !known.has(id)));
    const made = { id: order.legacyResourceId, name: order.name };
    this.#orders.push(made);
    return made;
  }

  pay(order: DrivenOrder): Promise<void> {
    return this.follow(order, "collect the payment by Mark as paid", (now) => now.displayFinancialStatus === "PAID");
  }

  ship(order: DrivenOrder, quantity: number): Promise<void> {
    return this.follow(
      order,
      `fulfil ${quantity} piece of it (Fulfill items)`,
      ({ displayFulfillmentStatus: status }) => status === "FULFILLED" || status === "PARTIALLY_FULFILLED",
    );
  }

  cancel(order: DrivenOrder): Promise<void> {
    return this.follow(order, "cancel it (More actions > Cancel order)", ({ cancelledAt }) => cancelledAt !== null);
  }

  async archived(candidate: DrivenOrder | undefined): Promise<ArchivedOrder | undefined> {
    if (candidate === undefined) return undefined;
    await this.follow(candidate, "archive it (More actions > Archive)", ({ closedAt }) => closedAt !== null);
    const order = await this.find(candidate);
    return order === null ? undefined : archivedOrder(order);
  }

  proof(): string {
    return "by hand";
  }

  tidy(): Promise<Tidied> {
    const left = this.#orders.map(({ name }) => `Shopify order ${name}: delete or archive it in the admin`);
    return Promise.resolve({ done: [], left });
  }

  private async follow(order: DrivenOrder, what: string, happened: (now: TestedOrder) => boolean): Promise<void> {
    this.ask(`open order ${order.name} and ${what}`);
    await this.wait(async () => {
      const now = await this.find(order);
      return now !== null && happened(now) ? now : undefined;
    });
  }

  private ask(what: string): void {
    this.options.ask(`In the admin of ${this.options.shopDomain}: ${what}. It is noticed here by itself.`);
  }

  private async newest(): Promise<readonly TestedOrder[]> {
    return (await this.options.shopify.query(NEWEST_ORDERS, { query: null })).orders.nodes;
  }

  private async find({ id }: DrivenOrder): Promise<TestedOrder | null> {
    return (await this.options.shopify.query(ORDER_FIND, { id: `gid://shopify/Order/${id}` })).order;
  }

  private async wait<T>(look: () => Promise<T | undefined>): Promise<T> {
    const { pace, signal, customer } = this.options;
    const deadline = performance.now() + pace.limitMs;
    for (;;) {
      const seen = await look();
      if (seen !== undefined) return seen;
      if (signal.aborted || performance.now() > deadline) {
        const what = signal.aborted ? "interrupted" : `nothing was done for ${Math.round(pace.limitMs / 1000)} s`;
        throw new UserError({ what, customer, next: "run the command again when someone is at Shopify's admin" });
      }
      await sleep(pace.pauseMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }
}
