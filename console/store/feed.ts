import type { D1Database, D1PreparedStatement } from "@cloudflare/workers-types";

import type { FeedEntry } from "../model";

/** Something that was seen on one side. */
export interface Appeared {
  readonly side: FeedEntry["side"];
  readonly kind: string;
  /** Shopify's order id, or the name of ERPNext's document. */
  readonly name: string;
  readonly at: string;
  readonly title: string;
  readonly amount: string | null;
}

export interface FeedRow extends Appeared {
  readonly id: number;
}

/** How many entries are kept: the browser asks for a handful of the newest. */
const KEPT = 2_000;

/** Adds what is new, the oldest first, and lets go of what is long past. */
export function appendFeed(database: D1Database, seen: readonly Appeared[]): readonly D1PreparedStatement[] {
  return [
    database
      .prepare(
        `INSERT INTO feed (side, kind, name, at, title, amount)
         SELECT value ->> 'side', value ->> 'kind', value ->> 'name', value ->> 'at', value ->> 'title', value ->> 'amount'
         FROM json_each(?1)
         WHERE NOT EXISTS (SELECT 1 FROM feed WHERE side = value ->> 'side' AND kind = value ->> 'kind'
           AND name = value ->> 'name')
         ORDER BY value ->> 'at', key`,
      )
      .bind(JSON.stringify(seen)),
    database.prepare(`DELETE FROM feed WHERE id <= (SELECT max(id) FROM feed) - ${KEPT}`),
  ];
}

export async function readFeed(database: D1Database, after: number | null, limit: number): Promise<readonly FeedRow[]> {
  const { results } = await database
    .prepare("SELECT id, side, kind, name, at, title, amount FROM feed WHERE id > ?1 ORDER BY id DESC LIMIT ?2")
    .bind(after ?? 0, limit)
    .run<FeedRow>();
  return results;
}

/** When the newest of Shopify's orders was placed. */
export async function newestOrderAt(database: D1Database): Promise<string | undefined> {
  const sql = "SELECT max(at) AS at FROM feed WHERE side = 'shopify' AND kind = 'Order'";
  return (await database.prepare(sql).first<string | null>("at")) ?? undefined;
}
