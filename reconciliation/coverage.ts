import { DIFFERENCES, MISSING_REASONS, type Difference, type Finding, type MissingReason } from "./finding";
import { addMonthMoney, isAgreed, MoneyCounter, NO_MONTH_MONEY, type MonthMoney } from "./month-money";
import type { OrderMoney } from "./order-money";

/** What was counted of one month. Plain JSON. */
export interface MonthCount {
  /** Orders that Shopify has. */
  readonly shopify: number;
  /** Those of them that ERPNext has too. */
  readonly inErpnext: number;
  readonly missing: Readonly<Record<MissingReason, number>>;
  readonly different: Readonly<Record<Difference, number>>;
  /** In ERPNext only. */
  readonly orphans: number;
  /** In ERPNext, from a time that the app may not see in Shopify: whether anything is missing is unknown. */
  readonly unknown: number;
  readonly money: MonthMoney;
}

/** Counts by month of the order ("2026-11"). Plain JSON, for a file or a database. */
export type Coverage = Readonly<Record<string, MonthCount>>;

type Counts<Key extends string> = Record<Key, number>;
interface Counter {
  shopify: number;
  inErpnext: number;
  missing: Counts<MissingReason>;
  different: Counts<Difference>;
  orphans: number;
  unknown: number;
  readonly money: MoneyCounter;
}

function zeros<Key extends string>(keys: readonly Key[]): Counts<Key> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Counts<Key>;
}

function blank(): Omit<Counter, "money"> {
  return {
    shopify: 0,
    inErpnext: 0,
    missing: zeros(MISSING_REASONS),
    different: zeros(DIFFERENCES),
    orphans: 0,
    unknown: 0,
  };
}

const EMPTY: MonthCount = { ...blank(), money: NO_MONTH_MONEY };

/** What one order adds to the money of its month. */
export interface CountedMoney {
  readonly money: OrderMoney;
  /** Whether there is a finding about the order; a difference without one is a tolerated rounding. */
  readonly isFound: boolean;
}

/** Adds up one by one. */
export class CoverageCounter {
  readonly #months = new Map<string, Counter>();

  order(month: string, { inErpnext, ...counted }: CountedMoney & { readonly inErpnext: boolean }): void {
    const count = this.#month(month);
    count.shopify += 1;
    if (inErpnext) count.inErpnext += 1;
    count.money.add(counted.money, counted.isFound);
  }

  /** The money of an order that only ERPNext has. */
  money(month: string, { money, isFound }: CountedMoney): void {
    this.#month(month).money.add(money, isFound);
  }

  finding(month: string, finding: Finding): void {
    const count = this.#month(month);
    if (finding.kind === "missing") count.missing[finding.reason] += 1;
    else if (finding.kind === "different") count.different[finding.difference] += 1;
    else count.orphans += 1;
  }

  unknown(month: string): void {
    this.#month(month).unknown += 1;
  }

  counts(): Coverage {
    const months = [...this.#months].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      months.map(([month, { money, ...counts }]) => [month, { ...counts, money: money.sums() }]),
    );
  }

  #month(month: string): Counter {
    const known = this.#months.get(month);
    if (known !== undefined) return known;
    const fresh = { ...blank(), money: new MoneyCounter() };
    this.#months.set(month, fresh);
    return fresh;
  }
}

/** The sum of two counts. */
export function addCoverage(left: Coverage, right: Coverage): Coverage {
  const months = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  return Object.fromEntries(months.map((month) => [month, addMonths(left[month] ?? EMPTY, right[month] ?? EMPTY)]));
}

function addMonths(left: MonthCount, right: MonthCount): MonthCount {
  return {
    shopify: left.shopify + right.shopify,
    inErpnext: left.inErpnext + right.inErpnext,
    missing: addCounts(left.missing, right.missing, MISSING_REASONS),
    different: addCounts(left.different, right.different, DIFFERENCES),
    orphans: left.orphans + right.orphans,
    unknown: left.unknown + right.unknown,
    money: addMonthMoney(left.money, right.money),
  };
}

function addCounts<Key extends string>(
  left: Readonly<Record<Key, number>>,
  right: Readonly<Record<Key, number>>,
  keys: readonly Key[],
): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, left[key] + right[key]])) as Record<Key, number>;
}

/** Coverage as people read it. */
export interface CoverageSummary extends MonthCount {
  /** Share of Shopify's orders that ERPNext has (0 to 1); undefined where Shopify has none. */
  readonly share: number | undefined;
  /** The same without the orders that never can be there; see {@link STRUCTURAL_REASONS}. */
  readonly attainable: number | undefined;
  /** Whether the money of both sides is the same, month by month, but for tolerated roundings. */
  readonly agreed: boolean;
  /** The money by month ("2026-11"), the oldest first. */
  readonly months: Readonly<Record<string, MonthMoney>>;
  /** False where orders of a part of the time asked for cannot be seen: the figures then hold for the rest only. */
  readonly complete: boolean;
  /** What the figures mean, a sentence each. */
  readonly remarks: readonly string[];
}

/** Reasons that no delivery cures. */
export const STRUCTURAL_REASONS: readonly MissingReason[] = ["cancelled", "test-order", "deleted-product"];

/** @param visibleSince the month from which on the app sees all orders, where it lacks `read_all_orders`. */
export function summarize(coverage: Coverage, visibleSince?: string): CoverageSummary {
  const months = Object.fromEntries(Object.entries(coverage).map(([month, { money }]) => [month, money]));
  const sum = Object.values(coverage).reduce<MonthCount>(addMonths, EMPTY);
  const structural = STRUCTURAL_REASONS.reduce((total, reason) => total + sum.missing[reason], 0);
  const share = (of: number): number | undefined => (of === 0 ? undefined : sum.inErpnext / of);
  return {
    ...sum,
    share: share(sum.shopify),
    attainable: share(sum.shopify - structural),
    agreed: Object.values(months).every(isAgreed),
    months,
    complete: visibleSince === undefined,
    remarks: remarks({ sum, structural, visibleSince }),
  };
}

function remarks(of: { sum: MonthCount; structural: number; visibleSince: string | undefined }): readonly string[] {
  const { sum, structural, visibleSince } = of;
  const { missing } = sum;
  return [
    ...(structural === 0
      ? []
      : [
          `${structural} of ${sum.shopify} orders are not in ERPNext and no delivery helps: ${missing["deleted-product"]} ` +
            `with a deleted product, ${missing.cancelled} cancelled before they came, ${missing["test-order"]} test orders.`,
        ]),
    ...(missing["line-without-product"] === 0
      ? []
      : [`${missing["line-without-product"]} have a custom item or a tip, which the connector cannot book.`]),
    ...(missing.recent === 0 ? [] : [`${missing.recent} may still arrive by themselves.`]),
    ...(missing.error + missing.other === 0
      ? []
      : [
          `${missing.error + missing.other} can be delivered again: ${missing.error} failed, ${missing.other} never came.`,
        ]),
    ...(sum.orphans === 0 ? [] : [`${sum.orphans} ${sum.orphans === 1 ? "is" : "are"} in ERPNext only.`]),
    ...(visibleSince === undefined
      ? []
      : [
          `Of orders before ${visibleSince} nothing is known: the app lacks the scope read_all_orders` +
            (sum.unknown === 0 ? "." : `, and ERPNext has ${sum.unknown} of that time.`),
        ]),
  ];
}

/** Rounded down to a decimal, so that 100 % means all. */
export function percentOf(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}
