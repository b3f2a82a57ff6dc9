import { InvalidArgumentError } from "commander";

import type { CommonOptions } from "../cli/command";
import type { DeliveryItem } from "./report";

/** What `deliveries` was asked. */
export interface DeliveriesOptions extends CommonOptions {
  readonly replay?: boolean;
  readonly apply?: boolean;
  /** Shopify's number of an order. */
  readonly order?: string;
  /** RFC 3339, in UTC. */
  readonly since?: string;
}

/** Shopify's number of an order, which stands in the address of its page. @throws InvalidArgumentError, which is wrong usage */
export function orderId(value: string): string {
  if (/^\d{1,20}$/.test(value)) return value;
  throw new InvalidArgumentError("write the order's number as Shopify's address of it has it, such as 5800000001001");
}

/** A day, or a moment with its zone (RFC 3339). */
const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** A day stands for its first moment in UTC. @throws InvalidArgumentError, which is wrong usage */
export function moment(value: string): string {
  const day = value.slice(0, 10);
  const [start, time] = [new Date(day), Date.parse(value)];
  // JavaScript takes the 30th of February for the 2nd of March.
  const exists = MOMENT.test(value) && !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day);
  if (exists && !Number.isNaN(time)) return new Date(time).toISOString();
  throw new InvalidArgumentError('write a day such as "2026-01-31", or a moment such as "2026-01-31T12:00:00Z"');
}

/** What `deliveries-replay` takes (deliveries/admin.py): an order, or a time, or what failed. */
export function replayParameters({ order, since }: DeliveriesOptions): Readonly<Record<string, string | boolean>> {
  if (order !== undefined) return { order };
  return since === undefined ? { failed: true } : { since };
}

/** Those of the list that the options name. */
export function chosen(items: readonly DeliveryItem[], { replay, order, since }: DeliveriesOptions): DeliveryItem[] {
  return items.filter((item) => {
    if (order !== undefined && item.order !== order) return false;
    if (since !== undefined && Date.parse(item.receivedAt) < Date.parse(since)) return false;
    return replay !== true || order !== undefined || since !== undefined || item.state === "failed";
  });
}
