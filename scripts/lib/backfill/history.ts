import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { ORDER_COUNT } from "../../../clients/shopify-operations";
import type { ShopifyClient } from "../../../clients/shopify";
import { UserError } from "../../../core/user-error";
import type { OpenCustomer } from "../cli/open-customer";
import type { Progress, Terminal } from "../cli/terminal";
import { askCustomersServer } from "../server-request/of-customer";
import type { Observation } from "../server-readiness";
import { roughly, type HistoryPlan } from "./plan";
import { isUnderWay, type BackfillReport } from "./report";
import type { CountOrders } from "./windows";

/** The server answers at once; it is only late while it makes a backup or converges (milliseconds). */
const ANSWER_LIMIT_MS = 10 * 60_000;

/** Counts in Shopify itself. @throws ShopifyError; UserError when it gives no exact number */
export function countIn(shopify: Pick<ShopifyClient, "query">, customer: string): CountOrders {
  return async ({ from, to }) => {
    const query = `created_at:>='${from}' AND created_at:<='${to}'`;
    const { ordersCount } = await shopify.query(ORDER_COUNT, { query });
    if (ordersCount?.precision === "EXACT") return ordersCount.count;
    throw new UserError({
      what: `Shopify counts the orders from ${from} to ${to} only roughly`,
      customer,
      next: "try again; if it stays so, give a later --from",
    });
  };
}

/** Begins a plan, or goes on with the one that the server has. @returns the server's words */
export function beginHistory(open: OpenCustomer, plan: HistoryPlan | { resume: string }, terminal: Terminal) {
  const { slug } = open.customer;
  const request = { name: "backfill", nonce: randomUUID(), parameters: { ...plan } };
  const failed = `fix that and run the same again: where another one is running, "./stack backfill ${slug} --apply" watches it to its end`;
  return askCustomersServer(
    open,
    { request, subject: "backfill", timeoutMs: ANSWER_LIMIT_MS, next: { failed } },
    terminal,
  );
}

/** Ends it after at most one window's loss. @returns the server's words */
export function stopHistory(open: OpenCustomer, terminal: Terminal): Promise<string> {
  const request = { name: "stop-backfill", nonce: randomUUID() };
  return askCustomersServer(open, { request, subject: "stop of the backfill", timeoutMs: ANSWER_LIMIT_MS }, terminal);
}

export interface Following {
  readonly customer: string;
  /** One look at the server. */
  readonly look: () => Promise<Observation>;
  readonly progress: Progress;
  /** Aborted: leave it to the server. */
  readonly signal: AbortSignal;
  readonly intervalMs: number;
  /** How long the server may be silent: a reboot takes some minutes (milliseconds). */
  readonly silenceLimitMs: number;
}

/**
 * Watches until the server does no more of it by itself. @returns the last report; undefined when the operator has gone
 * @throws UserError when the server is silent for too long
 */
export async function followHistory(following: Following): Promise<BackfillReport | undefined> {
  const { progress, signal, silenceLimitMs, customer } = following;
  const began = performance.now();
  let first: BackfillReport | undefined;
  let heard = began;
  while (!signal.aborted) {
    const seen = await following.look();
    const report = seen.kind === "report" ? seen.report.backfill : undefined;
    if (report !== undefined) {
      heard = performance.now();
      if (!isUnderWay(report)) return report;
      first ??= report;
      progress.total(report.ordersExpected);
      progress.update(report.ordersDone, noteOf(report, { first, elapsedMs: heard - began }));
    } else if (performance.now() - heard > silenceLimitMs) {
      throw new UserError({
        what: `the server has not reported its state for ${roughly(silenceLimitMs / 1000)}`,
        customer,
        next: `look at it in Google Cloud; "./stack backfill ${customer} --status" shows how far it is once it answers`,
      });
    }
    await sleep(following.intervalMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** The window, the speed that was seen, and how long the rest takes at it. */
export function noteOf(report: BackfillReport, seen: { first: BackfillReport; elapsedMs: number }): string {
  if (report.state === "paused") return "paused: goes on by itself when the server is ready";
  const window = `window ${report.windowsDone + 1} of ${report.windowsTotal}`;
  const done = report.ordersDone - seen.first.ordersDone;
  if (done === 0) return window;
  const left = ((report.ordersExpected - report.ordersDone) * seen.elapsedMs) / done / 1000;
  const anHour = Math.round((done * 3_600_000) / seen.elapsedMs);
  return `${window}, ${anHour} orders an hour, ${roughly(left)} left`;
}
