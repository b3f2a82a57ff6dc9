import { InvalidArgumentError } from "commander";

import { chosen, moment, orderId, replayParameters, type DeliveriesOptions } from "./options";
import type { DeliveryItem } from "./report";

const FAILED: DeliveryItem = {
  id: "1-0",
  webhookId: "w1",
  topic: "orders/create",
  order: "5800000001001",
  state: "failed",
  triggeredAt: null,
  receivedAt: "2026-11-29T10:00:00Z",
  attempts: 9,
  words: null,
};
const WAITING: DeliveryItem = {
  ...FAILED,
  id: "2-0",
  order: "5800000001002",
  state: "waiting",
  receivedAt: "2026-11-30T10:00:00Z",
};

it.each([
  ["2026-01-31", "2026-01-31T00:00:00.000Z"],
  ["2026-01-31T12:00:00+01:00", "2026-01-31T11:00:00.000Z"],
  ["2026-01-31T12:00Z", "2026-01-31T12:00:00.000Z"],
])("%s is the moment %s", (value, expected) => {
  expect(moment(value)).toBe(expected);
});

it.each(["", "yesterday", "2026-02-30", "2026-13-01", "2026-01-31T12:00:00", "2026-01-31T25:00:00Z", "20260131"])(
  "%j is no moment",
  (value) => {
    expect(() => moment(value)).toThrow(InvalidArgumentError);
  },
);

it.each(["#1001", "gid://shopify/Order/1", "-1", ""])("%j is no number of an order", (value) => {
  expect(() => orderId(value)).toThrow(InvalidArgumentError);
});

const ROWS: [DeliveriesOptions, DeliveryItem[], object][] = [
  [{}, [FAILED, WAITING], { failed: true }],
  [{ replay: true }, [FAILED], { failed: true }],
  [{ replay: true, order: WAITING.order }, [WAITING], { order: WAITING.order }],
  [{ order: FAILED.order }, [FAILED], { order: FAILED.order }],
  [{ replay: true, since: "2026-11-30T00:00:00.000Z" }, [WAITING], { since: "2026-11-30T00:00:00.000Z" }],
];

it.each(ROWS)("%j chooses what the server is asked for too", (options, items, parameters) => {
  expect(chosen([FAILED, WAITING], options)).toEqual(items);
  expect(replayParameters(options)).toEqual(parameters);
});
