import fc from "fast-check";

import { CHART_HEIGHT, columnOf, newestMonths, seriesOf, totalOf, type SeriesCounts } from "./chart";
import { month } from "./testing/world";

/** What a column is made of, from the bottom up. */
function counts(...[there, explained = 0, attention = 0, unknown = 0]: readonly [number, ...number[]]): SeriesCounts {
  return { there, explained, attention, unknown };
}

it("adds up the reasons to what needs action, and what does not", () => {
  const missing = { recent: 1, cancelled: 2, "deleted-product": 4, error: 8, other: 16 };
  expect(seriesOf(month("2026-11", { shopify: 131, inErpnext: 100, missing, unknown: 5 }))).toEqual(
    counts(100, 7, 24, 5),
  );
});

describe("a column", () => {
  it("is as high as its month, from the bottom up", () => {
    expect(columnOf(counts(50, 25, 0, 0), 100)).toEqual([
      { series: "there", y: 50, height: 50 },
      { series: "explained", y: 25, height: 25 },
    ]);
  });

  it("shows one missing order of a million", () => {
    expect(columnOf(counts(999_999, 0, 1), 1_000_000)).toEqual([
      { series: "there", y: 1.96, height: 98.04 },
      { series: "attention", y: 0, height: 1.96 },
    ]);
  });

  it("of a month without orders is empty", () => {
    expect(columnOf(counts(0), 100)).toEqual([]);
  });

  it("never leaves the drawing, and leaves out nothing that is there", () => {
    const count = fc.oneof(fc.constant(0), fc.nat(1_000_000_000));
    fc.assert(
      fc.property(count, count, count, count, (...four) => {
        const of = counts(...four);
        const pieces = columnOf(of, Math.max(1, totalOf(of)));
        expect(pieces.map(({ series }) => series)).toEqual(
          (["there", "explained", "attention", "unknown"] as const).filter((series) => of[series] > 0),
        );
        for (const { y, height } of pieces) {
          expect(y).toBeGreaterThanOrEqual(0);
          expect(height).toBeGreaterThan(1);
          expect(y + height).toBeLessThanOrEqual(CHART_HEIGHT + 0.05);
        }
      }),
    );
  });
});

describe("the axis", () => {
  it("has the newest months, oldest first, whatever their sequence", () => {
    const months = [month("2026-01"), month("2026-03"), month("2026-02")];
    expect(newestMonths(months, 2).map((each) => each.month)).toEqual(["2026-02", "2026-03"]);
  });

  it("has no holes, over a year's end either", () => {
    const row = newestMonths([month("2025-11", { shopify: 3 }), month("2026-02", { shopify: 4 })], 24);
    expect(row.map(({ month: name, shopify }) => [name, shopify])).toEqual([
      ["2025-11", 3],
      ["2025-12", 0],
      ["2026-01", 0],
      ["2026-02", 4],
    ]);
  });

  it("of no months has none", () => {
    expect(newestMonths([], 24)).toEqual([]);
  });
});
