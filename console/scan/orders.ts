import type { D1PreparedStatement } from "@cloudflare/workers-types";

import { CURRENT_APP } from "../../clients/shopify-operations";
import { visibleSince } from "../../core/shopify-access";
import type { Coverage } from "../../reconciliation/coverage";
import type { Evidence } from "../../reconciliation/missing";
import { monthsIn } from "../../reconciliation/month";
import { compareOrderIds } from "../../reconciliation/order-id";
import type { ReconcileOptions } from "../../reconciliation/reconcile";
import { fullScan, recentScan, step, type ScanState, type Step } from "../../reconciliation/scan";
import { log } from "../log";
import { BudgetSpent } from "../sides/budget";
import { readFact, writeFact } from "../store/facts";
import { Generation, gapRows, sweep } from "../store/gaps";
import { renewal } from "../store/lease";
import { NEW_BOOK, type Building, type ScanBook, type Trouble } from "../store/scan-book";
import { dueScan } from "./due";
import type { Work } from "./job";
import { ObservedSides, type Passed } from "./observe";
import { forLog, why } from "./why";

/**
 * Goes on with the scans of orders for as many steps as the invocation has room for. After each step what it found and how
 * far it came are written in one transaction, so that an invocation that is killed loses a step and nothing else.
 */
export async function scanOrders(work: Work): Promise<void> {
  let book = (await readFact(work.database, "scan")) ?? NEW_BOOK;
  for (let steps = 0; steps < work.budget.limits.steps && work.budget.allowsMore; steps += 1) {
    if (book.trouble !== null && Date.now() < book.trouble.notBefore) return;
    const due = dueScan(book, new Date(), work.budget.limits.recentEveryMs);
    if (due === "nothing") return;
    const next = await onward(work, book, due);
    if (next === undefined) return;
    book = next.book;
    if (next.ended) return;
  }
}

interface Onward {
  readonly book: ScanBook;
  /** Whether a side failed, or the budget is spent. */
  readonly ended: boolean;
}

async function onward(work: Work, book: ScanBook, due: "begin" | "full" | "recent"): Promise<Onward | undefined> {
  try {
    if (due === "begin") return await save(work, { book: await begun(work, book), ended: false });
    if (due === "recent") return await stepRecent(work, book);
    return book.building?.changes === null ? await stepOrders(work, book) : await stepChanges(work, book);
  } catch (error) {
    // A transaction that failed belongs to the holder of the lease: nothing of it is to be written.
    log("warn", "scan-step-failed", { why: forLog(error) });
    if (isOfDatabase(error) || error instanceof BudgetSpent) return undefined;
    return save(work, { book: { ...book, trouble: troubleAfter(book, error) }, ended: true });
  }
}

/** A new generation, from what the app may see now. */
async function begun({ sides, settings }: Work, book: ScanBook): Promise<ScanBook> {
  const now = new Date();
  const { currentAppInstallation } = await sides.shop.query(CURRENT_APP, {});
  const scopes = currentAppInstallation.accessScopes.map(({ handle }) => handle);
  const ordersTotal = (await sides.shopOrders.count({})) ?? null;
  const generation = book.generation + 1;
  log("info", "scan-begun", { customer: settings.customer, generation, ordersTotal });
  const building: Building = {
    generation,
    orders: fullScan(now),
    changes: null,
    through: null,
    ordersTotal,
    visibleSince: visibleSince(scopes, now) ?? null,
  };
  return { ...book, generation, building, trouble: null };
}

/** Every order of both sides. */
async function stepOrders(work: Work, book: ScanBook): Promise<Onward> {
  const building = book.building as Building;
  const { done, observed } = await oneStep(work, building.orders, building.visibleSince);
  const seen = observed.through(done.state.after);
  const through = later(building.through, seen.at(-1)?.id ?? null);
  const target = new Generation(work.database, building.generation);
  const changes = done.state.done ? recentScan(new Date(), building.orders.startedAt) : null;
  const next = { ...building, orders: done.state, through, changes };
  return save(
    work,
    { book: { ...book, building: next, trouble: troubleOf(book, { done, observed }) }, ended: stopped(done, observed) },
    [
      ...found(work, target, { done, before: book.shown?.generation }),
      ...(changes === null ? [] : [target.setMonths(done.state.coverage)]),
    ],
  );
}

/** What changed while every order was read; then the generation is shown. */
async function stepChanges(work: Work, book: ScanBook): Promise<Onward> {
  const building = book.building as Building;
  const changes = building.changes as ScanState;
  const { done, observed } = await oneStep(work, changes, building.visibleSince);
  const target = new Generation(work.database, building.generation);
  const statements = updated(work, target, {
    done,
    observed,
    through: building.through,
    before: book.shown?.generation,
  });
  const trouble = troubleOf(book, { done, observed });
  if (!done.state.done) {
    const next = { ...building, changes: done.state };
    return save(work, { book: { ...book, building: next, trouble }, ended: stopped(done, observed) }, statements);
  }
  const { generation, through, orders, visibleSince: since } = building;
  const finishedAt = new Date().toISOString();
  log("info", "scan-finished", { customer: work.settings.customer, generation, startedAt: orders.startedAt });
  const shown = {
    generation,
    through,
    startedAt: orders.startedAt,
    finishedAt,
    orders: ordersIn(orders.coverage),
    visibleSince: since,
  };
  const shownNow = { ...book, shown, building: null, recent: null, readUntil: changes.startedAt, trouble };
  return save(work, { book: shownNow, ended: false }, statements);
}

