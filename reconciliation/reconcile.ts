import { text } from "../core/messages";
import { addCoverage, CoverageCounter, type Coverage } from "./coverage";
import type { Expectations } from "./compared";
import { differencesOf } from "./differences";
import { explainDifference, isExplainable } from "./explain-difference";
import type { Finding } from "./finding";
import { CURABLE_REASONS, cures } from "./healing";
import { joinById, type Pair } from "./join";
import { explain, explainedByItself, type Evidence, type Explanation, type Patience } from "./missing";
import { dayIn, monthsIn } from "./month";
import type { ErpnextOrder, LogEntry, OrderLine, ShopifyOrder } from "./order";
import { moneyOf, type OrderMoney } from "./order-money";

export interface ReconcileOptions extends Expectations, Patience {
  readonly evidence: Evidence;
  /** The company's, of the tz database: months are counted in it. */
  readonly timeZone: string;
  /**
   * Orders placed before this moment (ISO 8601) are not in Shopify's stream: because the app lacks `read_all_orders`, or
   * because they were not asked for. What ERPNext has from before then is "unknown", never an orphan.
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

type Words = Awaited<ReturnType<Evidence["logs"]>>;
type Lines = Awaited<ReturnType<Evidence["lines"]>>;
const NO_LOGS: Words = new Map();
const NO_LINES: Lines = new Map();

/** A finding as far as it can be told without evidence, which is asked for in batches. */
interface Held {
  readonly month: string;
  /** Whose log or lines say more; undefined where the finding is whole. */
  readonly unexplained?: ShopifyOrder;
  readonly finish: (logs: readonly LogEntry[], lines: readonly OrderLine[]) => Finding;
}

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
    const money = moneyOf(shopify, erpnext, this.#options);
    const there = erpnext !== undefined && erpnext.salesOrders.length > 0;
    const found = there
      ? differing({ shopify, erpnext, money }, this.#options)
      : [missing(shopify, money, this.#options)];
    this.#counter.order(month, { inErpnext: there, money, isFound: found.length > 0 });
    for (const one of found) {
      this.#held.push({ month, ...one });
      if (one.unexplained !== undefined) this.#unexplained += 1;
    }
  }

  /** Explains what was found and begins again. */
  async close(): Promise<Batch> {
    const { logs, lines } = await this.#evidence();
    const counter = this.#counter;
    const findings = this.#held.map(({ month, unexplained, finish }) => {
      const id = unexplained?.id ?? "";
      const finding = finish(logs.get(id) ?? [], lines.get(id) ?? []);
      counter.finding(month, finding);
      return finding;
    });
    const batch = { findings, coverage: counter.counts(), throughId: this.#throughId };
    this.#held = [];
    this.#counter = new CoverageCounter();
    this.#unexplained = 0;
    this.#orders = 0;
    return batch;
  }

  #alone(erpnext: ErpnextOrder): void {
    const [first] = erpnext.salesOrders;
    if (first === undefined || isUndone(erpnext)) return;
    const month = first.date.slice(0, 7);
    // The day itself is in part before the moment, and which part an order was placed in cannot be told.
    if (first.date <= this.#firstDay) {
      this.#counter.unknown(month);
      return;
    }
    const finding = orphan(erpnext, this.#options);
    this.#counter.money(month, { money: finding.money, isFound: true });
    this.#held.push({ month, finish: () => finding });
  }

  async #evidence(): Promise<{ readonly logs: Words; readonly lines: Lines }> {
    const orders = new Map(
      this.#held.flatMap(({ unexplained }) => (unexplained === undefined ? [] : [[unexplained.id, unexplained]])),
    );
    if (orders.size === 0) return { logs: NO_LOGS, lines: NO_LINES };
    const { evidence } = this.#options;
    const [logs, lines] = await Promise.all([evidence.logs([...orders.values()]), evidence.lines([...orders.keys()])]);
    return { logs, lines };
  }
}

/** Nothing of it counts any more, as of an order that was deleted in Shopify after it was cancelled in both. */
function isUndone({ salesOrders, invoices, deliveryNotes }: ErpnextOrder): boolean {
  return [...salesOrders, ...invoices, ...deliveryNotes].every(({ docstatus }) => docstatus === 2);
}

type Found = Pick<Held, "unexplained" | "finish">;

function missing(shopify: ShopifyOrder, money: OrderMoney, options: ReconcileOptions): Found {
  const finding = ({ reason, detail, cause, said }: Explanation): Finding => {
    const heal = CURABLE_REASONS.includes(reason) ? ("orders/create" as const) : null;
    return { kind: "missing", id: shopify.id, reason, detail, cause, said, heal, money, shopify };
  };
  const known = explainedByItself(shopify, options);
  if (known !== undefined) return { finish: () => finding(known) };
  return { unexplained: shopify, finish: (logs, lines) => finding(explain(lines, logs, options)) };
}

interface Both {
  readonly shopify: ShopifyOrder;
  readonly erpnext: ErpnextOrder;
  readonly money: OrderMoney;
}

function differing({ shopify, erpnext, money }: Both, options: ReconcileOptions): readonly Found[] {
  const differences = differencesOf(shopify, erpnext, options);
  if (differences.length === 0) return [];
  const healOf = cures(differences, shopify, erpnext);
  return differences.map((differs) => {
    const { difference, detail, cause } = differs;
    const heal = healOf(difference);
    const finding = { kind: "different", id: shopify.id, difference, heal, money, shopify, erpnext } as const;
    if (!isExplainable(differs)) return { finish: () => ({ ...finding, detail, cause, said: null }) };
    return {
      unexplained: shopify,
      finish: (logs, lines) => ({ ...finding, ...explainDifference(differs, logs, lines) }),
    };
  });
}

function orphan(erpnext: ErpnextOrder, options: ReconcileOptions): Finding {
  const detail = text("finding.orphan", { orders: erpnext.salesOrders.map(({ name }) => name) });
  const money = moneyOf(undefined, erpnext, options);
  return { kind: "orphan", id: erpnext.id, detail, cause: null, said: null, heal: null, money, erpnext };
}
