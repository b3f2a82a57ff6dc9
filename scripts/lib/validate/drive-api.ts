import type { ShopifyQueries } from "../../../clients/shopify";
import {
  FULFILLMENT_CREATE,
  FULFILLMENT_ORDERS,
  NEWEST_ORDERS,
  ORDER_CANCEL,
  ORDER_CLOSE,
  ORDER_CREATE,
  ORDER_DELETE,
  ORDER_FIND,
  ORDER_MARK_AS_PAID,
} from "../../../clients/shopify-test-orders";
import type { ConnectorEvent } from "../../../core/connector";
import { archivedOrder } from "./archived";
import type { ArchivedOrder, Drive, DrivenOrder, Tidied } from "./drive";

/** What the app must be allowed to for this drive; the playbook's own scopes only read. */
export const API_DRIVE_SCOPES = [
  "write_orders",
  "read_merchant_managed_fulfillment_orders",
  "write_merchant_managed_fulfillment_orders",
] as const;

/** By this tag, the orders of an interrupted run are found by the next one. */
const TAG = "stack-validate";

const STEPS: Readonly<Record<ConnectorEvent, string>> = {
  "orders/create": "orderCreate",
  "orders/paid": "orderMarkAsPaid",
  "orders/fulfilled": "fulfillmentCreate",
  "orders/partially_fulfilled": "fulfillmentCreate",
  "orders/cancelled": "orderCancel",
  "refunds/create": "refundCreate",
  "orders/edited": "orderEditCommit",
};

/** Lets Shopify itself make test orders, by its Admin API: proves the whole way, Shopify's deliveries and signature included. */
export class ApiDrive implements Drive {
  readonly name = "api";

  /** @param variantGid what is ordered */
  constructor(
    private readonly shopify: ShopifyQueries,
    private readonly variantGid: string,
  ) {}

  async place(quantity: number): Promise<DrivenOrder> {
    const { orderCreate } = await this.shopify.query(ORDER_CREATE, {
      order: {
        test: true,
        financialStatus: "PENDING",
        lineItems: [{ variantId: this.variantGid, quantity }],
        note: "made by stack validate",
        tags: [TAG],
      },
    });
    const order = orderCreate?.order;
    if (order === undefined || order === null) throw new Error("Shopify made no order and said nothing of it");
    return { id: order.legacyResourceId, name: order.name };
  }

  async pay(order: DrivenOrder): Promise<void> {
    await this.shopify.query(ORDER_MARK_AS_PAID, { id: gid(order) });
  }

  async ship(order: DrivenOrder, quantity: number): Promise<void> {
    const found = await this.shopify.query(FULFILLMENT_ORDERS, { id: gid(order) });
    const open = (found.order?.fulfillmentOrders.nodes ?? []).flatMap(({ id, lineItems }) =>
      lineItems.nodes.filter((line) => line.remainingQuantity > 0).map((line) => ({ id, line: line.id })),
    );
    const [first] = open;
    if (first === undefined) throw new Error(`Shopify has nothing left to ship of order ${order.name}`);
    await this.shopify.query(FULFILLMENT_CREATE, {
      fulfillment: {
        notifyCustomer: false,
        lineItemsByFulfillmentOrder: [
          { fulfillmentOrderId: first.id, fulfillmentOrderLineItems: [{ id: first.line, quantity }] },
        ],
      },
    });
  }

  async cancel(order: DrivenOrder): Promise<void> {
    await this.shopify.query(ORDER_CANCEL, { id: gid(order) });
  }

  /** The order that was paid and shipped, archived: that is what becomes of most orders. */
  async archived(candidate: DrivenOrder | undefined): Promise<ArchivedOrder | undefined> {
    if (candidate === undefined) return undefined;
    await this.shopify.query(ORDER_CLOSE, { id: gid(candidate) });
    const { order } = await this.shopify.query(ORDER_FIND, { id: gid(candidate) });
    return order?.closedAt == null ? undefined : archivedOrder(order);
  }

  proof(event: ConnectorEvent): string {
    return `by ${STEPS[event]}`;
  }

  /** Deletes this run's orders and those of runs that were interrupted. */
  async tidy(): Promise<Tidied> {
    const { orders } = await this.shopify.query(NEWEST_ORDERS, { query: `tag:${TAG}` });
    const done: string[] = [];
    const left: string[] = [];
    for (const { id, name } of orders.nodes) {
      try {
        await this.shopify.query(ORDER_DELETE, { id });
        done.push(`Shopify order ${name} deleted`);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        left.push(`Shopify order ${name}: delete it in the admin (${why})`);
      }
    }
    return { done, left };
  }
}

function gid({ id }: DrivenOrder): string {
  return `gid://shopify/Order/${id}`;
}
