import type { D1Database } from "@cloudflare/workers-types";

import { text } from "../../core/messages";
import { MISSING_REASONS, type MissingReason } from "../../reconciliation/finding";
import type { MonthMoney } from "../../reconciliation/month-money";
import {
  COUNTED,
  HEALTH_CHECKS,
  type CompanyFormat,
  type ConsoleReader,
  type Counts,
  type FeedEntry,
  type Gap,
  type GapPage,
  type GapQuery,
  type HealthCheck,
  type MonthCoverage,
  type ScanReport,
  type Told,
} from "../model";
import type { Settings } from "../settings";
import { linksOf, type Links } from "./links";
import { readFact } from "./facts";
import { readFeed } from "./feed";
import { readGapPage } from "./gap-pages";
import { NEW_BOOK, type ScanBook } from "./scan-book";

/** What the page reads, out of the database alone. */
export class StoredReader implements ConsoleReader {
  readonly #links: Links;
  #book: Promise<ScanBook> | undefined;

  constructor(
    private readonly database: D1Database,
    private readonly settings: Settings,
  ) {
    this.#links = linksOf(settings);
  }

  company(): CompanyFormat {
    return this.settings.company;
  }

  async counts(): Promise<Counts> {
    return (await readFact(this.database, "counts")) ?? notCountedYet(new Date());
  }

  async months(): Promise<readonly MonthCoverage[]> {
    const { shown } = await this.#readBook();
    if (shown === null) return [];
    const [months, missing] = await this.database.batch([
      this.database
        .prepare("SELECT month, shopify, unknown, money FROM month WHERE generation = ?1 ORDER BY month")
        .bind(shown.generation),
      this.database
        .prepare(
          "SELECT month, reason, count(*) AS orders FROM gap WHERE generation = ?1 AND kind = 'missing' GROUP BY month, reason",
        )
        .bind(shown.generation),
    ]);
    return joined((months?.results ?? []) as MonthRow[], (missing?.results ?? []) as MissingRow[]);
  }

  async scan(): Promise<ScanReport> {
    const { shown, building, trouble } = await this.#readBook();
    return {
      complete: shown !== null,
      startedAt: shown?.startedAt ?? null,
      finishedAt: shown?.finishedAt ?? null,
      running:
        building === null
          ? null
          : {
              startedAt: building.orders.startedAt,
              ordersDone: Object.values(building.orders.coverage).reduce((sum, { shopify }) => sum + shopify, 0),
              ordersTotal: building.ordersTotal,
            },
      trouble: trouble?.why ?? null,
      visibleSince: (shown ?? building)?.visibleSince ?? null,
    };
  }

  async health(): Promise<readonly HealthCheck[]> {
    return (await readFact(this.database, "health")) ?? notLookedYet(new Date());
  }

  async feed(after: number | null, limit: number): Promise<readonly FeedEntry[]> {
    const rows = await readFeed(this.database, after, limit);
    return rows.map(({ id, side, kind, name, at, title, amount }) => {
      const url = side === "shopify" ? this.#links.order(name) : this.#links.document(kind, name);
      return { id, at, side, kind, title, amount, url };
    });
  }

  async gapCounts(): Promise<Readonly<Partial<Record<Gap["reason"], number>>>> {
    const { shown } = await this.#readBook();
    if (shown === null) return {};
    const { results } = await this.database
      .prepare("SELECT reason, count(*) AS gaps FROM gap WHERE generation = ?1 GROUP BY reason")
      .bind(shown.generation)
      .run<{ reason: Gap["reason"]; gaps: number }>();
    return Object.fromEntries(results.map(({ reason, gaps }) => [reason, gaps]));
  }

  async gaps(query: GapQuery): Promise<GapPage> {
    const { shown } = await this.#readBook();
    if (shown === null) return { gaps: [], total: 0, next: null };
    return readGapPage(this.database, { generation: shown.generation, links: this.#links }, query);
  }

  /** Once for all that is asked in one request, so that all of it is of one generation. */
  #readBook(): Promise<ScanBook> {
    this.#book ??= readFact(this.database, "scan").then((book) => book ?? NEW_BOOK);
    return this.#book;
  }
}

interface MonthRow {
  readonly month: string;
  readonly shopify: number;
  readonly unknown: number;
  /** Null of a month that only a recent scan knows: money is added up by whole comparisons. */
  readonly money: string | null;
}

interface MissingRow {
  readonly month: string;
  readonly reason: MissingReason;
  readonly orders: number;
}

/** What is not missing is there: so the months always agree with the list. */
function joined(months: readonly MonthRow[], rows: readonly MissingRow[]): readonly MonthCoverage[] {
  return months.map(({ month, shopify, unknown, money }) => {
    const count = (reason: MissingReason): number =>
      rows.find((row) => row.month === month && row.reason === reason)?.orders ?? 0;
    const missing = Object.fromEntries(MISSING_REASONS.map((reason) => [reason, count(reason)])) as Record<
      MissingReason,
      number
    >;
    const gone = MISSING_REASONS.reduce((sum, reason) => sum + missing[reason], 0);
    return { month, shopify, inErpnext: Math.max(0, shopify - gone), missing, unknown, money: moneyIn(money) };
  });
}

function moneyIn(money: string | null): MonthMoney | null {
  return money === null ? null : (JSON.parse(money) as MonthMoney);
}

/** Before the first look: unknown, which is no zero. */
export function notCountedYet(now: Date): Counts {
  const yet: Told<number> = { known: false, why: text("coverage.notCounted"), asOf: now.toISOString() };
  return Object.fromEntries(COUNTED.map((what) => [what, { shopify: yet, erpnext: yet }])) as unknown as Counts;
}

function notLookedYet(now: Date): readonly HealthCheck[] {
  const asOf = now.toISOString();
  const [value, detail] = [text("notKnown"), text("health.notLooked")];
  return HEALTH_CHECKS.map((name) => ({ name, state: "unknown", value, detail, asOf }));
}
