import { addCoverage, type Coverage } from "./coverage";
import type { Finding } from "./finding";
import type { ErpnextOrder, ShopifyOrder } from "./order";
import { reconcileInBatches, type Batch, type ReconcileOptions } from "./reconcile";

/** Which of Shopify's orders are checked. Times are ISO 8601, each bound included. */
export interface ScanScope {
  readonly createdFrom?: string;
  readonly updatedFrom?: string;
  readonly updatedTo?: string;
}

/** Orders that follow each other by id. */
export interface Page<T> {
  readonly orders: readonly T[];
  /** Whether nothing follows. */
  readonly last: boolean;
}

/** Where the orders come from, page by page. Pages ascend by id; `after` is the last id that is known already. */
export interface Sides {
  readonly shopify: { page(scope: ScanScope, after: string | null): Promise<Page<ShopifyOrder>> };
  readonly erpnext: {
    page(after: string | null): Promise<Page<ErpnextOrder>>;
    /** The orders with these ids, as far as they are there, ascending by id. */
    withIds(ids: readonly string[]): Promise<readonly ErpnextOrder[]>;
  };
}

/**
 * How far a scan has come. Plain JSON: a file or a row of a database holds it between two steps.
 * full: every order of both sides, or all that were placed since a moment · recent: what Shopify changed since a moment,
 * looked up in ERPNext by id, so without orphans.
 */
export interface ScanState {
  readonly kind: "full" | "recent";
  readonly scope: ScanScope;
  /** When the scan began (ISO 8601); the next recent scan starts from it. */
  readonly startedAt: string;
  /** The last id that is done; null before the first. */
  readonly after: string | null;
  readonly done: boolean;
  readonly coverage: Coverage;
}

/** How much before the last scan the next one begins (milliseconds): Shopify's search index lags behind its orders. */
const OVERLAP_MS = 2 * 60 * 60 * 1000;

/** A scan of everything, or of what was placed since `createdFrom` (ISO 8601). */
export function fullScan(now: Date, createdFrom?: string): ScanState {
  return begun("full", now, createdFrom === undefined ? {} : { createdFrom });
}

/** A scan of what changed since the scan before, which began at `lastStartedAt`, two hours of overlap included. */
export function recentScan(now: Date, lastStartedAt: string): ScanState {
  const updatedFrom = new Date(Date.parse(lastStartedAt) - OVERLAP_MS).toISOString();
  return begun("recent", now, { updatedFrom, updatedTo: now.toISOString() });
}

function begun(kind: ScanState["kind"], now: Date, scope: ScanScope): ScanState {
  return { kind, scope, startedAt: now.toISOString(), after: null, done: false, coverage: {} };
}

export interface StepOptions extends ReconcileOptions {
  /** How many pages are read at most, of both sides together; at least 2. */
  readonly pages: number;
}

export interface Step {
  readonly state: ScanState;
  readonly findings: readonly Finding[];
}

/** Thrown by a side or by the evidence to end a step early: what was done until then counts, and the next step goes on there. */
export class StepEnds extends Error {
  override readonly name: string = "StepEnds";
}

/**
 * Goes on with a scan for a bounded number of pages. Steps one after the other find what one long step finds. Nothing is
 * lost when a step fails: it starts again from the same state.
 */
export async function step(state: ScanState, sides: Sides, options: StepOptions): Promise<Step> {
  if (state.done) return { state, findings: [] };
  if (options.pages < 2)
    throw new RangeError(`a step of ${options.pages} pages cannot read both sides: give it at least 2.`);
  const findings: Finding[] = [];
  let { after, coverage } = state;
  let done = true;
  const batches = state.kind === "full" ? fullBatches : recentBatches;
  try {
    for await (const batch of batches(state, sides, { ...options, ...horizon(state, options) })) {
      findings.push(...batch.findings);
      coverage = addCoverage(coverage, batch.coverage);
      after = batch.throughId;
    }
  } catch (error) {
    if (!(error instanceof StepEnds)) throw error;
    done = false;
  }
  return { state: { ...state, after, coverage, done }, findings };
}

/** What ERPNext has from before the scan's own beginning is no orphan either. */
function horizon({ scope }: ScanState, { visibleSince }: StepOptions): { readonly visibleSince?: string } {
  const [latest] = [scope.createdFrom, visibleSince]
    .filter((time) => time !== undefined)
    .sort((a, b) => Date.parse(b) - Date.parse(a));
  return latest === undefined ? {} : { visibleSince: latest };
}

/** Ends a step in the middle, when its pages are spent. */
class PagesSpent extends StepEnds {
  override readonly name = "PagesSpent";
}

/** What one step may still read. */
class Budget {
  constructor(private pages: number) {}

  spend(pages: number): void {
    if (this.pages < pages) throw new PagesSpent();
    this.pages -= pages;
  }
}

type Batches = AsyncGenerator<Batch, void, undefined>;

/** Both sides by id. */
async function* fullBatches({ scope, after }: ScanState, { shopify, erpnext }: Sides, options: StepOptions): Batches {
  const budget = new Budget(options.pages);
  const orders = paged(after, budget, (last) => shopify.page(scope, last));
  const documents = paged(after, budget, (last) => erpnext.page(last));
  yield* reconcileInBatches(orders, documents, options);
}

/** One side's orders from its pages. */
async function* paged<T extends { readonly id: string }>(
  after: string | null,
  budget: Budget,
  read: (after: string | null) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  for (let last = after; ;) {
    budget.spend(1);
    const page = await read(last);
    yield* page.orders;
    if (page.last) return;
    last = lastId(page);
  }
}

/** Shopify's pages, each with what ERPNext has of its orders. */
async function* recentBatches({ scope, after }: ScanState, { shopify, erpnext }: Sides, options: StepOptions): Batches {
  const budget = new Budget(options.pages);
  for (let last = after; ;) {
    budget.spend(2);
    const page = await shopify.page(scope, last);
    const ids = page.orders.map(({ id }) => id);
    const found = ids.length === 0 ? [] : await erpnext.withIds(ids);
    yield* reconcileInBatches(streamOf(page.orders), streamOf(found), options);
    if (page.last) return;
    last = lastId(page);
  }
}

async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* await Promise.resolve(items);
}

function lastId({ orders }: Page<{ readonly id: string }>): string {
  const last = orders.at(-1);
  if (last === undefined) throw new RangeError("a page without orders must be the last one.");
  return last.id;
}
