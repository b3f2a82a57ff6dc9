import type { D1Database, D1PreparedStatement } from "@cloudflare/workers-types";

import { writerFor } from "../../core/messages";
import type { Coverage } from "../../reconciliation/coverage";
import { reasonOf, toldOf, type Finding } from "../../reconciliation/finding";
import { monthsIn } from "../../reconciliation/month";
import { written, type Figures } from "../../reconciliation/month-money";
import { differenceOf, FIGURES } from "../../reconciliation/order-money";
import type { CompanyFormat } from "../model";
import { idKey, idOfKey } from "./id-key";

/** Rows that one statement writes: with the longest details about 300 KB of the 2 MB that a value may have. */
const ROWS_A_STATEMENT = 250;
/** Rows of an old generation that are deleted at a time. */
const SWEPT_ROWS = 2_000;
/** A connector's message that is longer is cut by the client; names of many documents are cut here (characters). */
const LONGEST_WORDS = 1_000;

/** A finding as its row. */
export interface GapRow {
  readonly key: string;
  readonly reason: string;
  readonly kind: Finding["kind"];
  readonly name: string;
  readonly detail: string;
  readonly month: string;
  readonly placedAt: string | null;
  readonly total: string | null;
  readonly documents: readonly string[];
  /** ERPNext less Shopify; null where it is nothing, or stands with another finding of the order. */
  readonly difference: Figures | null;
  readonly words: string;
}

/** Makes rows of findings, which follow each other by order; months are those of the company's zone, details in its language. */
export function gapRows({ timeZone, locale }: CompanyFormat): (finding: Finding) => GapRow {
  const monthOf = monthsIn(timeZone);
  const { write } = writerFor(locale);
  let last = "";
  return (finding) => {
    const isFirst = finding.id !== last;
    last = finding.id;
    const shopify = finding.kind === "orphan" ? undefined : finding.shopify;
    const documents = documentsOf(finding);
    const name = shopify?.name ?? finding.id;
    const detail = write(toldOf(finding));
    return {
      key: idKey(finding.id),
      reason: reasonOf(finding),
      kind: finding.kind,
      name,
      detail,
      month: shopify === undefined ? monthOfOrphan(finding) : monthOf(shopify.createdAt),
      placedAt: shopify?.createdAt ?? null,
      total: shopify?.total ?? null,
      documents,
      difference: isFirst ? differenceIn(finding) : null,
      words: [name, finding.id, ...documents, detail].join("\n").toLowerCase().slice(0, LONGEST_WORDS),
    };
  };
}

function differenceIn({ money }: Finding): Figures | null {
  const difference = differenceOf(money);
  return FIGURES.every((figure) => difference[figure] === 0n) ? null : written(difference);
}

function documentsOf(finding: Finding): readonly string[] {
  if (finding.kind === "missing") return [];
  const { salesOrders, invoices, deliveryNotes } = finding.erpnext;
  return [...salesOrders, ...invoices, ...deliveryNotes].map(({ name }) => name);
}

function monthOfOrphan(finding: Finding): string {
  return finding.kind === "missing" ? "" : (finding.erpnext.salesOrders[0]?.date.slice(0, 7) ?? "");
}

/** An order that a recent scan read. */
export interface SeenOrder {
  readonly id: string;
  readonly month: string;
}

/** The gaps and counts of one generation. Everything it gives belongs into one transaction with the state of the scan. */
export class Generation {
  constructor(
    private readonly database: D1Database,
    readonly number: number,
  ) {}

  /**
   * Writes findings; one that is known keeps the moment at which it was first seen, also when it is known to the
   * generation `before` alone.
   */
  put(rows: readonly GapRow[], at: string, before: number): readonly D1PreparedStatement[] {
    const statement = this.database.prepare(
      `INSERT INTO gap (generation, id_key, reason, kind, name, detail, month, placed_at, total, documents, words,
         difference, first_seen_at, checked_at)
       SELECT ?1, value ->> 'key', value ->> 'reason', value ->> 'kind', value ->> 'name', value ->> 'detail',
         value ->> 'month', value ->> 'placedAt', value ->> 'total', value -> 'documents', value ->> 'words',
         nullif(value -> 'difference', 'null'), coalesce((SELECT min(first_seen_at) FROM gap AS known
           WHERE known.generation IN (?1, ?3) AND known.id_key = value ->> 'key'), ?2), ?2
       FROM json_each(?4) WHERE true
       ON CONFLICT (generation, id_key, reason) DO UPDATE SET kind = excluded.kind, name = excluded.name,
         detail = excluded.detail, month = excluded.month, placed_at = excluded.placed_at, total = excluded.total,
         documents = excluded.documents, words = excluded.words, difference = excluded.difference,
         checked_at = excluded.checked_at`,
    );
    return portions(rows).map((some) => statement.bind(this.number, at, before, JSON.stringify(some)));
  }

