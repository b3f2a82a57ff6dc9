import { GraphQLError } from "graphql";
import { ordersVisibleSince } from "../access";
import { moneySet, parseMoney } from "../money";
import { paymentsOf, placedTotal } from "../order-payments";
import type { OrderSortKey, OrderSummary } from "../order-book";
import type { RestFulfillment, RestLineItem, RestMoneySet, RestOrder, RestTaxLine } from "../rest-types";
import { addressNode, customerNode, productNode, variantNode, type ListArguments } from "./catalog-fields";
import { connectionOf, type PageArguments } from "./connection";
import { countOf, gid, idIn, requireScope, searchIn, type AdminContext } from "./context";
import { fulfillmentOrdersOf } from "./fulfillment-orders";
import { matchesId, matchesTime, type Matcher } from "./search";

const sortKeys: Readonly<Record<string, OrderSortKey>> = {
  ID: "id",
  ORDER_NUMBER: "number",
  CREATED_AT: "createdAt",
  UPDATED_AT: "updatedAt",
  PROCESSED_AT: "processedAt",
};

function meetsStatus(order: OrderSummary, status: string): boolean {
  switch (status) {
    case "open":
      return order.closedAt === undefined && order.cancelledAt === undefined;
    case "closed":
      return order.closedAt !== undefined && order.cancelledAt === undefined;
    case "cancelled":
      return order.cancelledAt !== undefined;
    case "not_closed":
      return order.closedAt === undefined;
    default:
      return status === "any";
  }
}

function fulfillmentNames(order: OrderSummary): readonly string[] {
  if (order.fulfillmentStatus === "fulfilled") return ["fulfilled", "shipped"];
  return order.fulfillmentStatus === "partial" ? ["partial"] : ["unfulfilled", "unshipped"];
}

/** The filters of shopify.md, section 5. */
function matchesOrder(now: Date): Matcher<OrderSummary> {
  return (term) => {
    const values = term.value.toLowerCase().split(",");
    switch (term.field) {
      case "id":
        return matchesId(term, ({ id }) => id);
      case "name":
        return ({ name }) => values.some((value) => name === value || name === `#${value}`);
      case "default":
        return ({ name }) => name.includes(term.value);
      case "created_at":
        return matchesTime(term, now, ({ createdAt }) => createdAt);
      case "updated_at":
        return matchesTime(term, now, ({ updatedAt }) => updatedAt);
      case "processed_at":
        return matchesTime(term, now, ({ processedAt }) => processedAt);
      case "status":
        return (order) => values.some((value) => meetsStatus(order, value));
      case "financial_status":
        return ({ financialStatus }) => values.includes(financialStatus);
      case "fulfillment_status":
        return (order) => fulfillmentNames(order).some((name) => values.includes(name));
      case "tag":
        return ({ tags }) => values.some((value) => tags.includes(value));
      case "test":
        return ({ test }) => String(test) === term.value;
      default:
        return undefined;
    }
  };
}

function moneyBag(set: RestMoneySet): Record<string, unknown> {
  const bag = ({ amount, currency_code: currencyCode }: RestMoneySet["shop_money"]) => ({ amount, currencyCode });
  return { shopMoney: bag(set.shop_money), presentmentMoney: bag(set.presentment_money) };
}

function taxNode(line: RestTaxLine): Record<string, unknown> {
  return {
    title: line.title,
    rate: line.rate,
    ratePercentage: line.rate * 100,
    price: line.price,
    priceSet: moneyBag(line.price_set),
  };
}

function lineNode(line: RestLineItem, currency: string): Record<string, unknown> {
  const total = moneySet(parseMoney(line.price) * line.quantity, currency);
  const find = (context: AdminContext) =>
    line.product_id === null ? undefined : context.shop.product(line.product_id);
  return {
    id: gid("LineItem", line.id),
    title: line.title,
    name: line.name,
    variantTitle: line.variant_title,
    sku: line.sku,
    vendor: line.vendor,
    quantity: line.quantity,
    currentQuantity: line.current_quantity,
    unfulfilledQuantity: line.fulfillable_quantity,
    taxable: line.taxable,
    requiresShipping: line.requires_shipping,
    originalUnitPriceSet: moneyBag(line.price_set),
    originalTotalSet: moneyBag(total),
    taxLines: line.tax_lines.map(taxNode),
    product: (_: unknown, context: AdminContext) => {
      requireScope(context, "read_products", "product");
      const product = find(context);
      return product === undefined ? null : productNode(product);
    },
    variant: (_: unknown, context: AdminContext) => {
      requireScope(context, "read_products", "variant");
      const product = find(context);
      const variant = product?.variants.find(({ id }) => id === line.variant_id);
      return product === undefined || variant === undefined ? null : variantNode(variant, product);
    },
  };
}

