import { MISSING_REASONS } from "../../reconciliation/finding";
import type { MonthCoverage } from "../model";

/** What a month's column is made of, from the bottom up. */
export const SERIES = ["there", "explained", "attention", "unknown"] as const;
export type Series = (typeof SERIES)[number];

export type SeriesCounts = Readonly<Record<Series, number>>;

/** A piece of a column in a drawing {@link CHART_HEIGHT} high, measured from its top. */
export interface Piece {
  readonly series: Series;
  readonly y: number;
  readonly height: number;
}

export const CHART_HEIGHT = 100;
/** What is there at all can be seen: one missing order of a thousand too. */
const LEAST_HEIGHT = 2;

export function seriesOf({ inErpnext, missing, unknown }: MonthCoverage): SeriesCounts {
  return {
    there: inErpnext,
    explained: missing.cancelled + missing["test-order"] + missing["deleted-product"] + missing.recent,
    attention: missing.error + missing.other + missing["line-without-product"],
    unknown,
  };
}

/** The column of a month. @param highest the sum of the highest month's series, which fills the height */
export function columnOf(counts: SeriesCounts, highest: number): readonly Piece[] {
  const present = SERIES.filter((series) => counts[series] > 0);
  const heights = present.map((series) => Math.max(LEAST_HEIGHT, (CHART_HEIGHT * counts[series]) / highest));
  const scale = Math.min(1, CHART_HEIGHT / sum(heights));
  let top = CHART_HEIGHT;
  return present.map((series, index) => {
    const height = hundredth((heights[index] ?? 0) * scale);
    top = hundredth(top - height);
    return { series, y: Math.max(0, top), height };
  });
}

export function totalOf(counts: SeriesCounts): number {
  return sum(Object.values(counts));
}

const NOTHING = Object.fromEntries(MISSING_REASONS.map((reason) => [reason, 0])) as MonthCoverage["missing"];

/** The newest months with those between them without orders: an axis of time has no holes. Oldest first. */
export function newestMonths(months: readonly MonthCoverage[], length: number): readonly MonthCoverage[] {
  const known = new Map(months.map((month) => [month.month, month]));
  const names = [...known.keys()].sort();
  const first = names[0];
  let name = names.at(-1);
  const row: MonthCoverage[] = [];
  while (first !== undefined && name !== undefined && name >= first && row.length < length) {
    row.unshift(
      known.get(name) ?? { month: name, shopify: 0, inErpnext: 0, missing: NOTHING, unknown: 0, money: null },
    );
    name = monthBefore(name);
  }
  return row;
}

function monthBefore(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const [y, m] = number === 1 ? [year - 1, 12] : [year, number - 1];
  return `${String(y).padStart(4, "0")}-${String(m).padStart(2, "0")}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
