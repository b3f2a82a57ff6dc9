import { addCoverage, CoverageCounter, type Coverage } from "./coverage";
import { differencesOf, type Expectations } from "./differences";
import type { Finding } from "./finding";
import { joinById, type Pair } from "./join";
import { explain, explainedByItself, type Evidence, type Explanation, type Patience } from "./missing";
import { dayIn, monthsIn } from "./month";
import type { ErpnextOrder, ShopifyOrder } from "./order";

export interface ReconcileOptions extends Expectations, Patience {
  readonly evidence: Evidence;
  /** The company's, of the tz database: months are counted in it. */
  readonly timeZone: string;
  /**
   * Orders placed before this moment (ISO 8601) are not in Shopify's stream: because the app lacks `read_all_orders`, or
   * because nobody asked for them. What ERPNext has from before then is "unknown", never an orphan.
   */
  readonly visibleSince?: string;
  /** How many missing orders are explained at a time; that many are held at most. @default 50 */
  readonly batch?: number;
}

/** What was found in one stretch of ids. Batches follow each other without a gap. */
export interface Batch {
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  /** All orders up to this id are done. */
  readonly throughId: string;
}

/** How many orders make a batch even where nothing is wrong with them. */
const ORDERS_A_BATCH = 10_000;
/** How many findings are held at most, whatever their kind. */
const FINDINGS_A_BATCH = 500;

/**
 * Compares two sides, each ascending by id, and explains what is missing; see {@link reconcileInBatches}.
 * Findings come in the sequence of their ids.
 */
export async function* reconcile(
  shopify: AsyncIterable<ShopifyOrder>,
  erpnext: AsyncIterable<ErpnextOrder>,
  options: ReconcileOptions,
): AsyncGenerator<Finding, Coverage, undefined> {
  let coverage: Coverage = {};
  for await (const batch of reconcileInBatches(shopify, erpnext, options)) {
    yield* batch.findings;
    coverage = addCoverage(coverage, batch.coverage);
  }
  return coverage;
}

/**
 * The same in batches, each with how far it goes: what an interrupted run keeps. When a side breaks, the orders before the
 * break still make a batch, then its error is thrown.
 * @throws UnsortedOrders, and whatever a side or the evidence throws.
 */
export async function* reconcileInBatches(
  shopify: AsyncIterable<ShopifyOrder>,
  erpnext: AsyncIterable<ErpnextOrder>,
  options: ReconcileOptions,
): AsyncGenerator<Batch, void, undefined> {
  const stretch = new Stretch(options);
  const pairs = joinById(shopify, erpnext, { left: "Shopify", right: "ERPNext" });
  let failure: { readonly error: unknown } | undefined;
  try {
    for (;;) {
      const next = await take(pairs);
      if ("error" in next) failure = next;
      if (!("pair" in next)) break;
      stretch.add(next.pair);
      if (stretch.isFull) yield await stretch.close();
    }
    if (!stretch.isEmpty) yield await stretch.close();
  } finally {
    await pairs.return();
  }
  if (failure !== undefined) throw failure.error;
}

type Taken =
  { readonly pair: Pair<ShopifyOrder, ErpnextOrder> } | { readonly error: unknown } | { readonly done: true };

/** The next pair, or what came instead of it. */
async function take(pairs: AsyncGenerator<Pair<ShopifyOrder, ErpnextOrder>, void, undefined>): Promise<Taken> {
  try {
    const { value, done } = await pairs.next();
    return done === true ? { done } : { pair: value };
  } catch (error) {
    return { error };
  }
}

/** A finding, or a missing order that has yet to be explained. */
type Held = { readonly month: string } & ({ readonly finding: Finding } | { readonly unexplained: ShopifyOrder });

const NO_LOGS: Awaited<ReturnType<Evidence["logs"]>> = new Map();
const NO_LINES: Awaited<ReturnType<Evidence["lines"]>> = new Map();

