import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { App } from "./apps";
import type { BulkHistory } from "./bulk";
import type { RestCustomer, RestOrder, RestProduct } from "./rest-types";
import type { RemovedSubscription, Subscription } from "./subscriptions";

export interface Location {
  readonly id: number;
  readonly name: string;
  readonly city: string;
  readonly countryCode: string;
}

/** A shop as it is written to disk, and as a seed gives it. */
export interface ShopState {
  readonly id: number;
  /** <store>.myshopify.com */
  readonly domain: string;
  readonly name: string;
  readonly email: string;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly createdAt: string;
  apps: App[];
  subscriptions: Subscription[];
  removedSubscriptions: RemovedSubscription[];
  products: RestProduct[];
  customers: RestCustomer[];
  orders: RestOrder[];
  history?: BulkHistory;
  readonly locations: readonly Location[];
  /** The number of the newest order ("#1001" -> 1001) and the newest id of a subscription. */
  lastOrderNumber: number;
  lastSubscriptionId: number;
}

/** The stand-in's file. Secrets and tokens in it are made up and open nothing. */
export class StateFile {
  readonly #path: string;

  constructor(dir: string) {
    mkdirSync(dir, { recursive: true });
    this.#path = join(dir, "shopify.json");
  }

  /** The shops of the last run, or undefined before the first. */
  load(): ShopState[] | undefined {
    return existsSync(this.#path) ? (JSON.parse(readFileSync(this.#path, "utf8")) as ShopState[]) : undefined;
  }

  /** Written beside and renamed over, so that a killed process leaves the old file or the new one, never half of one. */
  save(shops: readonly ShopState[]): void {
    const draft = `${this.#path}.${process.pid}.new`;
    writeFileSync(draft, JSON.stringify(shops));
    renameSync(draft, this.#path);
  }
}