function fulfillmentNode(fulfillment: RestFulfillment): Record<string, unknown> {
  return {
    id: gid("Fulfillment", fulfillment.id),
    legacyResourceId: String(fulfillment.id),
    name: fulfillment.name,
    status: fulfillment.status.toUpperCase(),
    totalQuantity: fulfillment.line_items.reduce((sum, { quantity }) => sum + quantity, 0),
    createdAt: fulfillment.created_at,
    updatedAt: fulfillment.updated_at,
  };
}

function sumMoney(sets: readonly RestMoneySet[], currency: string): RestMoneySet {
  return moneySet(
    sets.reduce((sum, set) => sum + parseMoney(set.shop_money.amount), 0),
    currency,
  );
}

/** What was captured and paid back; Shopify counts what is owed to the buyer as negative. */
function paymentFields(order: RestOrder): Record<string, unknown> {
  const { received, refunded } = paymentsOf(order);
  return {
    totalReceivedSet: moneyBag(moneySet(received, order.currency)),
    totalRefundedSet: moneyBag(moneySet(refunded, order.currency)),
    netPaymentSet: moneyBag(moneySet(received - refunded, order.currency)),
    totalOutstandingSet: moneyBag(moneySet(parseMoney(order.total_outstanding), order.currency)),
  };
}

function shippingFields(order: RestOrder): Record<string, unknown> {
  const { currency, shipping_lines: lines } = order;
  const price = sumMoney(
    lines.map(({ discounted_price_set: set }) => set),
    currency,
  );
  const none = moneyBag(moneySet(0, currency));
  return {
    totalShippingPriceSet: moneyBag(order.total_shipping_price_set),
    currentShippingPriceSet: order.cancelled_at === null ? moneyBag(price) : none,
    totalRefundedShippingSet: order.cancelled_at === null ? none : moneyBag(price),
    shippingLine:
      lines.length === 0
        ? null
        : { title: lines[0]?.title, taxLines: lines.flatMap(({ tax_lines: taxes }) => taxes).map(taxNode) },
  };
}

function moneyFields(order: RestOrder): Record<string, unknown> {
  return {
    originalTotalPriceSet: moneyBag(placedTotal(order)),
    totalTipReceivedSet: moneyBag(moneySet(parseMoney(order.total_tip_received), order.currency)),
    currentTotalDutiesSet: null,
    currentTotalAdditionalFeesSet: null,
    ...shippingFields(order),
    ...paymentFields(order),
    subtotalPriceSet: moneyBag(order.subtotal_price_set),
    totalPriceSet: moneyBag(order.total_price_set),
    currentTotalPriceSet: moneyBag(order.current_total_price_set),
    currentTotalTaxSet: moneyBag(moneySet(parseMoney(order.current_total_tax), order.currency)),
    totalTaxSet: moneyBag(order.total_tax_set),
    totalDiscountsSet: moneyBag(order.total_discounts_set),
    taxLines: order.tax_lines.map(taxNode),
  };
}

function stateFields(order: RestOrder): Record<string, unknown> {
  const fulfillment = { fulfilled: "FULFILLED", partial: "PARTIALLY_FULFILLED" } as const;
  return {
    createdAt: order.created_at,
    updatedAt: order.updated_at,
    processedAt: order.processed_at,
    closed: order.closed_at !== null,
    closedAt: order.closed_at,
    cancelledAt: order.cancelled_at,
    cancelReason: order.cancel_reason?.toUpperCase() ?? null,
    confirmed: order.confirmed,
    test: order.test,
    edited: placedTotal(order).shop_money.amount !== order.total_price,
    fullyPaid: order.financial_status === "paid",
    displayFinancialStatus: order.financial_status.toUpperCase(),
    displayFulfillmentStatus: order.fulfillment_status === null ? "UNFULFILLED" : fulfillment[order.fulfillment_status],
  };
}

