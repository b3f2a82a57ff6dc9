import type { ConnectorEvent } from "../../../core/connector";
import type { Rest } from "./amounts";
import { ownProduct } from "./catalogue";
import type { Kind } from "./kinds";
import { restOrder } from "./rest-order";
import { happen } from "./steps";
import { numberOf, Story, type Draft } from "./story";

/** What a delivery says, and under which topic; with what Shopify answers from then on to every request. */
export interface Event {
  readonly topic: ConnectorEvent;
  readonly payload: Rest;
  readonly order: Rest;
  readonly product?: Rest;
}

/** Topics whose deliveries name the order and say nothing else of it. */
const BY_ID: Partial<Record<ConnectorEvent, (order: Rest) => Rest>> = {
  "refunds/create": ({ id, refunds }) => ({ ...(refunds as readonly Rest[]).at(-1), order_id: id }),
  "orders/edited": ({ id }) => ({ order_edit: { order_id: id } }),
};

/** Where an earlier order's id lies: half a million orders fit in a run. */
const EARLIER = 500;

/** The deliveries that Shopify would make of a kind of order, in their sequence. */
export function eventsOf(kind: Kind, draft: Draft): readonly Event[] {
  const product = kind.product === undefined ? {} : { product: ownProduct(kind.product, draft.id) };
  const story = new Story(kind, draft);
  const tell = (topic: ConnectorEvent): Event => {
    story.told += 1;
    const order = restOrder(story);
    return { topic, payload: BY_ID[topic]?.(order) ?? order, order, ...product };
  };
  if (kind.late !== undefined) {
    for (const step of kind.late) happen(story, step);
    return [...earlier(kind, draft), tell("orders/create")];
  }
  const events = [tell("orders/create")];
  for (const step of kind.then) {
    const topic = step === "repeats" ? undefined : happen(story, step);
    const last = events.at(-1);
    if (step === "repeats" && last !== undefined) events.push(last);
    else if (topic !== undefined) events.push(tell(topic));
  }
  const told = kind.reversed ? events.toReversed() : events;
  return [...earlier(kind, draft), ...told];
}

/** An order of the product as it was before. */
function earlier(kind: Kind, draft: Draft): readonly Event[] {
  if (kind.was === undefined) return [];
  const lines = kind.lines.filter(({ item }) => item === "own").map((line) => ({ ...line, variant: 1 }));
  const before = new Story({ ...kind, product: kind.was, lines: lines.slice(0, 1) }, draft);
  const order = { ...restOrder(before), id: draft.id + EARLIER, name: numberOf(draft.id + EARLIER) };
  return [{ topic: "orders/create", payload: order, order, product: ownProduct(kind.was, draft.id) }];
}
