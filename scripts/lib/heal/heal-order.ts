import { setTimeout as sleep } from "node:timers/promises";

import type { FrappeOrders } from "../../../clients/frappe-orders";
import type { ShopifyClient } from "../../../clients/shopify";
import type { ShopifyOrders } from "../../../clients/shopify-orders";
import type { ConnectorEvent } from "../../../core/connector";
import type { Expectations } from "../../../reconciliation/compared";
import { isOf, type OrderEvent } from "../../../core/connector";
import { nextDelivery } from "../../../reconciliation/healing";
import type { LogEntry, ShopifyOrder } from "../../../reconciliation/order";
import { DoorUnreachable, type Delivery } from "./delivery";

/** What healing needs of the world. */
export interface Means {
  readonly wanted: Expectations;
  readonly shopify: Pick<ShopifyOrders, "withIds">;
  readonly erpnext: Pick<FrappeOrders, "withIds" | "logs">;
  readonly orderText: ShopifyClient["orderText"];
  readonly deliver: (delivery: Delivery) => Promise<void>;
  /** Milliseconds in which a delivery has to be processed. */
  readonly waitMs: number;
  /** Milliseconds between two looks at the log. */
  readonly lookMs: number;
  readonly signal: AbortSignal;
}

export interface Healed {
  readonly id: string;
  readonly name: string;
  /** unanswered: the door or the queue did not answer, which says nothing about the order. */
  readonly outcome: "healed" | "failed" | "unanswered" | "stopped";
  /** What was delivered, in that sequence. */
  readonly delivered: readonly ConnectorEvent[];
  /** Why it is not healed; of a healed one what is different all the same, and no delivery's matter. */
  readonly why: string;
}

/** MariaDB's own words for two transactions in each other's way; what lost is rolled back and may be tried again. */
const IN_THE_WAY = /Deadlock found|Lock wait timeout|try restarting transaction/i;
/** How many times one event is delivered when transactions get into each other's way. */
const TRIES = 3;

const NO_CHANGE = "it changed nothing";
const GONE = "it is gone from Shopify";

/**
 * Delivers what an order lacks, one event after the other, each only when the one before it has been processed. What it
 * lacks is looked up again before each, so a repetition delivers nothing that is there already.
 * @throws whatever the clients throw
 */
export async function healOrder({ id, name }: Pick<ShopifyOrder, "id" | "name">, means: Means): Promise<Healed> {
  const delivered: ConnectorEvent[] = [];
  const ended = (outcome: Healed["outcome"], why = ""): Healed => ({ id, name, outcome, delivered, why });
  let [said, again] = [NO_CHANGE, false];
  for (;;) {
    const [shopify] = await means.shopify.withIds([id]);
    const [erpnext] = await means.erpnext.withIds([id]);
    const next = nextDelivery(shopify, erpnext, means.wanted);
    if (next.kind === "whole") return ended("healed", next.left);
    if (shopify === undefined) return ended("failed", GONE);
    if (next.kind === "stuck") return ended("failed", next.why);
    const tries = delivered.filter((event) => event === next.event).length;
    if (tries > 0 && (!again || tries >= TRIES)) return ended("failed", `${next.event} was taken and ${said}`);
    if (means.signal.aborted) return ended("stopped", "interrupted");
    const answer = await handOver(shopify, next.event, means);
    if (answer.taken) delivered.push(next.event);
    if ("outcome" in answer) return ended(answer.outcome, answer.why);
    ({ said, again } = answer);
  }
}

/** Whether the door took it, and how it ended: with what the connector said, or in a way that ends the order. */
type Answer = { readonly taken: boolean } & (
  { readonly said: string; readonly again: boolean } | { readonly outcome: Healed["outcome"]; readonly why: string }
);

async function handOver(order: ShopifyOrder, event: OrderEvent, means: Means): Promise<Answer> {
  const body = await means.orderText(order.id);
  if (body === undefined) return { taken: false, outcome: "failed", why: GONE };
  const before = new Set((await logsOf(order, means)).map(({ name }) => name));
  try {
    await means.deliver({ event, body });
  } catch (error) {
    if (error instanceof DoorUnreachable) return { taken: false, outcome: "unanswered", why: error.message };
    throw error;
  }
  const entry = await workedOff(order, { event, before }, means);
  if (entry === undefined) {
    const why = `${event} was not processed in ${means.waitMs / 1000} s`;
    return { taken: true, outcome: "unanswered", why };
  }
  const again = entry.status === "Error" && IN_THE_WAY.test(entry.message);
  if (entry.status === "Error" && !again) return { taken: true, outcome: "failed", why: entry.message };
  const said = entry.status === "Success" ? NO_CHANGE : `the connector said "${entry.message}"`;
  return { taken: true, said, again };
}

async function logsOf(order: ShopifyOrder, { erpnext }: Means): Promise<readonly LogEntry[]> {
  return (await erpnext.logs([order])).get(order.id) ?? [];
}

/**
 * The log row of the delivery, once it says how it ended. One of Shopify's own may land meanwhile, and the server makes the order itself
 * where an event needs it, so a row of another event's method is not it. An interruption waits for it too: it is under way.
 */
async function workedOff(
  order: ShopifyOrder,
  { event, before }: { readonly event: OrderEvent; readonly before: ReadonlySet<string> },
  means: Means,
): Promise<LogEntry | undefined> {
  const deadline = performance.now() + means.waitMs;
  const isOwn = (entry: LogEntry): boolean =>
    !before.has(entry.name) && entry.status !== "Queued" && isOf(event, entry);
  for (;;) {
    const entry = (await logsOf(order, means)).find(isOwn);
    if (entry !== undefined || performance.now() >= deadline) return entry;
    await sleep(means.lookMs);
  }
}