function tagsOf(tags: string): string[] {
  return tags.split(", ").filter((tag) => tag !== "");
}

export function orderNode(order: RestOrder): Record<string, unknown> {
  const lineOrdering = { idOf: ({ id }: RestLineItem) => id, valueOf: ({ id }: RestLineItem) => id };
  return {
    __typename: "Order",
    id: gid("Order", order.id),
    legacyResourceId: String(order.id),
    name: order.name,
    number: order.order_number,
    email: order.email === "" ? null : order.email,
    phone: order.phone,
    note: order.note,
    tags: tagsOf(order.tags),
    sourceName: order.source_name,
    currencyCode: order.currency,
    presentmentCurrencyCode: order.presentment_currency,
    paymentGatewayNames: order.payment_gateway_names,
    taxesIncluded: order.taxes_included,
    discountCodes: order.discount_codes.map(({ code }) => code),
    ...stateFields(order),
    ...moneyFields(order),
    billingAddress: () => addressNode(order.billing_address),
    shippingAddress: () => addressNode(order.shipping_address),
    customer: (_: unknown, context: AdminContext) => {
      requireScope(context, "read_customers", "customer");
      return order.customer === null ? null : customerNode(order.customer);
    },
    lineItems: (args: PageArguments) =>
      connectionOf(order.line_items, args, {
        ordering: lineOrdering,
        toNode: (line) => lineNode(line, order.currency),
      }),
    fulfillmentOrders: fulfillmentOrdersOf(order),
    fulfillments: ({ first }: { first?: number | null }) =>
      order.fulfillments.slice(0, first ?? order.fulfillments.length).map(fulfillmentNode),
  };
}

function visible(context: AdminContext, order: { readonly createdAt: number }): boolean {
  return order.createdAt >= ordersVisibleSince(context.app.scopes, context.now);
}

/** Orders hold names and addresses. @throws GraphQLError the way Shopify denies them to an app without that access */
function requireOrders(context: AdminContext, field: string): void {
  requireScope(context, "read_orders", field);
  if (context.app.protectedDataDenied !== true) return;
  const where = "https://shopify.dev/docs/apps/launch/protected-customer-data";
  throw new GraphQLError(`This app is not approved to access the Order object. See ${where} for more details.`, {
    extensions: { code: "ACCESS_DENIED", documentation: where },
  });
}

/** The order with a global id, or null for one that is not there or not to be seen. */
export function orderById(id: string, context: AdminContext): Record<string, unknown> | null {
  requireOrders(context, "order");
  const order = context.shop.orders.get(idIn("Order", id));
  if (order === undefined || !visible(context, { createdAt: Date.parse(order.created_at) })) return null;
  return orderNode(order);
}

export const orderQueries = {
  order: ({ id }: { id: string }, context: AdminContext) => orderById(id, context),
  orders: (args: ListArguments, context: AdminContext) => {
    requireOrders(context, "orders");
    const key = sortKeys[args.sortKey ?? "PROCESSED_AT"];
    if (key === undefined) {
      throw new GraphQLError(`the Shopify stand-in does not sort orders by ${args.sortKey ?? ""}`);
    }
    const matches = searchIn(context, { field: "orders", query: args.query }, matchesOrder(context.now));
    const found = context.shop.orders.sorted(key).filter((order) => visible(context, order) && matches(order));
    return connectionOf(found, args, {
      ordering: { idOf: ({ id }) => id, valueOf: (order) => order[key] },
      toNode: ({ id }) => orderNode(context.shop.order(id)),
    });
  },
  ordersCount: ({ query, limit }: { query?: string | null; limit?: number | null }, context: AdminContext) => {
    requireOrders(context, "ordersCount");
    const matches = searchIn(context, { field: "ordersCount", query }, matchesOrder(context.now));
    const found = context.shop.orders.sorted("id").filter((order) => visible(context, order) && matches(order));
    return countOf(found.length, limit);
  },
};
