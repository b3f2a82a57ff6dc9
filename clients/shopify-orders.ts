import { decimalOf, sumOf, type Decimal } from "../reconciliation/amount";
import type { OrderLine, ShopifyOrder } from "../reconciliation/order";
import { compareOrderIds } from "../reconciliation/order-id";
import type { Page, ScanScope } from "../reconciliation/scan";
import type { ShopifyQueries } from "./shopify-api";
import { ORDER_COUNT, ORDER_LINES, ORDER_PAGE, ORDERS_BY_ID, type ShopifyOperation } from "./shopify-operations";
import type { OrderNode, ShopMoney } from "./shopify-order-fields";

/** How many ids Shopify takes in one list. */
const IDS_A_QUERY = 250;
/** How many orders are asked for their lines at a time; see {@link ORDER_LINES}. */
const ORDERS_A_LINES_QUERY = 25;

/**
 * The orders of one shop as the reconciliation reads them. Without `read_all_orders` the shop shows the last 60 days and
 * says nothing of the rest, so a caller has to know the app's scopes.
 */
export class ShopifyOrders {
  constructor(private readonly shop: ShopifyQueries) {}

  /** Up to 250 orders with ids above `after`, ascending by id. @throws ShopifyError */
  async page(scope: ScanScope, after: string | null): Promise<Page<ShopifyOrder>> {
    const { orders } = await this.shop.query(ORDER_PAGE, { query: searchFor(scope, after) });
    return { orders: orders.nodes.map(orderOf), last: !orders.pageInfo.hasNextPage };
  }

  /** How many orders there are; undefined where Shopify gives only a lower bound or nothing. @throws ShopifyError */
  async count(scope: ScanScope): Promise<number | undefined> {
    const { ordersCount } = await this.shop.query(ORDER_COUNT, { query: searchFor(scope, null) });
    return ordersCount?.precision === "EXACT" ? ordersCount.count : undefined;
  }

  /** The orders with these ids that can be seen, ascending by id. @throws ShopifyError */
  async withIds(ids: readonly string[]): Promise<readonly ShopifyOrder[]> {
    const nodes = await this.#nodes(ORDERS_BY_ID, globalIds(ids), IDS_A_QUERY);
    return nodes.map(orderOf).sort((a, b) => compareOrderIds(a.id, b.id));
  }

  /** The orders of this name ("#1001"); a shop that changed its numbering may have several. @throws ShopifyError */
  async named(name: string): Promise<readonly ShopifyOrder[]> {
    const { orders } = await this.shop.query(ORDER_PAGE, { query: `name:'${name.replace(/[\\']/g, "")}'` });
    return orders.nodes.map(orderOf).filter((order) => order.name === name);
  }

  /** The first 100 lines of each of these orders. @throws ShopifyError */
  async lines(ids: readonly string[]): Promise<ReadonlyMap<string, readonly OrderLine[]>> {
    const nodes = await this.#nodes(ORDER_LINES, globalIds(ids), ORDERS_A_LINES_QUERY);
    return new Map(
      nodes.map(({ legacyResourceId, lineItems }) => [
        legacyResourceId,
        lineItems.nodes.map(({ title, vendor, product }) => ({
          title,
          vendor,
          productId: product?.legacyResourceId ?? null,
        })),
      ]),
    );
  }

  async #nodes<Node>(
    operation: ShopifyOperation<{ readonly nodes: readonly (Node | null)[] }, { readonly ids: readonly string[] }>,
    ids: readonly string[],
    size: number,
  ): Promise<Node[]> {
    const found: Node[] = [];
    for (let start = 0; start < ids.length; start += size) {
      const { nodes } = await this.shop.query(operation, { ids: ids.slice(start, start + size) });
      found.push(...nodes.filter((node) => node !== null));
    }
    return found;
  }
}

/** Shopify's search syntax; null finds everything. A range of ids has only closed bounds in its documentation. */
function searchFor({ createdFrom, updatedFrom, updatedTo }: ScanScope, after: string | null): string | null {
  const terms = [
    ...(after === null ? [] : [`id:>=${BigInt(after) + 1n}`]),
    ...(createdFrom === undefined ? [] : [`created_at:>='${createdFrom}'`]),
    ...(updatedFrom === undefined ? [] : [`updated_at:>='${updatedFrom}'`]),
    ...(updatedTo === undefined ? [] : [`updated_at:<='${updatedTo}'`]),
  ];
  return terms.length === 0 ? null : terms.join(" AND ");
}

function globalIds(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].map((id) => `gid://shopify/Order/${id}`);
}

function orderOf(node: OrderNode): ShopifyOrder {
  const { name, createdAt, updatedAt, cancelledAt, closedAt, test, edited, taxesIncluded } = node;
  return {
    id: node.legacyResourceId,
    ...{ name, createdAt, updatedAt, cancelledAt, closedAt, test, edited, taxesIncluded },
    financialStatus: node.displayFinancialStatus,
    fulfillmentStatus: node.displayFulfillmentStatus,
    currency: node.currencyCode,
    presentmentCurrency: node.presentmentCurrencyCode,
    gateways: node.paymentGatewayNames,
    ...amountsOf(node),
    fulfilments: node.fulfillments.map(({ legacyResourceId, status, totalQuantity }) => ({
      id: legacyResourceId,
      status,
      pieces: totalQuantity,
    })),
  };
}

function amountsOf(node: OrderNode) {
  return {
    placed: amountIn(node.originalTotalPriceSet),
    total: amountIn(node.totalPriceSet),
    current: amountIn(node.currentTotalPriceSet),
    tax: amountIn(node.totalTaxSet),
    shipping: added([node.currentShippingPriceSet, node.totalRefundedShippingSet]),
    shippingTax: added((node.shippingLine?.taxLines ?? []).map(({ priceSet }) => priceSet)),
    discounts: amountIn(node.totalDiscountsSet),
    tips: amountIn(node.totalTipReceivedSet),
    duties: added([node.currentTotalDutiesSet, node.currentTotalAdditionalFeesSet]),
    received: amountIn(node.totalReceivedSet),
    refunded: amountIn(node.totalRefundedSet),
    outstanding: amountIn(node.totalOutstandingSet),
  };
}

/** Shopify leaves out what an order does not have at all. */
function amountIn(set: ShopMoney | null): Decimal {
  return set?.shopMoney.amount ?? "0.0";
}

function added(sets: readonly (ShopMoney | null)[]): Decimal {
  const [first = null, ...others] = sets;
  if (others.every((set) => set === null)) return amountIn(first);
  return decimalOf(sumOf(sets.map(amountIn)));
}
