import { orderNode } from "../../../clients/testing/order-node";
import type { Hosts } from "./running-worker";

/**
 * Both sides of a store of any size, computed as they are asked for: what the console's requests look like on the wire, and
 * nothing else. Every fiftieth order is missing: in turn one whose product is gone, a cancelled, a failed and a lost one.
 */
export const GAP = 50;
const FIRST_ID = 5_000_000_000_000;
const DIGITS = String(FIRST_ID).length;
const EVERY_MS = 90_000;
/** The four reasons, by the place of the gap among four. */
const REASONS = ["deleted-product", "cancelled", "error", "other"] as const;

export interface LeanWorld {
  readonly hosts: Hosts;
  /** Every gap as "id reason", ascending. */
  gaps(): readonly string[];
}

const ALL_SCOPES = ["read_orders", "read_all_orders", "read_products", "read_customers"];
const VISIBLE_MS = 60 * 24 * 60 * 60 * 1000;

export interface LeanOptions {
  readonly orders: number;
  readonly lastPlacedAt: number;
  /** Milliseconds between two orders. @default 90000 */
  readonly everyMs?: number;
  /** Without `read_all_orders` Shopify shows the last 60 days. @default all that the console needs */
  readonly scopes?: readonly string[];
}

export function leanWorld({
  orders: count,
  lastPlacedAt,
  everyMs = EVERY_MS,
  scopes = ALL_SCOPES,
}: LeanOptions): LeanWorld {
  const orders = new Orders({ count, everyMs, started: lastPlacedAt - (count - 1) * everyMs, scopes });
  return {
    hosts: {
      "demo-store.myshopify.com": async (request) => shopify(orders, (await request.json()) as GraphqlRequest),
      "erp.demo.invalid": (request) => erpnext(orders, new URL(request.url)),
    },
    gaps: () =>
      Array.from(
        { length: Math.ceil(count / GAP) },
        (_, index) => `${orders.idOf(index * GAP)} ${REASONS[index % 4] ?? ""}`,
      ),
  };
}

class Orders {
  readonly count: number;

  constructor(
    private readonly of: {
      readonly count: number;
      readonly everyMs: number;
      readonly started: number;
      readonly scopes: readonly string[];
    },
  ) {
    this.count = of.count;
  }

  get scopes(): readonly string[] {
    return this.of.scopes;
  }

  /** The first order that Shopify shows. */
  get firstVisible(): number {
    if (this.scopes.includes("read_all_orders")) return 0;
    return Math.max(0, Math.ceil((Date.now() - VISIBLE_MS - this.of.started) / this.of.everyMs));
  }

  idOf(index: number): string {
    return String(FIRST_ID + index);
  }

  /** The place of an id, also of one that is not there. */
  placeOf(id: string): number {
    return Number(id) - FIRST_ID;
  }

  isMissing(index: number): boolean {
    return index % GAP === 0;
  }

  reasonOf(index: number): (typeof REASONS)[number] | undefined {
    return this.isMissing(index) ? REASONS[(index / GAP) % 4] : undefined;
  }

  placedAt(index: number): string {
    return new Date(this.of.started + index * this.of.everyMs).toISOString();
  }

  node(index: number): object {
    const createdAt = this.placedAt(index);
    const node = orderNode("28.7", {
      legacyResourceId: this.idOf(index),
      name: `#${index}`,
      createdAt,
      updatedAt: createdAt,
      cancelledAt: this.reasonOf(index) === "cancelled" ? createdAt : null,
    });
    return { __typename: "Order", ...node };
  }
}

interface GraphqlRequest {
  readonly operationName: string;
  readonly variables: { readonly query?: string | null; readonly ids?: readonly string[] };
}

function shopify(orders: Orders, { operationName, variables }: GraphqlRequest): Response {
  const answer = SHOPIFY[operationName];
  if (answer === undefined) return Response.json({ errors: [{ message: `no ${operationName} here` }] });
  return Response.json({ data: answer(orders, variables) }, { headers: { "X-Shopify-API-Version": "2026-10" } });
}

const PAGE = 250;

