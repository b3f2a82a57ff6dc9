import { historyPlan, rangeOf, roughly, type Bounds, type Days } from "./plan";
import type { Window } from "./windows";

const NOW = new Date("2026-11-26T20:00:00.700Z");
const bounds = { timeZone: "Europe/Berlin", now: NOW, visibleOnly: false };

it.each<[string, Partial<Days & Bounds>, { from: string; to: string }]>([
  [
    "days of the company's calendar",
    { from: "2026-01-01", to: "2026-06-30" },
    { from: "2025-12-31T23:00:00Z", to: "2026-06-30T22:00:00Z" },
  ],
  ["until now without an end", { from: "2026-11-26" }, { from: "2026-11-25T23:00:00Z", to: "2026-11-26T20:00:01Z" }],
  [
    "no further than now",
    { from: "2026-11-26", to: "2027-01-01", timeZone: "UTC" },
    { from: "2026-11-26T00:00:00Z", to: "2026-11-26T20:00:01Z" },
  ],
  [
    "60 days where no more can be seen",
    { from: "2020-01-01", visibleOnly: true },
    { from: "2026-09-27T20:00:01Z", to: "2026-11-26T20:00:01Z" },
  ],
  [
    "less than 60 days when asked",
    { from: "2026-11-01", visibleOnly: true, timeZone: "UTC" },
    { from: "2026-11-01T00:00:00Z", to: "2026-11-26T20:00:01Z" },
  ],
])("is %s", (_title, { from = "", to, ...changes }, expected) => {
  expect(rangeOf({ from, ...(to === undefined ? {} : { to }) }, { ...bounds, ...changes }, "acme")).toEqual(expected);
});

it("refuses an empty range", () => {
  expect(() => rangeOf({ from: "2026-02-01", to: "2026-01-01" }, bounds, "acme")).toThrow(
    'the history from 2026-01-31T23:00:00Z to 2026-01-01T23:00:00Z is empty for customer "acme"',
  );
});

const windows = (...orders: number[]): Window[] =>
  orders.map((count, n) => ({ from: `2026-01-0${n + 1}T00:00:00Z`, to: `2026-01-0${n + 1}T23:59:59Z`, orders: count }));

it.each([
  [windows(3, 1), 600],
  [windows(900, 1_000), 10_000],
  [windows(5_000), 21_600],
])("gives the largest of %j five times what is expected, within bounds", (given, windowSeconds) => {
  expect(historyPlan(given, 1_000, "acme")).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{12}$/) as unknown,
    windows: given,
    windowSeconds,
  });
});

it("has the same id for the same windows alone", () => {
  const id = (given: Window[]): string => historyPlan(given, 1_000, "acme").id;
  expect(id(windows(3, 1))).toBe(id(windows(3, 1)));
  expect(id(windows(3, 1))).not.toBe(id(windows(3, 2)));
});

it("refuses more windows than a request holds", () => {
  const many = Array.from({ length: 1_200 }, () => windows(1)[0]!);
  expect(() => historyPlan(many, 1_000, "acme")).toThrow("give a larger --window, such as 1200");
});

it.each([
  [10, "about 1 min"],
  [2_400, "about 40 min"],
  [10_000, "about 3 h"],
  [500_000, "about 6 days"],
])("says of %d s %s", (seconds, words) => {
  expect(roughly(seconds)).toBe(words);
});