/** What changed since the last scan, into the generation that is shown. */
async function stepRecent(work: Work, book: ScanBook): Promise<Onward | undefined> {
  const { shown, readUntil } = book;
  if (shown === null || readUntil === null) return undefined;
  const state = book.recent ?? recentScan(new Date(), readUntil);
  const { done, observed } = await oneStep(work, state, shown.visibleSince);
  const target = new Generation(work.database, shown.generation);
  const statements = updated(work, target, { done, observed, through: shown.through, before: undefined });
  const next = done.state.done ? { recent: null, readUntil: state.startedAt } : { recent: done.state };
  const trouble = troubleOf(book, { done, observed });
  return save(work, { book: { ...book, ...next, trouble }, ended: stopped(done, observed) }, statements);
}

interface OneStep {
  readonly done: Step & { /** Whether it came further. */ readonly advanced: boolean };
  readonly observed: ObservedSides;
}

async function oneStep(work: Work, state: ScanState, since: string | null): Promise<OneStep> {
  const observed = new ObservedSides(work.sides);
  const options = { ...reconciling(work, observed.evidence, since), pages: work.budget.limits.pages };
  const done = await step(state, observed, options);
  return { done: { ...done, advanced: done.state.done || done.state.after !== state.after }, observed };
}

/** What the reconciliation is told of this customer. */
export function reconciling({ settings }: Work, evidence: Evidence, since: string | null): ReconcileOptions {
  return {
    now: new Date(),
    timeZone: settings.company.timeZone,
    salesInvoices: settings.salesInvoices,
    deliveryNotes: settings.deliveryNotes,
    testOrders: settings.testOrders,
    evidence,
    ...(since === null ? {} : { visibleSince: since }),
  };
}

function found(
  { settings }: Work,
  target: Generation,
  { done, before }: { readonly done: Step; readonly before: number | undefined },
): readonly D1PreparedStatement[] {
  const rows = done.findings.map(gapRows(settings.company));
  return target.put(rows, new Date().toISOString(), before ?? target.number);
}

/** Writes what was found of some orders over what was known of them, and counts those that were not counted yet. */
function updated(
  work: Work,
  target: Generation,
  of: {
    readonly done: Step;
    readonly observed: ObservedSides;
    readonly through: string | null;
    readonly before: number | undefined;
  },
): readonly D1PreparedStatement[] {
  const seen = of.observed.through(of.done.state.after);
  const rows = of.done.findings.map(gapRows(work.settings.company));
  const isNew = ({ id }: Passed): boolean => of.through === null || compareOrderIds(id, of.through) > 0;
  const monthOf = monthsIn(work.settings.company.timeZone);
  return [
    ...found(work, target, of),
    ...target.drop(
      seen.map(({ id }) => id),
      rows,
    ),
    ...target.count(seen.filter(isNew).map(({ id, createdAt }) => ({ id, month: monthOf(createdAt) }))),
  ];
}

async function save(
  { database, lease }: Work,
  next: Onward,
  statements: readonly D1PreparedStatement[] = [],
): Promise<Onward> {
  await database.batch([renewal(database, lease), ...statements, writeFact(database, "scan", next.book)]);
  return next;
}

/** Lets go, a bounded part at a time, of what is neither shown nor being made. */
export async function sweepOld({ database, lease }: Work): Promise<void> {
  const book = await readFact(database, "scan");
  if (book === undefined) return;
  const kept = [book.shown?.generation, book.building?.generation].filter((generation) => generation !== undefined);
  await database.batch([renewal(database, lease), ...sweep(database, kept)]);
}

/** Whether this invocation has to leave the rest to the next one. */
function stopped({ state }: Step, { failure }: ObservedSides): boolean {
  return failure !== undefined && !state.done;
}

function troubleOf(book: ScanBook, { done, observed }: OneStep): Trouble | null {
  const { failure } = observed;
  if (failure === undefined) return null;
  log("warn", "scan-step-ended-early", { why: forLog(failure.error) });
  // A side that lets some of it through is not pressed harder by going on soon.
  return troubleAfter(done.advanced ? { ...book, trouble: null } : book, failure.error);
}

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

/** The next try waits twice as long after each failure, up to a quarter of an hour. */
function troubleAfter({ trouble }: ScanBook, error: unknown): Trouble {
  const failures = (trouble?.failures ?? 0) + 1;
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  return { why: why(error), failures, notBefore: Date.now() + pause };
}

function isOfDatabase(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("D1_ERROR");
}

/** How many of Shopify's orders a scan has read. */
export function ordersIn(coverage: Coverage): number {
  return Object.values(coverage).reduce((sum, { shopify }) => sum + shopify, 0);
}

function later(left: string | null, right: string | null): string | null {
  if (left === null || right === null) return left ?? right;
  return compareOrderIds(left, right) >= 0 ? left : right;
}