const SHOPIFY: Readonly<Record<string, (orders: Orders, variables: GraphqlRequest["variables"]) => object>> = {
  CurrentApp: ({ scopes }) => ({
    currentAppInstallation: {
      app: { id: "1", title: "ERP", handle: "erp", apiKey: "key" },
      accessScopes: scopes.map((handle) => ({ handle })),
    },
    shop: { myshopifyDomain: "demo-store.myshopify.com", currencyCode: "EUR" },
  }),
  OrderCount: ({ count }) => ({ ordersCount: { count, precision: "EXACT" } }),
  ProductCount: () => ({ productsCount: { count: 7, precision: "EXACT" } }),
  CustomerCount: () => ({ customersCount: { count: 8, precision: "EXACT" } }),
  NewestOrders: () => ({ orders: { nodes: [] } }),
  WebhookSubscriptionList: () => ({
    webhookSubscriptions: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } },
  }),
  OrderPage: (orders, { query }) => {
    const updatedFrom = /updated_at:>='([^']+)'/.exec(query ?? "")?.[1];
    let index = Math.max(orders.firstVisible, orders.placeOf(/id:>=(\d+)/.exec(query ?? "")?.[1] ?? String(FIRST_ID)));
    if (updatedFrom !== undefined) while (index < orders.count && orders.placedAt(index) < updatedFrom) index += 1;
    const end = Math.min(orders.count, index + PAGE);
    const nodes = Array.from({ length: Math.max(0, end - index) }, (_, offset) => orders.node(index + offset));
    return { orders: { nodes, pageInfo: { hasNextPage: end < orders.count } } };
  },
  OrdersById: (orders, { ids = [] }) => ({ nodes: ids.map((id) => orders.node(orders.placeOf(legacyId(id)))) }),
  OrderLines: (orders, { ids = [] }) => ({
    nodes: ids.map((id) => {
      const legacyResourceId = legacyId(id);
      const isGone = orders.reasonOf(orders.placeOf(legacyResourceId)) === "deleted-product";
      const lines = [{ title: "Cup", vendor: "Potter", product: isGone ? null : { legacyResourceId: "1" } }];
      return { __typename: "Order", legacyResourceId, lineItems: { nodes: lines } };
    }),
  }),
};

function legacyId(id: string): string {
  return id.split("/").at(-1) ?? "";
}

type Filter = readonly [field: string, operator: string, value: unknown];

function erpnext(orders: Orders, { pathname, searchParams }: URL): Response {
  if (pathname.endsWith("get_count")) return Response.json({ message: orders.count - Math.ceil(orders.count / GAP) });
  const doctype = decodeURIComponent(pathname.split("/").at(-1) ?? "");
  const filters = JSON.parse(searchParams.get("filters") ?? "[]") as readonly Filter[];
  const limit = Number(searchParams.get("limit_page_length"));
  if (doctype === "Sales Order") return Response.json({ data: salesOrders(orders, filters, limit) });
  if (doctype !== "Ecommerce Integration Log") return Response.json({ data: [] });
  const anyOf = JSON.parse(searchParams.get("or_filters") ?? "[]") as readonly Filter[];
  return Response.json({
    data: anyOf.flatMap(([, , pattern]) => logRows(orders, String(pattern).replaceAll("%", ""))),
  });
}

function logRows(orders: Orders, id: string): readonly object[] {
  const index = orders.placeOf(id);
  if (orders.reasonOf(index) !== "error") return [];
  const creation = orders.placedAt(index).slice(0, 19).replace("T", " ");
  const request = JSON.stringify({ id: Number(id), name: `#${index}` });
  return [
    { name: id, status: "Error", method: "sync_sales_order", message: "No such tax", creation, request_data: request },
  ];
}

/** Frappe's rows for the filters by which orders are paged through and looked up. */
function salesOrders(orders: Orders, filters: readonly Filter[], limit: number): readonly object[] {
  const among = filters.find(([, operator]) => operator === "in");
  if (among !== undefined) {
    const ids = (among[2] as readonly string[]).map((id) => orders.placeOf(id));
    return ids.filter((index) => !orders.isMissing(index)).map((index) => salesOrder(orders, index));
  }
  if (filters.some(([, operator, value]) => excludes(operator, String(value)))) return [];
  const bounds = filters.map(([, operator, value]) => [operator, orders.placeOf(String(value))] as const);
  const from = Math.max(
    0,
    ...bounds.map(([operator, place]) => (operator === ">" ? place + 1 : operator === ">=" ? place : 0)),
  );
  const to = Math.min(orders.count - 1, ...bounds.flatMap(([operator, place]) => (operator === "<=" ? [place] : [])));
  const rows: object[] = [];
  for (let index = from; index <= to && (limit === 0 || rows.length < limit); index += 1)
    if (!orders.isMissing(index)) rows.push(salesOrder(orders, index));
  return rows;
}

/** Whether a filter by the id's length finds none of these ids, which all have the same. */
function excludes(operator: string, pattern: string): boolean {
  return (operator === "like" && !fits(pattern)) || (operator === "not like" && fits(pattern));
}

/** Whether a pattern of underscores finds an id: so many characters, or at least so many before a percent sign. */
function fits(pattern: string): boolean {
  return pattern.endsWith("%") ? pattern.length - 1 <= DIGITS : pattern.length === DIGITS;
}

function salesOrder(orders: Orders, index: number): object {
  return {
    name: `SO-${index}`,
    shopify_order_id: orders.idOf(index),
    docstatus: 1,
    status: "To Deliver and Bill",
    currency: "EUR",
    grand_total: 28.7,
    rounded_total: 0,
    total_taxes_and_charges: 0,
    per_delivered: 0,
    total_qty: 1,
    transaction_date: orders.placedAt(index).slice(0, 10),
  };
}
