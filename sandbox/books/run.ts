import { judge, type Row } from "./judge";
import type { Kind } from "./kinds";
import { eventsOf, type Event } from "./payload";
import { makeCatalogue, readBooks, send, worked, type Books, type Sent } from "./site";

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
  // Unique over runs on one site, and below the largest whole number when an order's parts are numbered.
  const first = (Math.floor(at.getTime() / 1000) % 100_000_000) * 1000;
  const stories = kinds.map((kind, index) => {
    const id = first + index;
    return { kind, id, events: eventsOf(kind, { id, at, ...money }) };
  });
  const steps = Math.max(0, ...stories.map(({ events }) => events.length));
  const sent = (done: number): readonly Sent[] =>
    stories.map(({ id, events }) => ({ id, at, deliveries: Math.min(done, events.length) }));
  for (let step = 0; step < steps; step += 1) {
    const due: readonly Event[] = stories.flatMap(({ events }) => events.slice(step, step + 1));
    money.onStep?.(`step ${step + 1} of ${steps}: ${due.length} deliveries`);
    for (const event of due) await send(books, event);
    await worked(books, sent(step + 1));
  }
  const logs = await worked(books, sent(steps));
  const booked = await readBooks(books, sent(steps));
  return stories.map(({ kind, id }) => {
    const log = logs.get(String(id)) ?? [];
    return judge(kind, { order: booked.get(String(id)), log, decimals: money.decimals });
  });
}