/** The batch that is being made. */
class Stretch {
  readonly #options: ReconcileOptions;
  readonly #monthOf: (time: string) => string;
  readonly #firstDay: string;
  readonly #limit: number;
  #held: Held[] = [];
  #counter = new CoverageCounter();
  #unexplained = 0;
  #orders = 0;
  #throughId = "";

  constructor(options: ReconcileOptions) {
    const { timeZone, visibleSince, batch = 50 } = options;
    this.#options = options;
    this.#limit = batch;
    this.#monthOf = monthsIn(timeZone);
    this.#firstDay = visibleSince === undefined ? "" : dayIn(timeZone, visibleSince);
  }

  get isFull(): boolean {
    return this.#unexplained >= this.#limit || this.#held.length >= FINDINGS_A_BATCH || this.#orders >= ORDERS_A_BATCH;
  }

  get isEmpty(): boolean {
    return this.#orders === 0;
  }

  add({ id, left: shopify, right: erpnext }: Pair<ShopifyOrder, ErpnextOrder>): void {
    this.#throughId = id;
    this.#orders += 1;
    if (shopify === undefined) {
      if (erpnext !== undefined) this.#alone(erpnext);
      return;
    }
    const month = this.#monthOf(shopify.createdAt);
    const there = erpnext !== undefined && erpnext.salesOrders.length > 0;
    this.#counter.order(month, there);
    if (!there) this.#missing(shopify, month);
    else {
      for (const differs of differencesOf(shopify, erpnext, this.#options)) {
        this.#held.push({ month, finding: { kind: "different", id, ...differs, shopify, erpnext } });
      }
    }
  }

  /** Explains what is missing and begins anew. */
  async close(): Promise<Batch> {
    const explained = await this.#explain();
    const counter = this.#counter;
    const findings = this.#held.map((held) => {
      const finding = "finding" in held ? held.finding : missing(held.unexplained, explained(held.unexplained));
      counter.finding(held.month, finding);
      return finding;
    });
    const batch = { findings, coverage: counter.counts(), throughId: this.#throughId };
    this.#held = [];
    this.#counter = new CoverageCounter();
    this.#unexplained = 0;
    this.#orders = 0;
    return batch;
  }

  #missing(shopify: ShopifyOrder, month: string): void {
    const known = explainedByItself(shopify, this.#options);
    if (known !== undefined) {
      this.#held.push({ month, finding: missing(shopify, known) });
      return;
    }
    this.#held.push({ month, unexplained: shopify });
    this.#unexplained += 1;
  }

  #alone(erpnext: ErpnextOrder): void {
    const [first] = erpnext.salesOrders;
    if (first === undefined) return;
    const month = first.date.slice(0, 7);
    // The day itself is in part before the moment, and which part an order was placed in cannot be told.
    if (first.date <= this.#firstDay) {
      this.#counter.unknown(month);
      return;
    }
    const names = erpnext.salesOrders.map(({ name }) => name).join(", ");
    const detail = `${names} is of a Shopify order that does not exist`;
    this.#held.push({ month, finding: { kind: "orphan", id: erpnext.id, detail, erpnext } });
  }

  async #explain(): Promise<(order: ShopifyOrder) => Explanation> {
    const orders = this.#held.flatMap((held) => ("unexplained" in held ? [held.unexplained] : []));
    const { evidence } = this.#options;
    const ids = orders.map(({ id }) => id);
    const [logs, lines] =
      ids.length === 0 ? [NO_LOGS, NO_LINES] : await Promise.all([evidence.logs(orders), evidence.lines(ids)]);
    return ({ id }) => explain(lines.get(id) ?? [], logs.get(id) ?? [], this.#options);
  }
}

function missing(shopify: ShopifyOrder, explanation: Explanation): Finding {
  return { kind: "missing", id: shopify.id, ...explanation, shopify };
}
