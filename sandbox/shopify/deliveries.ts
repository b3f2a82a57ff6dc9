import type { Clock } from "../clock";
import type { App } from "./apps";
import { attemptDelivery, newDeliveryId, type AttemptLimits, type Dial, type Parcel, type Publish } from "./deliver";
import type { RestOrder } from "./rest-types";
import type { Shop } from "./shop";
import { payloadFor } from "./subscription-payload";
import { signingSecret } from "./subscriptions";

const minuteMs = 60 * 1000;

/** Shopify retries eight times over four hours with growing gaps (shopify.md, 3); how they grow it does not say. */
export const retryGapsMs: readonly number[] = [1, 2, 4, 8, 15, 30, 60, 120].map((minutes) => minutes * minuteMs);

export interface DeliveryLimits extends AttemptLimits {
  /** Failed attempts in a row, over all deliveries of one subscription, after which Shopify removes it. */
  readonly failuresBeforeRemoval: number;
}

export const defaultDeliveryLimits: DeliveryLimits = {
  connectTimeoutMs: 1000,
  totalTimeoutMs: 5000,
  failuresBeforeRemoval: 8,
};

export interface DeliveryAttempt {
  /** ISO 8601, on the stand-in's clock. */
  readonly at: string;
  /** Real milliseconds. */
  readonly durationMs: number;
  readonly status?: number;
  /** Why there was no status. */
  readonly error?: string;
}

/**
 * A delivery and what became of it: "pending" while an attempt or a retry is due, "held" while deliveries are held back, "delivered" after a
 * 2xx, "failed" after the last retry, "dropped" when its subscription went away or the stand-in closed before.
 */
export interface Delivery extends Omit<Parcel, "subscription"> {
  readonly subscriptionId: number;
  readonly appId: number;
  /** As in GraphQL: ORDERS_CREATE. */
  readonly topic: string;
  readonly uri: string;
  readonly orderId: number;
  state: "pending" | "held" | "delivered" | "failed" | "dropped";
  readonly attempts: DeliveryAttempt[];
}

interface Job {
  readonly shop: Shop;
  readonly app: App;
  readonly parcel: Parcel;
  readonly record: Delivery;
}

export interface DeliveryMeans {
  readonly clock: Clock;
  readonly dial: Dial;
  readonly publish: Publish;
  readonly limits: DeliveryLimits;
}

/** Sends what the shops announce, and keeps a record of each attempt. */
export class DeliveryQueue {
  readonly records: Delivery[] = [];
  readonly #means: DeliveryMeans;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  /** The first attempts of one order's deliveries follow each other, so that "create" is tried before "paid" unless held back. */
  readonly #lanes = new Map<string, Promise<void>>();
  #held: Job[] | undefined;
  #copies = 1;

  constructor(means: DeliveryMeans) {
    this.#means = means;
  }

  /** One delivery to each subscription of `topic`, of whichever app, unless its filter leaves the order out. */
  announce(shop: Shop, topic: string, order: RestOrder): void {
    const eventId = newDeliveryId();
    const triggeredAt = this.#means.clock.now().toISOString();
    for (const subscription of shop.state.subscriptions.filter((candidate) => candidate.topic === topic)) {
      const app = shop.app(subscription.appId);
      const body = payloadFor(subscription, order);
      if (app === undefined || body === undefined) continue;
      const parcel: Parcel = {
        subscription,
        shopDomain: shop.state.domain,
        apiVersion: app.webhookApiVersion,
        webhookId: newDeliveryId(),
        eventId,
        triggeredAt,
        body,
      };
      for (let copy = 0; copy < this.#copies; copy += 1)
        this.#admit({ shop, app, parcel, record: recordOf(parcel, order) });
    }
  }

  /** Sends each later delivery `copies` times with the same ids, as Shopify sometimes does. */
  duplicate(copies: number): void {
    this.#copies = copies;
  }

  hold(): void {
    this.#held ??= [];
  }

  /** Lets go of what was held, one after the other, in the order it was triggered in or the other way round. */
  release(order: "triggered" | "reversed"): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    const jobs = order === "triggered" ? held : held.toReversed();
    let previous = Promise.resolve();
    for (const job of jobs) {
      job.record.state = "pending";
      previous = this.#start(job, previous);
    }
  }

  /** Resolves when nothing is under way and no retry is due. What is held back is not waited for. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error("the Shopify stand-in was closed"));
    await this.idle();
  }

  #admit(job: Job): void {
    this.records.push(job.record);
    if (this.#held !== undefined) {
      job.record.state = "held";
      this.#held.push(job);
      return;
    }
    const lane = `${job.app.id}/${job.record.orderId}`;
    this.#lanes.set(lane, this.#start(job, this.#lanes.get(lane) ?? Promise.resolve()));
  }

  /** @returns when the first attempt is over; the retries go on behind. */
  #start(job: Job, after: Promise<void>): Promise<void> {
    let firstOver = (): void => undefined;
    const first = new Promise<void>((resolve) => {
      firstOver = resolve;
    });
    const run = after.then(() => this.#run(job, firstOver)).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return first;
  }

  async #run(job: Job, firstOver: () => void): Promise<void> {
    for (const gap of [0, ...retryGapsMs]) {
      if (!(await this.#pause(gap))) break;
      const delivered = await this.#attempt(job);
      firstOver();
      if (delivered === undefined) break;
      if (delivered) {
        job.record.state = "delivered";
        return;
      }
    }
    firstOver();
    const exhausted = job.record.attempts.length === retryGapsMs.length + 1;
    job.record.state = exhausted ? "failed" : "dropped";
  }

  /** @returns whether it was 2xx; undefined when the subscription is gone and nothing was sent. */
  async #attempt({ shop, app, parcel, record }: Job): Promise<boolean | undefined> {
    if (!shop.state.subscriptions.some(({ id }) => id === record.subscriptionId)) return undefined;
    const { clock, limits, dial, publish } = this.#means;
    const at = clock.now().toISOString();
    const began = performance.now();
    const result = await attemptDelivery(parcel, signingSecret(app), {
      ...limits,
      dial,
      publish,
      signal: this.#stop.signal,
    });
    if (this.#stop.signal.aborted) return undefined;
    record.attempts.push({ at, durationMs: Math.round(performance.now() - began), ...result });
    const delivered = "status" in result && result.status >= 200 && result.status < 300;
    shop.countAttempt(record.subscriptionId, delivered, limits.failuresBeforeRemoval);
    return delivered;
  }

  /** @returns false when the stand-in was closed meanwhile. */
  async #pause(ms: number): Promise<boolean> {
    if (ms > 0) await this.#means.clock.sleep(ms, this.#stop.signal).catch(() => undefined);
    return !this.#stop.signal.aborted;
  }
}

function recordOf({ subscription, ...parcel }: Parcel, order: RestOrder): Delivery {
  return {
    ...parcel,
    subscriptionId: subscription.id,
    appId: subscription.appId,
    topic: subscription.topic,
    uri: subscription.uri,
    orderId: order.id,
    state: "pending",
    attempts: [],
  };
}
