import type { Clock } from "../clock";
import { allows } from "./access";
import type { App } from "./apps";
import {
  archivedOrder,
  cancelledOrder,
  fulfilledOrder,
  paidOrder,
  refundedOrder,
  type FulfilledQuantities,
  type RefundDraft,
} from "./order-actions";
import { OrderBook } from "./order-book";
import { buildOrder, type LineDraft } from "./order-builder";
import type { RestCustomer, RestOrder, RestProduct } from "./rest-types";
import type { ShopState } from "./state";
import {
  subscriptionErrors,
  withInput,
  type Candidate,
  type RemovedSubscription,
  type Subscription,
  type SubscriptionInput,
  type UserError,
} from "./subscriptions";

/** The next free id of a shop's orders is this plus the order's number. */
const orderIdBase = 5_800_000_000_000;

export interface NewOrder {
  /** Variant ids with quantities, and a discount in cents. Without lines: one piece of the first product. */
  readonly lines?: readonly { readonly variantId: number; readonly quantity: number; readonly discount?: number }[];
  /** Without a word: the first customer; null for none. */
  readonly customerId?: number | null;
  /** Paid at the till: orders/create and orders/paid both follow. */
  readonly paid?: boolean;
  /** Shipping price in cents; 490 without a word, null for none. */
  readonly shipping?: number | null;
  readonly note?: string;
  readonly test?: boolean;
  readonly tags?: readonly string[];
  readonly createdAt?: Date;
}

/** Told of each topic an action triggers, in the order in which it triggers them. */
export type Announce = (shop: Shop, topic: string, order: RestOrder) => void;

export type SubscriptionChange =
  | { readonly ok: true; readonly subscription: Subscription }
  | { readonly ok: false; readonly errors: readonly UserError[] };

export interface ShopHooks {
  readonly clock: Clock;
  /** Called after each change; writes the state file. */
  readonly changed: () => void;
  readonly announce: Announce;
}

/** One shop: its catalogue, its orders, and the subscriptions of its apps. */
export class Shop {
  readonly state: ShopState;
  readonly orders: OrderBook;
  readonly #hooks: ShopHooks;

  constructor(state: ShopState, hooks: ShopHooks) {
    this.state = state;
    this.#hooks = hooks;
    this.orders = new OrderBook(state.orders, state.history, () => ({
      products: state.products,
      customers: state.customers,
      currency: state.currency,
      locationId: this.locationId,
    }));
  }

  get locationId(): number {
    return this.state.locations[0]?.id ?? 0;
  }

  product(id: number): RestProduct | undefined {
    return this.state.products.find((product) => product.id === id);
  }

  customer(id: number): RestCustomer | undefined {
    return this.state.customers.find((customer) => customer.id === id);
  }

  /** @throws Error when there is none: the caller is a test that names an order it did not make. */
  order(id: number): RestOrder {
    const order = this.orders.get(id);
    if (order === undefined)
      throw new Error(`${this.state.domain} has no order ${id}; createOrder returns the id of a new one`);
    return order;
  }

  app(id: number): App | undefined {
    return this.state.apps.find((app) => app.id === id);
  }

  createOrder(wanted: NewOrder = {}): RestOrder {
    const at = wanted.createdAt ?? this.#hooks.clock.now();
    const customer = this.#customerOf(wanted);
    const shipping = wanted.shipping === undefined ? 490 : wanted.shipping;
    this.state.lastOrderNumber += 1;
    const number = this.state.lastOrderNumber;
    const open = buildOrder({
      id: orderIdBase + number,
      number,
      at,
      currency: this.state.currency,
      lines: this.#lines(wanted),
      tax: { title: "VAT", rate: 0.19, included: true },
      ...(customer === undefined ? {} : { customer }),
      ...(shipping === null ? {} : { shipping }),
      ...(wanted.note === undefined ? {} : { note: wanted.note }),
      ...(wanted.test === undefined ? {} : { test: wanted.test }),
      ...(wanted.tags === undefined ? {} : { tags: wanted.tags }),
    });
    const order = wanted.paid === true ? paidOrder(open, at) : open;
    this.#keep(order, wanted.paid === true ? ["ORDERS_CREATE", "ORDERS_PAID"] : ["ORDERS_CREATE"]);
    return order;
  }

