import type { ShopifyOrder } from "../../../reconciliation/order";
import { healOrder, type Healed, type Means } from "./heal-order";

/** How many orders in a row may go unanswered before the rest is not tried. */
const UNANSWERED_IN_A_ROW = 3;

export interface HealRun {
  readonly results: readonly Healed[];
  /** What ended it before all were tried. */
  readonly stoppedBy: Error | undefined;
}

/**
 * Heals orders in their sequence, a few at a time. It ends early on an interruption, on an error of a client or of the door,
 * and when there is no answer; orders that are under way are seen to their end.
 */
export async function healOrders(
  orders: readonly Pick<ShopifyOrder, "id" | "name">[],
  means: Means,
  { inFlight, onResult }: { readonly inFlight: number; readonly onResult: (result: Healed) => void },
): Promise<HealRun> {
  const results: Healed[] = [];
  const queue = [...orders];
  let unanswered = 0;
  let stoppedBy: Error | undefined;
  const worker = async (): Promise<void> => {
    while (stoppedBy === undefined && !means.signal.aborted) {
      const order = queue.shift();
      if (order === undefined) return;
      try {
        const result = await healOrder(order, means);
        results.push(result);
        onResult(result);
        unanswered = result.outcome === "unanswered" ? unanswered + 1 : 0;
        if (unanswered >= UNANSWERED_IN_A_ROW) stoppedBy ??= new Error(result.why);
      } catch (error) {
        stoppedBy ??= error instanceof Error ? error : new Error(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return { results, stoppedBy };
}
