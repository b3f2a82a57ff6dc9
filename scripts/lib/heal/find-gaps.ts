import type { FrappeOrders } from "../../../clients/frappe-orders";
import type { ShopifyOrders } from "../../../clients/shopify-orders";
import type { Coverage } from "../../../reconciliation/coverage";
import type { Finding } from "../../../reconciliation/finding";
import { reconcile } from "../../../reconciliation/reconcile";
import type { ReconcileOptions } from "../../../reconciliation/reconcile";
import { step, type ScanState } from "../../../reconciliation/scan";
import type { Progress } from "../cli/terminal";

/** How many pages are read between two looks at Ctrl-C. */
const PAGES_A_STEP = 8;

export interface Readers {
  readonly shopify: ShopifyOrders;
  readonly erpnext: FrappeOrders;
}

export interface Gaps {
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  /** False where it was interrupted. */
  readonly complete: boolean;
}

/** Sees a scan through and keeps the findings; the older first. @throws what the clients throw */
export async function scanGaps(
  readers: Readers,
  options: ReconcileOptions,
  run: { readonly scan: ScanState; readonly signal: AbortSignal; readonly progress: Progress },
): Promise<Gaps> {
  const findings: Finding[] = [];
  let state = run.scan;
  while (!state.done && !run.signal.aborted) {
    const done = await step(state, readers, { ...options, pages: PAGES_A_STEP });
    state = done.state;
    findings.push(...done.findings);
    const seen = Object.values(state.coverage).reduce((sum, { shopify }) => sum + shopify, 0);
    run.progress.update(seen, `${findings.length} findings`);
  }
  run.progress.end();
  return { findings: findings.sort(byAge), coverage: state.coverage, complete: state.done };
}

/** Looks at single orders, named by id or by what the merchant calls them. @throws what the clients throw */
export async function gapsOf(
  wanted: readonly string[],
  { shopify, erpnext }: Readers,
  options: ReconcileOptions,
): Promise<Gaps & { readonly unknown: readonly string[] }> {
  const found = new Map(await Promise.all(wanted.map(async (name) => [name, await lookUp(name, shopify)] as const)));
  const unique = new Map([...found.values()].flat().map((order) => [order.id, order]));
  const orders = await shopify.withIds([...unique.keys()]);
  const documents = await erpnext.withIds(orders.map(({ id }) => id));
  const run = reconcile(streamOf(orders), streamOf(documents), options);
  const findings: Finding[] = [];
  for (;;) {
    const { value, done } = await run.next();
    if (done === true) {
      const unknown = wanted.filter((name) => found.get(name)?.length === 0);
      return { findings: findings.sort(byAge), coverage: value, complete: true, unknown };
    }
    findings.push(value);
  }
}

async function lookUp(name: string, shopify: ShopifyOrders) {
  return /^\d{6,}$/.test(name) ? shopify.withIds([name]) : shopify.named(name.startsWith("#") ? name : `#${name}`);
}

async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* await Promise.resolve(items);
}

function byAge(left: Finding, right: Finding): number {
  return placedAt(left) - placedAt(right);
}

function placedAt(finding: Finding): number {
  return finding.kind === "orphan" ? 0 : Date.parse(finding.shopify.createdAt);
}
