import type { TestedOrder } from "../../../clients/shopify-test-orders";
import type { ArchivedOrder } from "./drive";

/** The first archived order that can become a Sales Order: not cancelled, and every product is still there. */
export function newestArchived(orders: readonly TestedOrder[]): ArchivedOrder | undefined {
  const found = orders.find(
    ({ closedAt, cancelledAt, lineItems }) =>
      closedAt !== null &&
      cancelledAt === null &&
      lineItems.nodes.length > 0 &&
      lineItems.nodes.every(({ product }) => product !== null),
  );
  return found === undefined ? undefined : archivedOrder(found);
}

export function archivedOrder({ legacyResourceId, name, createdAt }: TestedOrder): ArchivedOrder {
  return { id: legacyResourceId, name, createdAt: new Date(createdAt) };
}
