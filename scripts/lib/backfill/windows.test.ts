import fc from "fast-check";

import { planWindows, timeOf, type Window } from "./windows";

const RANGE = { from: "2026-01-01T00:00:00Z", to: "2026-12-31T23:59:59Z" };

/** Counts the moments (seconds since 1970) in a range, and how often it was asked. */
function counter(moments: readonly number[]) {
  const asked: unknown[] = [];
  const count = (range: Omit<Window, "orders">): Promise<number> => {
    asked.push(range);
    const [from, to] = [Date.parse(range.from) / 1000, Date.parse(range.to) / 1000];
    return Promise.resolve(moments.filter((moment) => moment >= from && moment <= to).length);
  };
  return { asked, count };
}

const START = Date.parse(RANGE.from) / 1000;
const DAY = 86_400;

/** `each` orders a day, for so many days from the range's `first` day on. */
function daily(first: number, days: number, each: number): number[] {
  return Array.from({ length: days * each }, (_, n) => START + (first + Math.floor(n / each)) * DAY + (n % each) * 60);
}

/** No second lies between two windows, and none before the first or after the last. */
function expectToCover(windows: readonly Window[]): void {
  expect(windows[0]?.from).toBe(RANGE.from);
  expect(windows.at(-1)?.to).toBe(RANGE.to);
  for (const [index, window] of windows.slice(1).entries()) expect(window.from).toBe(windows[index]!.to);
}

it.each<[string, number[], number]>([
  ["a steady shop", daily(0, 365, 3), 100],
  ["a shop that began late", daily(300, 65, 20), 100],
  ["a shop with one great day", [...daily(10, 20, 1), ...daily(200, 1, 900), ...daily(364, 1, 5)], 100],
  ["windows of a single order", daily(40, 9, 1), 1],
])("finds every order of %s, in windows that are small enough", async (_title, moments, orders) => {
  const { count, asked } = counter(moments);
  const windows = await planWindows(RANGE, count, { orders });
  expect(windows.reduce((sum, window) => sum + window.orders, 0)).toBe(moments.length);
  expect(windows.every((window) => window.orders > 0 && window.orders <= orders)).toBe(true);
  expectToCover(windows);
  for (const [index, window] of windows.slice(1).entries()) {
    // Any two neighbours would be too many together.
    expect(window.orders + windows[index]!.orders).toBeGreaterThan(orders);
  }
  expect(asked.length).toBeLessThan(40 * windows.length + 60);
});

/** What a side of Shopify makes of a moment when it compares it with the border of a window. */
const CLOCKS = { fractions: (moment: number) => moment, "whole seconds": Math.floor };

it("pulls every order, whatever clock counts and whatever clock answers the pull", async () => {
  const clock = fc.constantFrom(...(Object.keys(CLOCKS) as (keyof typeof CLOCKS)[]));
  const moment = fc.double({ min: START, max: START + 40, noNaN: true });
  const range = { from: RANGE.from, to: timeOf(START + 41) };
  await fc.assert(
    fc.asyncProperty(fc.array(moment), clock, clock, fc.integer({ min: 1, max: 5 }), async (moments, ...rest) => {
      const [counting, pulling, orders] = rest;
      const windows = await planWindows(range, counter(moments.map(CLOCKS[counting])).count, { orders });
      const pulled = moments.filter((at) =>
        windows.some(({ from, to }) => {
          const seen = CLOCKS[pulling](at);
          return seen >= Date.parse(from) / 1000 && seen <= Date.parse(to) / 1000;
        }),
      );
      expect(pulled).toEqual(moments);
      expect(windows.reduce((sum, window) => sum + window.orders, 0)).toBe(moments.length);
    }),
  );
});

it("is one window for a shop that fits into one", async () => {
  const { count, asked } = counter(daily(5, 10, 1));
  expect(await planWindows(RANGE, count, { orders: 10 })).toEqual([{ ...RANGE, orders: 10 }]);
  expect(asked).toEqual([RANGE]);
});

it("is none for a shop without orders", async () => {
  expect(await planWindows(RANGE, counter([]).count, { orders: 10 })).toEqual([]);
});

it("does not halve a second", async () => {
  const { count } = counter(Array.from({ length: 50 }, () => START + 7.5));
  const windows = await planWindows(RANGE, count, { orders: 10 });
  expectToCover(windows);
  expect(windows).toContainEqual({ from: timeOf(START + 7), to: timeOf(START + 8), orders: 50 });
});