  /** Takes away what is no gap any more of the orders that were looked at. */
  drop(lookedAt: readonly string[], found: readonly GapRow[]): readonly D1PreparedStatement[] {
    const statement = this.database.prepare(
      `DELETE FROM gap WHERE generation = ?1 AND id_key IN (SELECT value FROM json_each(?2))
         AND id_key || ' ' || reason NOT IN (SELECT value FROM json_each(?3))`,
    );
    const kept = new Map<string, string[]>();
    for (const { key, reason } of found) kept.set(key, [...(kept.get(key) ?? []), `${key} ${reason}`]);
    return portions(lookedAt.map(idKey)).map((keys) =>
      statement.bind(this.number, JSON.stringify(keys), JSON.stringify(keys.flatMap((key) => kept.get(key) ?? []))),
    );
  }

  /** What a whole scan counted by month. */
  setMonths(coverage: Coverage): D1PreparedStatement {
    const months = Object.entries(coverage).map(([month, { shopify, unknown, money }]) => ({
      month,
      shopify,
      unknown,
      money,
    }));
    return this.database
      .prepare(
        `INSERT OR REPLACE INTO month (generation, month, shopify, unknown, money)
         SELECT ?1, value ->> 'month', value ->> 'shopify', value ->> 'unknown', value -> 'money' FROM json_each(?2)`,
      )
      .bind(this.number, JSON.stringify(months));
  }

  /** Counts orders that no scan counted yet. */
  count(orders: readonly SeenOrder[]): readonly D1PreparedStatement[] {
    const months = this.database.prepare(
      `INSERT INTO month (generation, month, shopify, unknown)
       SELECT ?1, value ->> 'month', count(*), 0 FROM json_each(?2)
       WHERE NOT EXISTS (SELECT 1 FROM counted WHERE generation = ?1 AND id_key = value ->> 'key')
       GROUP BY 2
       ON CONFLICT (generation, month) DO UPDATE SET shopify = shopify + excluded.shopify`,
    );
    const counted = this.database.prepare(
      "INSERT OR IGNORE INTO counted (generation, id_key) SELECT ?1, value ->> 'key' FROM json_each(?2)",
    );
    return portions(orders).flatMap((some) => {
      const list = JSON.stringify(some.map(({ id, month }) => ({ key: idKey(id), month })));
      return [months.bind(this.number, list), counted.bind(this.number, list)];
    });
  }

  /** Shopify has so many orders of a month more, or fewer, than were counted. */
  correct(month: string, by: number): D1PreparedStatement {
    return this.database
      .prepare("UPDATE month SET shopify = max(0, shopify + ?3) WHERE generation = ?1 AND month = ?2")
      .bind(this.number, month, by);
  }

  /**
   * The open gaps that were looked at longest ago, before a moment: first those that are on their way by themselves, then
   * any.
   */
  async stale(before: string, limit: number): Promise<readonly StaleGap[]> {
    const fields = "SELECT DISTINCT id_key, kind = 'orphan' AS orphan, month FROM gap WHERE generation = ?1";
    const [moving, any] = await this.database.batch<StaleRow>([
      this.database
        .prepare(
          `${fields} AND kind = 'missing' AND reason = 'recent' AND checked_at < ?2 ORDER BY checked_at LIMIT ?3`,
        )
        .bind(this.number, before, limit),
      this.database
        .prepare(`${fields} AND checked_at < ?2 ORDER BY checked_at LIMIT ?3`)
        .bind(this.number, before, limit),
    ]);
    const rows = [...(moving?.results ?? []), ...(any?.results ?? [])];
    const unique = new Map(rows.map((row) => [row.id_key, row]));
    return [...unique.values()]
      .slice(0, limit)
      .map(({ id_key, orphan, month }) => ({ id: idOfKey(id_key), month, inShopify: orphan === 0 }));
  }
}

interface StaleRow {
  readonly id_key: string;
  readonly orphan: number;
  readonly month: string;
}

/** A gap that is to be looked at again. */
export interface StaleGap {
  readonly id: string;
  readonly month: string;
  /** Whether it was in Shopify when it was looked at last, and so is among the counted. */
  readonly inShopify: boolean;
}

/** Deletes a bounded part of what generations other than these left. */
export function sweep(database: D1Database, kept: readonly number[]): readonly D1PreparedStatement[] {
  const list = JSON.stringify(kept);
  const old = "generation NOT IN (SELECT value FROM json_each(?1))";
  const keys = { gap: "generation, id_key, reason", counted: "generation, id_key", month: "generation, month" };
  return Object.entries(keys).map(([table, key]) =>
    database
      .prepare(`DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${old} LIMIT ${SWEPT_ROWS})`)
      .bind(list),
  );
}

function portions<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / ROWS_A_STATEMENT) }, (_, index) =>
    items.slice(index * ROWS_A_STATEMENT, (index + 1) * ROWS_A_STATEMENT),
  );
}
