import { ordersVisibleSince } from "../access";
import type { OrderSortKey, OrderSummary } from "../order-book";
import { answerList } from "./paging";
import { notFound, ok, pick, type RestRequest, type RestRoute } from "./request";

type Filter = (order: OrderSummary) => boolean;

/** REST's `status`, which is "open" when left out: why a history fetched without `status=any` lacks most of it. */
const statusFilters: Readonly<Record<string, Filter>> = {
  open: (order) => order.closedAt === undefined && order.cancelledAt === undefined,
  closed: (order) => order.closedAt !== undefined && order.cancelledAt === undefined,
  cancelled: (order) => order.cancelledAt !== undefined,
  any: () => true,
};

const fulfillmentFilters: Readonly<Record<string, Filter>> = {
  shipped: (order) => order.fulfillmentStatus === "fulfilled",
  partial: (order) => order.fulfillmentStatus === "partial",
  unshipped: (order) => order.fulfillmentStatus === null,
  unfulfilled: (order) => order.fulfillmentStatus !== "fulfilled",
  any: () => true,
};

/** Shopify takes `2024-01-01`, `2024-01-01 00:00:00` and ISO 8601, and reads what has no offset in the shop's time zone; here: UTC. */
function timeIn(value: string): number {
  const spaced = value.trim().replace(" ", "T");
  const zoned = /([zZ]|[+-]\d\d:?\d\d)$/.test(spaced) || !spaced.includes("T") ? spaced : `${spaced}Z`;
  return Date.parse(zoned);
}

const times = { created_at: "createdAt", updated_at: "updatedAt", processed_at: "processedAt" } as const;

function timeFilters(filters: URLSearchParams): Filter[] {
  return Object.entries(times).flatMap(([name, key]): Filter[] => {
    const [min, max] = [filters.get(`${name}_min`), filters.get(`${name}_max`)];
    return [
      ...(min === null ? [] : [(order: OrderSummary) => order[key] >= timeIn(min)]),
      ...(max === null ? [] : [(order: OrderSummary) => order[key] <= timeIn(max)]),
    ];
  });
}

function filtersOf(filters: URLSearchParams): Filter[] {
  const [ids, since, name, paid] = ["ids", "since_id", "name", "financial_status"].map((key) => filters.get(key));
  const none: Filter = () => false;
  return [
    statusFilters[filters.get("status") ?? "open"] ?? none,
    fulfillmentFilters[filters.get("fulfillment_status") ?? "any"] ?? none,
    ...timeFilters(filters),
    ...(typeof ids === "string" ? [(order: OrderSummary) => ids.split(",").includes(String(order.id))] : []),
    ...(typeof since === "string" ? [(order: OrderSummary) => order.id > Number(since)] : []),
    ...(typeof name === "string" ? [(order: OrderSummary) => order.name === name || order.name === `#${name}`] : []),
    ...(typeof paid === "string" && paid !== "any" ? [(order: OrderSummary) => order.financialStatus === paid] : []),
  ];
}

/** Newest first, unless `order` or `since_id` says otherwise. */
function sorting(filters: URLSearchParams): { key: OrderSortKey; descending: boolean } {
  const [, field, direction] =
    /^(id|created_at|updated_at|processed_at)\s*(asc|desc)?$/.exec(filters.get("order") ?? "") ?? [];
  if (field === undefined) return { key: "id", descending: !filters.has("since_id") };
  const key = field === "id" ? "id" : times[field as keyof typeof times];
  return { key, descending: direction !== "asc" };
}

function findOrders(request: RestRequest, filters: URLSearchParams): readonly OrderSummary[] {
  const visibleSince = ordersVisibleSince(request.app.scopes, request.now);
  const wanted = filtersOf(filters);
  const { key, descending } = sorting(filters);
  const found = request.shop.orders
    .sorted(key)
    .filter((order) => order.createdAt >= visibleSince && wanted.every((meets) => meets(order)));
  return descending ? found.reverse() : found;
}

export const orderRoutes: readonly RestRoute[] = [
  {
    method: "GET",
    path: "orders.json",
    scope: "read_orders",
    answer: (request) =>
      answerList(
        request,
        (filters) => findOrders(request, filters),
        (page) => ({ orders: page.map(({ id }) => pick(request.shop.order(id), request.params.get("fields"))) }),
      ),
  },
  {
    method: "GET",
    path: "orders/count.json",
    scope: "read_orders",
    answer: (request) => ok({ count: findOrders(request, request.params).length }),
  },
  {
    method: "GET",
    path: "orders/:id.json",
    scope: "read_orders",
    answer: (request) => {
      const order = request.shop.orders.get(request.id);
      const hidden =
        order === undefined || Date.parse(order.created_at) < ordersVisibleSince(request.app.scopes, request.now);
      return hidden ? notFound : ok({ order: pick(order, request.params.get("fields")) });
    },
  },
];
