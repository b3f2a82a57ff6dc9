import { eventsOf, type Event } from "./events";
import { judge, type Row } from "./judge";
import type { Kind } from "./kinds";
import { makeCatalogue, send, worked, type Books } from "./site";
import { readBooks } from "./read-books";

/** The company's currency, and what is told of each step. */
export interface Money {
  readonly currency: string;
  readonly decimals: number;
  readonly onStep?: (words: string) => void;
}

/**
 * Delivers every kind of order, step by step: the first delivery of each, then, once ERPNext has worked them off, the second, and
 * so on, as Shopify's own come minutes apart. Then reads back what was booked.
 */
export async function runMatrix(books: Books, kinds: readonly Kind[], money: Money): Promise<readonly Row[]> {
  await makeCatalogue(books);
  const at = new Date();
  const first = firstId(at);
  const stories = kinds.map((kind, index) => {
    const id = first + index;
    return { kind, id, events: eventsOf(kind, { id, at, ...money }) };
  });
  const steps = Math.max(0, ...stories.map(({ events }) => events.length));
  const delivered = new Map<number, number>();
  for (let step = 0; step < steps; step += 1) {
    const due: readonly Event[] = stories.flatMap(({ events }) => events.slice(step, step + 1));
    money.onStep?.(`step ${step + 1} of ${steps}: ${due.length} deliveries`);
    for (const event of due) {
      books.shop?.know(event);
      await send(books, event);
      const id = Number(event.order["id"]);
      delivered.set(id, (delivered.get(id) ?? 0) + 1);
    }
    await worked(books, { at, delivered });
  }
  const logs = await worked(books, { at, delivered });
  const found = await readBooks(books, stories, logs);
  return stories.map(({ kind }, index) => {
    const of = found[index];
    if (of === undefined) throw new Error(`nothing was read of ${kind.kind}`);
    return judge(kind, of, money.decimals);
  });
}

/** Shopify's id of a run's first order: unique over runs on one site, and still a whole number when an order's parts are numbered. */
export function firstId(at: Date): number {
  return (Math.floor(at.getTime() / 1000) % 100_000_000) * 1000;
}
