import type { D1Database } from "@cloudflare/workers-types";

import type { Figures } from "../../reconciliation/month-money";
import type { Gap, GapPage, GapQuery } from "../model";
import { idOfKey } from "./id-key";
import type { Links } from "./links";

interface StoredGap {
  readonly id_key: string;
  readonly reason: Gap["reason"];
  readonly kind: Gap["kind"];
  readonly name: string;
  readonly detail: string;
  readonly placed_at: string | null;
  readonly total: string | null;
  readonly documents: string;
  readonly difference: string | null;
  readonly first_seen_at: string;
  readonly checked_at: string;
}

/** Chosen reasons and words, by numbered parameters; `instr`, since D1 takes patterns of 50 bytes at most. */
const MATCHING = `FROM gap WHERE generation = ?1
  AND (?2 = '[]' OR reason IN (SELECT value FROM json_each(?2)))
  AND (?3 = '' OR instr(words, ?3) > 0)
  AND (?4 = '' OR month = ?4)`;

/** One page of a generation's gaps: the newest order first, its reasons by name. */
export async function readGapPage(
  database: D1Database,
  of: { readonly generation: number; readonly links: Links },
  query: GapQuery,
): Promise<GapPage> {
  const matching = [
    of.generation,
    JSON.stringify(query.reasons),
    query.search.trim().toLowerCase(),
    query.month ?? "",
  ] as const;
  const [key, reason] = cursorOf(query.after);
  const [count, page] = await database.batch([
    database.prepare(`SELECT count(*) AS total ${MATCHING}`).bind(...matching),
    database
      .prepare(
        `SELECT id_key, reason, kind, name, detail, placed_at, total, documents, difference,
           first_seen_at, checked_at ${MATCHING}
           AND (?5 = '' OR id_key < ?5 OR (id_key = ?5 AND reason > ?6))
         ORDER BY id_key DESC, reason LIMIT ?7`,
      )
      .bind(...matching, key, reason, query.limit + 1),
  ]);
  const rows = (page?.results ?? []) as StoredGap[];
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    gaps: shown.map((row) => gapOf(row, of.links)),
    total: (count?.results[0] as { total: number } | undefined)?.total ?? 0,
    next: rows.length > query.limit && last !== undefined ? `${last.id_key}.${last.reason}` : null,
  };
}

/** What is no cursor begins at the beginning. */
function cursorOf(after: string | null): readonly [key: string, reason: string] {
  const [, key = "", reason = ""] = /^(\d+)\.([a-z-]+)$/.exec(after ?? "") ?? [];
  return [key, reason];
}

function gapOf(row: StoredGap, links: Links): Gap {
  const id = idOfKey(row.id_key);
  const documents = JSON.parse(row.documents) as readonly string[];
  const [salesOrder] = documents;
  return {
    id,
    name: row.name,
    kind: row.kind,
    reason: row.reason,
    detail: row.detail,
    placedAt: row.placed_at,
    total: row.total,
    documents,
    difference: row.difference === null ? null : (JSON.parse(row.difference) as Figures),
    shopifyUrl: links.order(id),
    erpnextUrl: salesOrder === undefined ? links.search(id) : links.document("Sales Order", salesOrder),
    firstSeenAt: row.first_seen_at,
    checkedAt: row.checked_at,
  };
}
