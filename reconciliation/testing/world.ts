import type { DeliveryNote, ErpnextOrder, LogEntry, OrderLine, SalesInvoice, SalesOrder, ShopifyOrder } from "../order";
import { compareOrderIds } from "../order-id";
import type { ReconcileOptions } from "../reconcile";
import type { Page, ScanScope, Sides } from "../scan";

export const NOW = new Date("2026-11-26T20:00:00Z");

const PAID_STATUSES = new Set(["PAID", "REFUNDED", "PARTIALLY_REFUNDED"]);

/** An order of one piece at 10.00. What was received and is outstanding follows from its status and total unless given. */
export function shopifyOrder(id: string, more: Partial<ShopifyOrder> = {}): ShopifyOrder {
  return {
    id,
    name: `#${id}`,
    createdAt: "2026-10-05T10:00:00Z",
    updatedAt: "2026-10-05T10:00:00Z",
    cancelledAt: null,
    closedAt: null,
    test: false,
    edited: false,
    financialStatus: "PENDING",
    fulfillmentStatus: "UNFULFILLED",
    currency: "EUR",
    presentmentCurrency: "EUR",
    taxesIncluded: true,
    gateways: ["manual"],
    tax: "1.60",
    shipping: "0.0",
    shippingTax: "0.0",
    discounts: "0.0",
    tips: "0.0",
    duties: "0.0",
    fulfilments: FULFILLED_STATUSES.has(more.fulfillmentStatus ?? "")
      ? [{ id: `${id}1`, status: "SUCCESS", pieces: 1 }]
      : [],
    ...amountsOf(more),
    ...more,
  };
}

const FULFILLED_STATUSES = new Set(["FULFILLED", "PARTIALLY_FULFILLED"]);

function amountsOf({ financialStatus, cancelledAt = null, total = "10.00" }: Partial<ShopifyOrder>) {
  const isPaid = PAID_STATUSES.has(financialStatus ?? "");
  const isCancelled = cancelledAt !== null;
  return {
    placed: total,
    total,
    current: isCancelled ? "0.0" : total,
    received: isPaid ? total : "0.0",
    refunded: financialStatus === "REFUNDED" ? total : "0.0",
    outstanding: isPaid || isCancelled ? "0.0" : total,
  };
}

export function salesOrder(name: string, more: Partial<SalesOrder> = {}): SalesOrder {
  return {
    name,
    docstatus: 1,
    status: "To Deliver and Bill",
    currency: "EUR",
    total: "10",
    grandTotal: more.total ?? "10",
    charges: "1.6",
    pieces: 1,
    delivered: 0,
    date: "2026-10-05",
    ...more,
  };
}

/** An invoice of 10.00, or a credit note where the amount is negative; it is settled unless given otherwise. */
export function salesInvoice(name: string, more: Partial<SalesInvoice> = {}): SalesInvoice {
  const total = more.total ?? "10";
  return { name, docstatus: 1, isReturn: total.startsWith("-"), currency: "EUR", total, outstanding: "0", ...more };
}

export function deliveryNote(name: string, more: Partial<DeliveryNote> = {}): DeliveryNote {
  return { name, docstatus: 1, isReturn: false, fulfilment: "", pieces: 1, ...more };
}

export function erpnextOrder(id: string, more: Partial<ErpnextOrder> = {}): ErpnextOrder {
  return { id, salesOrders: [salesOrder(`SO-${id}`)], invoices: [], deliveryNotes: [], ...more };
}

export function logEntry(orderId: string, more: Partial<LogEntry> = {}): LogEntry {
  return {
    orderId,
    name: `log-${orderId}`,
    status: "Error",
    method: "ecommerce_integrations.shopify.order.sync_sales_order",
    message: "Tax Account not specified for Shopify Tax VAT",
    createdAt: "2026-10-05T10:01:00Z",
    ...more,
  };
}

/** What a test's two sides know; orders are in any sequence. */
export interface TestWorld {
  readonly shopify: readonly ShopifyOrder[];
  readonly erpnext: readonly ErpnextOrder[];
  readonly logs?: readonly LogEntry[];
  /** Ids of orders the product of one line of which was deleted. */
  readonly withoutProduct?: ReadonlySet<string>;
  /** Ids of orders with a tip. */
  readonly withTip?: ReadonlySet<string>;
}

/** Evidence of a world, with the sizes of the batches that were asked for. */
export function evidenceOf(world: TestWorld): ReconcileOptions["evidence"] & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    logs: (orders) => {
      asked.push(orders.length);
      const ids = new Set(orders.map(({ id }) => id));
      return Promise.resolve(groupedById((world.logs ?? []).filter(({ orderId }) => ids.has(orderId))));
    },
    lines: (ids) => Promise.resolve(new Map(ids.map((id) => [id, linesOf(id, world)]))),
  };
}

function linesOf(id: string, { withoutProduct, withTip }: TestWorld): OrderLine[] {
  const kept = { title: "Cup", productId: "7", vendor: "Potter" };
  return [
    kept,
    ...(withoutProduct?.has(id) === true ? [{ title: "Plate", productId: null, vendor: "Potter" }] : []),
    ...(withTip?.has(id) === true ? [{ title: "Tip", productId: null, vendor: null }] : []),
  ];
}

function groupedById(entries: readonly LogEntry[]): Map<string, LogEntry[]> {
  const groups = new Map<string, LogEntry[]>();
  for (const entry of entries) groups.set(entry.orderId, [...(groups.get(entry.orderId) ?? []), entry]);
  return groups;
}

export function optionsFor(world: TestWorld, more: Partial<ReconcileOptions> = {}): ReconcileOptions {
  return {
    evidence: evidenceOf(world),
    now: NOW,
    timeZone: "Europe/Berlin",
    salesInvoices: true,
    deliveryNotes: true,
    ...more,
  };
}

export function sorted<T extends { readonly id: string }>(orders: readonly T[]): readonly T[] {
  return orders.toSorted((a, b) => compareOrderIds(a.id, b.id));
}

export async function* stream<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* await Promise.resolve(items);
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

/** Both sides of a world in pages, as the readers give them; counts what was read. */
export function pagesOf(world: TestWorld, size: number): Sides & { readonly read: { pages: number } } {
  const read = { pages: 0 };
  const shopify = sorted(world.shopify);
  const erpnext = sorted(world.erpnext);
  const page = <T extends { readonly id: string }>(orders: readonly T[], after: string | null): Promise<Page<T>> => {
    read.pages += 1;
    const rest = orders.filter(({ id }) => after === null || compareOrderIds(id, after) > 0);
    return Promise.resolve({ orders: rest.slice(0, size), last: rest.length <= size });
  };
  return {
    read,
    shopify: { page: (scope, after) => page(shopify.filter(within(scope)), after) },
    erpnext: {
      page: (after) => page(erpnext, after),
      withIds: (ids) => {
        read.pages += 1;
        return Promise.resolve(erpnext.filter(({ id }) => ids.includes(id)));
      },
    },
  };
}

function within({ createdFrom, updatedFrom, updatedTo }: ScanScope): (order: ShopifyOrder) => boolean {
  return ({ createdAt, updatedAt }) =>
    Date.parse(createdAt) >= Date.parse(createdFrom ?? "0001-01-01") &&
    Date.parse(updatedAt) >= Date.parse(updatedFrom ?? "0001-01-01") &&
    Date.parse(updatedAt) <= Date.parse(updatedTo ?? "9999-01-01");
}
