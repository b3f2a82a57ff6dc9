import type { Server } from "node:http";
import type { Clock } from "../clock";
import type { RequestLog } from "../request-log";
import type { App } from "./apps";
import type { Delivery, DeliveryQueue } from "./deliveries";
import type { FaultPlan, FaultRule } from "./faults";
import { LeakyBucket, type BucketSize } from "./leaky-bucket";
import type { ServerMeans } from "./server";
import type { Shop } from "./shop";
import type { RemovedSubscription, Subscription } from "./subscriptions";

export interface StandInParts {
  readonly shops: readonly Shop[];
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly buckets: Readonly<Record<"graphql" | "rest", BucketSize>>;
  /** Writes the state file. */
  readonly changed: () => void;
}

/** A running Shopify: what a merchant, Shopify's own operations and a test may do to it. Its clients use it through HTTP. */
export class ShopifyStandIn {
  readonly #parts: StandInParts;
  readonly #buckets = new Map<string, LeakyBucket>();
  #server: Server | undefined;
  #port = 0;

  constructor(parts: StandInParts) {
    this.#parts = parts;
  }

  /** http://127.0.0.1:<port>; requests say in `Host` which shop they mean, and mean the first without a shop's name. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  attach(server: Server, port: number): void {
    this.#server = server;
    this.#port = port;
  }

  /** The shop of this domain, or the first one: where orders are made, paid, shipped and cancelled. */
  shop(domain?: string): Shop {
    const { shops } = this.#parts;
    const shop = domain === undefined ? shops[0] : shops.find(({ state }) => state.domain === domain);
    if (shop === undefined)
      throw new Error(`the Shopify stand-in has no shop "${domain ?? ""}"; the seed lists its shops`);
    return shop;
  }

  /** The app with this handle, for example "erpnext-sync". */
  app(handle: string, domain?: string): App {
    const app = this.shop(domain).state.apps.find((candidate) => candidate.handle === handle);
    if (app === undefined)
      throw new Error(`${this.shop(domain).state.domain} has no app "${handle}"; the seed lists its apps`);
    return app;
  }

  /** From now on this token is answered with 401. */
  revokeToken(token: string): void {
    this.#eachApp((app) => {
      app.tokens = app.tokens.filter((known) => known.token !== token);
    });
  }

  setScopes(handle: string, scopes: readonly string[], domain?: string): void {
    this.app(handle, domain).scopes = [...scopes];
    this.#parts.changed();
  }

  /** Whether the app's organisation owns the shop; if not, grants end in `shop_not_permitted`. */
  permitGrant(handle: string, permitted: boolean, domain?: string): void {
    this.app(handle, domain).grantPermitted = permitted;
    this.#parts.changed();
  }

  /** Takes the app's access to protected customer data away. */
  denyProtectedData(handle: string, denied: boolean, domain?: string): void {
    this.app(handle, domain).protectedDataDenied = denied;
    this.#parts.changed();
  }

  /** First half of a rotation: both secrets count, and deliveries are still signed with the old one. */
  addSecret(handle: string, secret: string, domain?: string): void {
    this.app(handle, domain).secrets.push(secret);
    this.#parts.changed();
  }

  /** Second half: deliveries are signed with the next oldest, and tokens that this secret was granted for die with it. */
  revokeSecret(handle: string, secret: string, domain?: string): void {
    const app = this.app(handle, domain);
    app.secrets = app.secrets.filter((known) => known !== secret);
    app.tokens = app.tokens.filter((known) => known.grantedTo !== secret);
    this.#parts.changed();
  }

  /** The next `times` requests that match fail in this way. */
  failNext(rule: FaultRule): void {
    this.#parts.faults.add(rule);
  }

  /** Leaves this many points in every GraphQL bucket, as after other calls of the same app. */
  throttle(points: number): void {
    for (const shop of this.#parts.shops) {
      for (const app of shop.state.apps) this.#bucket(shop, app, "graphql").drainTo(points);
    }
  }

  subscriptions(domain?: string): readonly Subscription[] {
    return this.shop(domain).state.subscriptions;
  }

  /** Subscriptions that Shopify took away, with the reason. */
  removedSubscriptions(domain?: string): readonly RemovedSubscription[] {
    return this.shop(domain).state.removedSubscriptions;
  }

  /** Shopify removes the subscriptions of a topic (ORDERS_CREATE) of its own accord, of every app. */
  loseSubscription(topic: string, domain?: string): void {
    const shop = this.shop(domain);
    for (const subscription of shop.state.subscriptions.filter((candidate) => candidate.topic === topic)) {
      shop.removeSubscription(subscription, "lost");
    }
  }

  deliveries(): readonly Delivery[] {
    return this.#parts.queue.records;
  }

  /** Resolves when nothing is under way and no retry is due; deliveries that are held back do not count. */
  async waitForDeliveries(): Promise<void> {
    await this.#parts.queue.idle();
  }

  /** Keeps all further deliveries back until they are released. */
  holdDeliveries(): void {
    this.#parts.queue.hold();
  }

  /** Sends what was held back, one after the other. "reversed" brings orders/paid before orders/create. */
  releaseDeliveries(order: "triggered" | "reversed" = "triggered"): void {
    this.#parts.queue.release(order);
  }

  /** Sends each further delivery this many times, with the same ids. */
  duplicateDeliveries(copies: number): void {
    this.#parts.queue.duplicate(copies);
  }

  /** Stops listening and sending. Retries that were due are dropped. */
  async close(): Promise<void> {
    await this.#parts.queue.close();
    const server = this.#server;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  }

  serverMeans(log: RequestLog): ServerMeans {
    const { clock, faults, changed } = this.#parts;
    return {
      clock,
      log,
      faults,
      changed,
      shopFor: (host) => this.#shopFor(host),
      bucketFor: (shop, app, api) => this.#bucket(shop, app, api),
    };
  }

  #shopFor(host: string): Shop | undefined {
    const hostname = host.replace(/:\d+$/, "");
    if (["127.0.0.1", "localhost"].includes(hostname)) return this.#parts.shops[0];
    return this.#parts.shops.find(({ state }) => state.domain === hostname);
  }

  #bucket(shop: Shop, app: App, api: "graphql" | "rest"): LeakyBucket {
    const key = `${shop.state.domain}/${app.id}/${api}`;
    const bucket = this.#buckets.get(key) ?? new LeakyBucket(this.#parts.buckets[api], this.#parts.clock);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #eachApp(change: (app: App) => void): void {
    for (const shop of this.#parts.shops) shop.state.apps.forEach(change);
    this.#parts.changed();
  }
}
