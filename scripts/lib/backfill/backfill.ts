import { UserError } from "../../../core/user-error";
import type { CoverageSummary } from "../../../reconciliation/coverage";
import type { CommandContext } from "../cli/command";
import type { OpenCustomer } from "../cli/open-customer";
import type { HealthReport } from "../server-readiness";
import { observe } from "../server-watch";
import { catalogOf, importCatalog, type CatalogCounts } from "./catalog";
import { coverageOf, printCoverage } from "./coverage";
import { beginHistory, countIn, followHistory } from "./history";
import { historyPlan, rangeOf, roughly, SECONDS_AN_ORDER, type HistoryPlan } from "./plan";
import { describe, isUnderWay, isUnfinished, remedyFor, type BackfillReport } from "./report";
import { stockCaution, stockStart } from "./stock-start";
import { planWindows } from "./windows";

export interface BackfillChoices {
  /** First and last day (YYYY-MM-DD), where the operator gave them. */
  readonly from?: string;
  readonly to?: string;
  readonly visibleOnly: boolean;
  /** Orders a window has at most. */
  readonly windowOrders: number;
}

/** All that would be done. */
export interface BackfillPlan {
  readonly range: { readonly from: string; readonly to: string };
  readonly catalog: CatalogCounts;
  /** What the server has begun and not ended; it goes on with that. */
  readonly unfinished?: BackfillReport;
  /** Undefined when the server goes on with its own, or there is nothing to pull. */
  readonly history?: HistoryPlan;
  /** What the pull will fail at, one sentence. */
  readonly caution?: string;
}

const LOOK_MS = 2_000;
const MINUTE_MS = 60_000;

/** Asks both sides what there is to do, and changes nothing. */
export async function planBackfill(
  open: OpenCustomer,
  choices: BackfillChoices,
  report: HealthReport,
): Promise<BackfillPlan> {
  const { customer, frappe, shopify } = open;
  const { from, to = customer.sync.history.to } = choices;
  const days = { from: from ?? customer.sync.history.from, ...(to === undefined ? {} : { to }) };
  const bounds = {
    timeZone: customer.company.timeZone,
    now: new Date(),
    visibleOnly: choices.visibleOnly,
  };
  const range = rangeOf(days, bounds, customer.slug);
  const catalog = await catalogOf(frappe, customer.slug).counts();
  const { backfill } = report;
  if (isUnderWay(backfill) || (isUnfinished(backfill) && from === undefined && choices.to === undefined)) {
    return { range, catalog, unfinished: backfill };
  }
  const windows = await planWindows(range, countIn(shopify, customer.slug), { orders: choices.windowOrders });
  if (windows.length === 0) return { range, catalog };
  const stock = await stockStart(frappe, customer.accounting.warehouse);
  const caution = stockCaution(customer, { from: range.from, stock });
  const history = historyPlan(windows, choices.windowOrders, customer.slug);
  return { range, catalog, history, ...(caution === undefined ? {} : { caution }) };
}

/** The plan, in the lines of a dry run. */
export function planLines({ range, catalog, unfinished, history, caution }: BackfillPlan): readonly string[] {
  const products = `catalog: ${catalog.synced} of ${catalog.shopify} products are in ERPNext`;
  const head = [products, `history: from ${range.from} to ${range.to}`];
  if (unfinished !== undefined) return [products, `${describe(unfinished)}: it goes on`];
  if (history === undefined) return [...head, "Shopify has no orders of that time"];
  const orders = history.windows.reduce((sum, window) => sum + window.orders, 0);
  const expected = roughly(orders * SECONDS_AN_ORDER);
  return [
    ...head,
    `${orders} orders in ${history.windows.length} windows, ${expected} at ${SECONDS_AN_ORDER} s an order`,
    ...(caution === undefined ? [] : [`caution: ${caution}`]),
  ];
}

export interface BackfillOutcome {
  /** detached: the server goes on by itself · stopped: someone asked for it. */
  readonly state: "done" | "detached" | "stopped";
  readonly report?: BackfillReport;
  readonly coverage?: CoverageSummary;
}

/** Catalog, then history, then the figure: never two of them at once. @throws UserError */
export async function runBackfill(
  open: OpenCustomer,
  { plan, visibleOnly }: { plan: BackfillPlan; visibleOnly: boolean },
  context: CommandContext,
): Promise<BackfillOutcome> {
  if (!isUnderWay(plan.unfinished) && !(await runCatalog(open, plan.catalog, context))) return { state: "detached" };
  const pulled = await runHistory(open, plan, context);
  if (pulled === "detached") return { state: "detached" };
  if (pulled?.state === "stopped") return { state: "stopped", report: pulled };
  const scope = { createdFrom: plan.range.from, visibleOnly };
  const coverage = await coverageOf(open, scope, context);
  if (coverage !== undefined) printCoverage(coverage, context.terminal);
  const seen = { ...(pulled === undefined ? {} : { report: pulled }), ...(coverage === undefined ? {} : { coverage }) };
  return { state: coverage === undefined ? "detached" : "done", ...seen };
}

/** False: the operator has gone. */
async function runCatalog(open: OpenCustomer, counts: CatalogCounts, context: CommandContext): Promise<boolean> {
  const { terminal, signal } = context;
  const { slug } = open.customer;
  const progress = terminal.progress("catalog", counts.shopify);
  const outcome = await importCatalog(catalogOf(open.frappe, slug), {
    customer: slug,
    signal,
    intervalMs: LOOK_MS,
    queuedLimitMs: 15 * MINUTE_MS,
    silenceLimitMs: 15 * MINUTE_MS,
    onProgress: ({ synced, shopify }, note) => {
      progress.total(shopify);
      progress.update(synced, note);
    },
  }).finally(() => {
    progress.end();
  });
  if (outcome.kind === "detached") {
    terminal.say(
      `the catalog import goes on in ERPNext; run the same again to follow it and to go on with the history`,
    );
    return false;
  }
  const all = outcome.kind === "complete";
  const rest = all ? "" : `; orders of the other ${outcome.shopify - outcome.synced} cannot be made`;
  terminal.verdict(all ? "ok" : "warn", `catalog: ${outcome.synced} of ${outcome.shopify} products${rest}`);
  return true;
}

async function runHistory(
  open: OpenCustomer,
  { unfinished, history }: BackfillPlan,
  { terminal, signal }: CommandContext,
): Promise<BackfillReport | "detached" | undefined> {
  const { slug } = open.customer;
  const begin = isUnfinished(unfinished) ? { resume: unfinished.plan } : history;
  if (begin === undefined) return undefined;
  if (!isUnderWay(unfinished)) terminal.say(await beginHistory(open, begin, terminal));
  const progress = terminal.progress("history", unfinished?.ordersExpected ?? 0);
  const report = await followHistory({
    customer: slug,
    look: () => observe(open.health),
    progress,
    signal,
    intervalMs: LOOK_MS,
    silenceLimitMs: 30 * MINUTE_MS,
  }).finally(() => {
    progress.end();
  });
  if (report === undefined) {
    terminal.say(`the server goes on by itself: "./stack backfill ${slug} --status" shows how far, "--stop" ends it`);
    return "detached";
  }
  if (report.state === "failed") {
    throw new UserError({ what: describe(report), customer: slug, next: remedyFor(report, slug) });
  }
  terminal.verdict(report.state === "done" ? "ok" : "warn", describe(report));
  return report;
}
