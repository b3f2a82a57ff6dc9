import { archivedOrder, cancelledOrder, fulfilledOrder, paidOrder } from "./order-actions";
import { buildOrder } from "./order-builder";
import type { OrderSummary } from "./order-book";
import type { RestCustomer, RestFinancialStatus, RestOrder, RestProduct } from "./rest-types";

const firstBulkId = 4_000_000_000_000;
const firstBulkNumber = 100_001;
const spanMs = 3 * 365 * 24 * 60 * 60 * 1000;
const hourMs = 60 * 60 * 1000;

/** A large history, described rather than stored: order `index` of `count` follows from these values alone. */
export interface BulkHistory {
  readonly count: number;
  /** The orders are spread evenly over the three years before this time (ISO 8601). */
  readonly until: string;
}

export interface BulkCatalog {
  readonly products: readonly RestProduct[];
  readonly customers: readonly RestCustomer[];
  readonly currency: string;
  readonly locationId: number;
}

/** Every twentieth order is one of these; all others are paid, shipped and archived, as in a shop that has been running for years. */
const rareKinds: Readonly<Record<number, "unpaid" | "cancelled" | "shipped-open" | "deleted-product">> = {
  3: "unpaid",
  7: "cancelled",
  11: "shipped-open",
  17: "deleted-product",
};

function kindOf(index: number): "archived" | (typeof rareKinds)[number] {
  return rareKinds[index % 20] ?? "archived";
}

function createdAt(history: BulkHistory, index: number): number {
  const until = Date.parse(history.until);
  return until - Math.round(((history.count - index) * spanMs) / history.count);
}

/** What lists and counts need of order `index`, without building the order. */
export function bulkSummary(history: BulkHistory, index: number): OrderSummary {
  const kind = kindOf(index);
  const created = createdAt(history, index);
  const done = created + hourMs;
  const status: Record<typeof kind, RestFinancialStatus> = {
    archived: "paid",
    "deleted-product": "paid",
    "shipped-open": "paid",
    unpaid: "pending",
    cancelled: "voided",
  };
  return {
    id: firstBulkId + index,
    number: firstBulkNumber + index,
    name: `#${firstBulkNumber + index}`,
    createdAt: created,
    processedAt: created,
    updatedAt: kind === "unpaid" ? created : done,
    closedAt: kind === "archived" || kind === "deleted-product" || kind === "cancelled" ? done : undefined,
    cancelledAt: kind === "cancelled" ? done : undefined,
    financialStatus: status[kind],
    fulfillmentStatus: kind === "unpaid" || kind === "cancelled" ? null : "fulfilled",
    test: false,
    tags: [],
  };
}

/** The position in the history of the order with this id, if it is one of the history's. */
export function bulkIndex(history: BulkHistory, id: number): number | undefined {
  const index = id - firstBulkId;
  return index >= 0 && index < history.count ? index : undefined;
}

/** Order `index` in full. */
export function bulkOrder(history: BulkHistory, catalog: BulkCatalog, index: number): RestOrder {
  const kind = kindOf(index);
  const at = new Date(createdAt(history, index));
  const done = new Date(at.getTime() + hourMs);
  const product = catalog.products[index % catalog.products.length];
  const variant = product?.variants[index % product.variants.length];
  const customer = catalog.customers[index % catalog.customers.length];
  if (product === undefined || variant === undefined) {
    throw new Error("a bulk history needs a shop with at least one product; seed one before calling bulkSeed");
  }
  const open = buildOrder({
    id: firstBulkId + index,
    number: firstBulkNumber + index,
    at,
    currency: catalog.currency,
    lines: [{ product, variant, quantity: 1 + (index % 3), deleted: kind === "deleted-product" }],
    ...(customer === undefined ? {} : { customer }),
    shipping: 490,
    tax: { title: "VAT", rate: 0.19, included: true },
  });
  if (kind === "unpaid") return open;
  if (kind === "cancelled") return cancelledOrder(open, done);
  const shipped = fulfilledOrder(paidOrder(open, done), done, { locationId: catalog.locationId });
  return kind === "shipped-open" ? shipped : archivedOrder(shipped, done);
}
