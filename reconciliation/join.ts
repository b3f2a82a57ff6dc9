import { compareOrderIds, isOrderId } from "./order-id";

/** A side that is not what it has to be: whatever was found with it would be wrong. */
export class UnsortedOrders extends Error {
  override readonly name = "UnsortedOrders";
}

/** What both sides have under one id; at least one of them has something. */
export interface Pair<Left, Right> {
  readonly id: string;
  readonly left: Left | undefined;
  readonly right: Right | undefined;
}

interface Identified {
  readonly id: string;
}

/**
 * Joins two sides, each ascending by id without repeats, holding one object of each.
 * @throws UnsortedOrders naming the two ids that are out of order, or the malformed one.
 */
export async function* joinById<Left extends Identified, Right extends Identified>(
  left: AsyncIterable<Left>,
  right: AsyncIterable<Right>,
  names: { readonly left: string; readonly right: string },
): AsyncGenerator<Pair<Left, Right>, void, undefined> {
  const lefts = new Ascending(left, names.left);
  const rights = new Ascending(right, names.right);
  try {
    let [l, r] = [await lefts.next(), await rights.next()];
    while (l !== undefined || r !== undefined) {
      const order = l === undefined ? 1 : r === undefined ? -1 : compareOrderIds(l.id, r.id);
      const id = (order <= 0 ? l : r)?.id ?? "";
      yield { id, left: order <= 0 ? l : undefined, right: order >= 0 ? r : undefined };
      if (order <= 0) l = await lefts.next();
      if (order >= 0) r = await rights.next();
    }
  } finally {
    await lefts.close();
    await rights.close();
  }
}

/** One side, read one by one and held against its promise to be sorted. */
class Ascending<T extends Identified> {
  readonly #iterator: AsyncIterator<T>;
  #last: string | undefined;

  constructor(
    source: AsyncIterable<T>,
    private readonly side: string,
  ) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  async next(): Promise<T | undefined> {
    const result = await this.#iterator.next();
    if (result.done === true) return undefined;
    const { id } = result.value;
    if (!isOrderId(id)) throw new UnsortedOrders(`${this.side} gave "${id}", which is no order id.`);
    if (this.#last !== undefined && compareOrderIds(this.#last, id) >= 0) {
      throw new UnsortedOrders(
        `${this.side} gave order ${id} after order ${this.#last}: its orders must ascend by id.`,
      );
    }
    this.#last = id;
    return result.value;
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}
