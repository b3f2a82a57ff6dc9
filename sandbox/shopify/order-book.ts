import { bulkIndex, bulkOrder, bulkSummary, type BulkCatalog, type BulkHistory } from "./bulk";
import type { RestFinancialStatus, RestOrder } from "./rest-types";

/** What lists, filters and counts need of an order. Times are ms since 1970. */
export interface OrderSummary {
  readonly id: number;
  readonly number: number;
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly processedAt: number;
  readonly closedAt: number | undefined;
  readonly cancelledAt: number | undefined;
  readonly financialStatus: RestFinancialStatus;
  readonly fulfillmentStatus: "fulfilled" | "partial" | null;
  readonly test: boolean;
  /** In lower case. */
  readonly tags: readonly string[];
}

export type OrderSortKey = "id" | "number" | "createdAt" | "updatedAt" | "processedAt";

function time(value: string | null): number | undefined {
  return value === null ? undefined : Date.parse(value);
}

function summarise(order: RestOrder): OrderSummary {
  return {
    id: order.id,
    number: order.order_number,
    name: order.name,
    createdAt: Date.parse(order.created_at),
    updatedAt: Date.parse(order.updated_at),
    processedAt: Date.parse(order.processed_at),
    closedAt: time(order.closed_at),
    cancelledAt: time(order.cancelled_at),
    financialStatus: order.financial_status,
    fulfillmentStatus: order.fulfillment_status,
    test: order.test,
    tags: order.tags === "" ? [] : order.tags.toLowerCase().split(", "),
  };
}

/**
 * The orders of a shop: the ones that were made one by one, and a large history that is built order by order when someone looks.
 * Summaries are kept sorted by each key that was asked for, so that paging through 100,000 orders sorts them once.
 */
export class OrderBook {
  readonly #orders = new Map<number, RestOrder>();
  readonly #catalog: () => BulkCatalog;
  readonly #sorted = new Map<OrderSortKey, readonly OrderSummary[]>();
  #history: BulkHistory | undefined;

  constructor(orders: readonly RestOrder[], history: BulkHistory | undefined, catalog: () => BulkCatalog) {
    for (const order of orders) this.#orders.set(order.id, order);
    this.#history = history;
    this.#catalog = catalog;
  }

  /** The orders that were made or changed one by one: what a restart must find again. */
  get stored(): readonly RestOrder[] {
    return [...this.#orders.values()];
  }

  get history(): BulkHistory | undefined {
    return this.#history;
  }

  setHistory(history: BulkHistory): void {
    this.#history = history;
    this.#sorted.clear();
  }

  get(id: number): RestOrder | undefined {
    const order = this.#orders.get(id);
    if (order !== undefined || this.#history === undefined) return order;
    const index = bulkIndex(this.#history, id);
    return index === undefined ? undefined : bulkOrder(this.#history, this.#catalog(), index);
  }

  put(order: RestOrder): void {
    this.#orders.set(order.id, order);
    this.#sorted.clear();
  }

  /** Forgets an order that was made one by one; one of the history is built from nothing and stays. */
  remove(id: number): void {
    this.#orders.delete(id);
    this.#sorted.clear();
  }

  /** All orders, ascending by `key` and, where that is equal, by id. */
  sorted(key: OrderSortKey): readonly OrderSummary[] {
    const known = this.#sorted.get(key);
    if (known !== undefined) return known;
    const summaries = this.#summaries().sort((a, b) => a[key] - b[key] || a.id - b.id);
    this.#sorted.set(key, summaries);
    return summaries;
  }

  #summaries(): OrderSummary[] {
    const stored = [...this.#orders.values()].map(summarise);
    const { count = 0 } = this.#history ?? {};
    for (let index = 0; index < count && this.#history !== undefined; index += 1) {
      const summary = bulkSummary(this.#history, index);
      if (!this.#orders.has(summary.id)) stored.push(summary);
    }
    return stored;
  }
}
