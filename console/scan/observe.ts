import { compareOrderIds } from "../../reconciliation/order-id";
import { StepEnds, type Page, type Sides } from "../../reconciliation/scan";
import type { Evidence } from "../../reconciliation/missing";
import type { ShopifyOrder } from "../../reconciliation/order";
import type { BothSides } from "../sides/sides";

/** An order that went by. */
export type Passed = Pick<ShopifyOrder, "id" | "createdAt">;

/** A side failed. The step ends there, with what it had; the failure itself is told apart. */
class SideFailed extends StepEnds {
  override readonly name = "SideFailed";
}

/** Both sides as a step reads them: remembers which of Shopify's orders went by, and what went wrong. */
export class ObservedSides implements Sides {
  readonly #seen: Passed[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(private readonly sides: BothSides) {}

  readonly shopify = {
    page: async (...of: Parameters<Sides["shopify"]["page"]>): Promise<Page<ShopifyOrder>> => {
      const page = await this.#noting(() => this.sides.shopOrders.page(...of));
      this.#seen.push(...page.orders.map(({ id, createdAt }) => ({ id, createdAt })));
      return page;
    },
  };

  readonly erpnext = {
    page: (...of: Parameters<Sides["erpnext"]["page"]>) => this.#noting(() => this.sides.siteOrders.page(...of)),
    withIds: (...of: Parameters<Sides["erpnext"]["withIds"]>) =>
      this.#noting(() => this.sides.siteOrders.withIds(...of)),
  };

  readonly evidence: Evidence = {
    logs: (orders) => this.#noting(() => this.sides.siteOrders.logs(orders)),
    lines: (ids) => this.#noting(() => this.sides.shopOrders.lines(ids)),
  };

  /** Why the step ended early; undefined where no side failed. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Orders up to an id, ascending: those behind it were read but not compared. */
  through(id: string | null): readonly Passed[] {
    return id === null ? [] : this.#seen.filter((order) => compareOrderIds(order.id, id) <= 0);
  }

  async #noting<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof StepEnds) throw error;
      this.#failure ??= { error };
      throw new SideFailed();
    }
  }
}
