import type { Evidence } from "../../reconciliation/missing";
import type { Finding } from "../../reconciliation/finding";
import { compareOrderIds } from "../../reconciliation/order-id";
import { reconcile } from "../../reconciliation/reconcile";
import { readFact } from "../store/facts";
import { Generation, gapRows, type StaleGap } from "../store/gaps";
import { renewal } from "../store/lease";
import type { Work } from "./job";
import { reconciling } from "./orders";

/**
 * Looks again at a bounded part of the open gaps: what ERPNext got meanwhile does not change Shopify's `updated_at`, so no
 * scan of what changed would see it.
 */
export async function recheckGaps(work: Work): Promise<void> {
  const book = await readFact(work.database, "scan");
  if (book?.shown == null) return;
  const { generation, visibleSince } = book.shown;
  const { limits } = work.budget;
  const target = new Generation(work.database, generation);
  const before = new Date(Date.now() - limits.recheckAfterMs).toISOString();
  const stale = await target.stale(before, limits.rechecked);
  if (stale.length === 0) return;
  const ids = stale.map(({ id }) => id).sort(compareOrderIds);
  const { shopOrders, siteOrders } = work.sides;
  const orders = await shopOrders.withIds(ids);
  const documents = await siteOrders.withIds(ids);
  const evidence: Evidence = { logs: (some) => siteOrders.logs(some), lines: (some) => shopOrders.lines(some) };
  const found = reconcile(streamOf(orders), streamOf(documents), reconciling(work, evidence, visibleSince));
  const findings: Finding[] = [];
  for await (const finding of found) findings.push(finding);
  const rows = findings.map(gapRows(work.settings.company));
  const inShopify = new Set(orders.map(({ id }) => id));
  await work.database.batch([
    renewal(work.database, work.lease),
    ...target.put(rows, new Date().toISOString(), generation),
    ...target.drop(ids, rows),
    ...[...corrections(stale, inShopify)].map(([month, by]) => target.correct(month, by)),
  ]);
}

/** By how much the months change: orders that Shopify does not have any more, and those that came back. */
function corrections(stale: readonly StaleGap[], inShopify: ReadonlySet<string>): ReadonlyMap<string, number> {
  const months = new Map<string, number>();
  for (const gap of stale) {
    const by = Number(inShopify.has(gap.id)) - Number(gap.inShopify);
    if (by !== 0) months.set(gap.month, (months.get(gap.month) ?? 0) + by);
  }
  return months;
}

async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* await Promise.resolve(items);
}