  payOrder(id: number): RestOrder {
    return this.#keep(paidOrder(this.order(id), this.#hooks.clock.now()), ["ORDERS_PAID", "ORDERS_UPDATED"]);
  }

  /** Ships everything that is open, or the given quantities by line id: orders/fulfilled or orders/partially_fulfilled. */
  fulfillOrder(id: number, quantities?: FulfilledQuantities): RestOrder {
    const shipment = { locationId: this.locationId, ...(quantities === undefined ? {} : { quantities }) };
    const order = fulfilledOrder(this.order(id), this.#hooks.clock.now(), shipment);
    const topic = order.fulfillment_status === "fulfilled" ? "ORDERS_FULFILLED" : "ORDERS_PARTIALLY_FULFILLED";
    return this.#keep(order, [topic, "ORDERS_UPDATED"]);
  }

  cancelOrder(id: number): RestOrder {
    return this.#keep(cancelledOrder(this.order(id), this.#hooks.clock.now()), ["ORDERS_CANCELLED", "ORDERS_UPDATED"]);
  }

  refundOrder(id: number, draft: RefundDraft): RestOrder {
    const order = refundedOrder(this.order(id), this.#hooks.clock.now(), draft);
    return this.#keep(order, ["REFUNDS_CREATE", "ORDERS_UPDATED"]);
  }

  archiveOrder(id: number): RestOrder {
    return this.#keep(archivedOrder(this.order(id), this.#hooks.clock.now()), ["ORDERS_UPDATED"]);
  }

  /** Deletes an order for good: orders/delete. */
  deleteOrder(id: number): void {
    const order = this.order(id);
    this.orders.remove(id);
    this.#save();
    this.#hooks.announce(this, "ORDERS_DELETE", order);
  }

  /** Deletes a product; orders keep its title and lose its ids, as in Shopify. */
  deleteProduct(id: number): void {
    this.state.products = this.state.products.filter((product) => product.id !== id);
    for (const order of this.orders.stored) {
      if (!order.line_items.some((line) => line.product_id === id)) continue;
      const lines = order.line_items.map((line) =>
        line.product_id === id ? { ...line, product_id: null, variant_id: null, product_exists: false } : line,
      );
      this.orders.put({ ...order, line_items: lines });
    }
    this.#save();
  }

  bulkSeed(count: number): void {
    this.orders.setHistory({ count, until: this.#hooks.clock.now().toISOString() });
    this.#save();
  }

  subscriptionsOf(app: App): readonly Subscription[] {
    return this.state.subscriptions.filter((subscription) => subscription.appId === app.id);
  }

  subscribe(app: App, topic: string, input: SubscriptionInput): SubscriptionChange {
    if (topic.startsWith("ORDERS_") && !allows(app.scopes, "read_orders")) {
      const message = "You cannot create a webhook subscription with the specified topic";
      return { ok: false, errors: [{ field: ["webhookSubscription"], message }] };
    }
    if (topic.startsWith("ORDERS_") && app.protectedDataDenied === true) {
      const message = "This app is not approved to subscribe to webhook topics containing protected customer data";
      return { ok: false, errors: [{ field: ["webhookSubscription"], message }] };
    }
    const now = this.#hooks.clock.now().toISOString();
    const blank = {
      uri: "",
      format: "JSON",
      filter: null,
      includeFields: [],
      metafieldNamespaces: [],
      name: null,
    } as const;
    const id = this.state.lastSubscriptionId + 1;
    const candidate = withInput({ ...blank, id, appId: app.id, topic, createdAt: now, updatedAt: now }, input);
    const change = this.#accept(app, candidate);
    if (change.ok) {
      // Saved with it: a world that is copied from the file would else give the next one the same id.
      this.state.lastSubscriptionId = id;
      this.#save();
    }
    return change;
  }

  updateSubscription(app: App, id: number, input: SubscriptionInput): SubscriptionChange {
    const current = this.subscriptionsOf(app).find((subscription) => subscription.id === id);
    if (current === undefined) return { ok: false, errors: [unknownSubscription] };
    return this.#accept(app, { ...withInput(current, input), updatedAt: this.#hooks.clock.now().toISOString() });
  }

  /** @returns what Shopify has against it: nothing, or that the app has no such subscription. */
  unsubscribe(app: App, id: number): readonly UserError[] {
    const known = this.subscriptionsOf(app).some((subscription) => subscription.id === id);
    if (!known) return [unknownSubscription];
    this.state.subscriptions = this.state.subscriptions.filter((subscription) => subscription.id !== id);
    this.#save();
    return [];
  }

  /** Counts an attempt at a subscription, and takes the subscription away when it failed `limit` times in a row. */
  countAttempt(id: number, delivered: boolean, limit: number): void {
    const current = this.state.subscriptions.find((subscription) => subscription.id === id);
    if (current === undefined) return;
    const counted = { ...current, consecutiveFailures: delivered ? 0 : current.consecutiveFailures + 1 };
    if (counted.consecutiveFailures >= limit) {
      this.removeSubscription(counted, "failed-deliveries");
      return;
    }
    if (counted.consecutiveFailures !== current.consecutiveFailures) this.#put(counted);
  }

  removeSubscription(subscription: Subscription, reason: RemovedSubscription["reason"]): void {
    this.state.subscriptions = this.state.subscriptions.filter(({ id }) => id !== subscription.id);
    this.state.removedSubscriptions.push({ ...subscription, reason, removedAt: this.#hooks.clock.now().toISOString() });
    this.#save();
  }

  #accept(app: App, candidate: Candidate): SubscriptionChange {
    const others = this.subscriptionsOf(app).filter((other) => other.id !== candidate.id);
    const errors = subscriptionErrors(candidate, others);
    if (errors.length > 0) return { ok: false, errors };
    const subscription = { ...candidate, consecutiveFailures: 0 };
    this.#put(subscription);
    return { ok: true, subscription };
  }

  #put(subscription: Subscription): void {
    const rest = this.state.subscriptions.filter(({ id }) => id !== subscription.id);
    this.state.subscriptions = [...rest, subscription].sort((a, b) => a.id - b.id);
    this.#save();
  }

  #customerOf({ customerId }: NewOrder): RestCustomer | undefined {
    if (customerId === undefined) return this.state.customers[0];
    return customerId === null ? undefined : this.customer(customerId);
  }

  #lines(wanted: NewOrder): LineDraft[] {
    const variants = this.state.products.flatMap((product) =>
      product.variants.map((variant) => ({ product, variant })),
    );
    const [first] = variants;
    if (wanted.lines === undefined) return first === undefined ? [] : [{ ...first, quantity: 1 }];
    return wanted.lines.map(({ variantId, quantity, discount = 0 }) => {
      const found = variants.find(({ variant }) => variant.id === variantId);
      if (found === undefined)
        throw new Error(`${this.state.domain} has no variant ${variantId}; products() lists them`);
      return { ...found, quantity, discount };
    });
  }

  #keep(order: RestOrder, topics: readonly string[]): RestOrder {
    this.orders.put(order);
    this.#save();
    for (const topic of topics) this.#hooks.announce(this, topic, order);
    return order;
  }

  #save(): void {
    this.state.orders = [...this.orders.stored];
    if (this.orders.history !== undefined) this.state.history = this.orders.history;
    this.#hooks.changed();
  }
}

const unknownSubscription: UserError = { field: ["id"], message: "Webhook subscription does not exist" };
