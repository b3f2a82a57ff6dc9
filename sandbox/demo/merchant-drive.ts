import { topicOf, type ConnectorEvent } from "../../core/connector";
import type { ArchivedOrder, Drive, DrivenOrder, Tidied } from "../../scripts/lib/validate/drive";
import type { ShopifyStandIn } from "../shopify";

/** The merchant of the sandbox's shop: everything happens at the stand-in, which then delivers by itself. */
export class MerchantDrive implements Drive {
  readonly name = "the sandbox's merchant";

  constructor(private readonly shopify: ShopifyStandIn) {}

  place(quantity: number): Promise<DrivenOrder> {
    const shop = this.shopify.shop();
    const variantId = shop.state.products[0]?.variants[0]?.id ?? 0;
    const { id, name } = shop.createOrder({ lines: [{ variantId, quantity }] });
    return Promise.resolve({ id: String(id), name });
  }

  pay({ id }: DrivenOrder): Promise<void> {
    this.shopify.shop().payOrder(Number(id));
    return Promise.resolve();
  }

  ship({ id }: DrivenOrder, quantity: number): Promise<void> {
    const shop = this.shopify.shop();
    const [line] = shop.order(Number(id)).line_items;
    shop.fulfillOrder(Number(id), new Map([[line?.id ?? 0, quantity]]));
    return Promise.resolve();
  }

  cancel({ id }: DrivenOrder): Promise<void> {
    this.shopify.shop().cancelOrder(Number(id));
    return Promise.resolve();
  }

  /** The newest that was archived long before the stack was: only a pull of history brings it. */
  archived(): Promise<ArchivedOrder | undefined> {
    const order = this.shopify
      .shop()
      .orders.stored.findLast(
        ({ closed_at, cancelled_at, line_items }) =>
          closed_at !== null && cancelled_at === null && line_items.every(({ product_id }) => product_id !== null),
      );
    return Promise.resolve(order && { id: String(order.id), name: order.name, createdAt: new Date(order.created_at) });
  }

  /** What Shopify saw of its delivery. */
  proof(event: ConnectorEvent, { id }: DrivenOrder): string {
    const topic = topicOf(event);
    const delivery = this.shopify
      .deliveries()
      .findLast((candidate) => candidate.topic === topic && candidate.orderId === Number(id));
    if (delivery === undefined) return "not delivered";
    const { length } = delivery.attempts;
    const last = delivery.attempts.at(-1);
    return `delivered in ${length === 1 ? "1 attempt" : `${length} attempts`}: HTTP ${last?.status ?? last?.error ?? "?"}`;
  }

  /** The demo destroys it all anyway. */
  tidy(): Promise<Tidied> {
    return Promise.resolve({ done: [], left: [] });
  }
}
