import type { Command } from "commander";

import { UserError } from "../core/user-error";
import { summarize } from "../reconciliation/coverage";
import type { ReconcileOptions } from "../reconciliation/reconcile";
import { fullScan } from "../reconciliation/scan";
import { act, customerCommand, type CommandContext } from "./lib/cli/command";
import { openCustomer, refuseWrongShop } from "./lib/cli/open-customer";
import { positive } from "./lib/cli/options";
import { gapsOf, scanGaps, type Gaps, type Readers } from "./lib/heal/find-gaps";
import { healChosen, readersOf, reconcileOptions, uniqueOrders } from "./lib/heal/heal-customer";
import { isWell, printReport, reportJson, type HealReport } from "./lib/heal/heal-report";
import { since, type HealOptions } from "./lib/heal/heal-options";

/** `heal`: finds the orders that ERPNext lacks, and delivers them again through the front door. */
export function healCommand(): Command {
  return customerCommand(
    "heal",
    "Find the orders that ERPNext lacks, and deliver them again.",
    "acme --since 2026-11-01 --apply",
  )
    .option("--apply", "deliver; without it nothing is changed anywhere")
    .option("--since <date>", "only orders placed since this day, YYYY-MM-DD", since)
    .option("--order <id or name...>", "only these orders, for example 5800000001001 or #1001")
    .option("--limit <n>", "how many orders are delivered at most, the oldest first", positive, 200)
    .option("--in-flight <n>", "how many orders are on their way at the same time", positive, 2)
    .option("--wait <seconds>", "how long a delivery may wait in ERPNext's queue", positive, 120)
    .action(act<[string, HealOptions]>(heal));
}

async function heal({ terminal, signal }: CommandContext, slug: string, options: HealOptions): Promise<boolean> {
  const open = await openCustomer(slug, terminal);
  await refuseWrongShop(open);
  const readers = readersOf(open);
  const reconciling = await reconcileOptions(open, readers);
  const gaps = await look({ terminal, signal }, { options, readers, reconciling });
  const curable = gaps.findings.filter(({ heal: event }) => event !== null);
  const chosen = uniqueOrders(curable).slice(0, options.limit);
  const apply = options.apply === true && gaps.complete;
  const healing = { open, readers, reconciling, chosen: apply ? chosen : [], ...options };
  const { results, stoppedBy } = await healChosen({ terminal, signal }, healing);
  const report: HealReport = {
    customer: slug,
    applied: apply,
    coverage: summarize(gaps.coverage, reconciling.visibleSince?.slice(0, 7)),
    curable,
    left: uniqueOrders(curable).length - chosen.length,
    others: gaps.findings.filter((finding) => !curable.includes(finding)),
    results,
  };
  printReport(terminal, report);
  if (stoppedBy !== undefined) throw stoppedBy;
  terminal.result(reportJson(report));
  return isWell(report) && gaps.complete && !signal.aborted;
}

async function look(
  { terminal, signal }: CommandContext,
  of: { readonly options: HealOptions; readonly readers: Readers; readonly reconciling: ReconcileOptions },
): Promise<Gaps> {
  const { options, readers, reconciling } = of;
  if (options.order !== undefined) {
    const gaps = await gapsOf(options.order, readers, reconciling);
    if (gaps.unknown.length === 0) return gaps;
    const what = `the shop shows no order ${gaps.unknown.join(", ")}`;
    throw new UserError({
      what,
      next: "give the id or the name as Shopify has it; older than 60 days needs read_all_orders",
    });
  }
  const createdFrom = options.since;
  const count = await readers.shopify.count(createdFrom === undefined ? {} : { createdFrom });
  const progress = terminal.progress("comparing orders", count ?? 0);
  return scanGaps(readers, reconciling, { scan: fullScan(reconciling.now, createdFrom), signal, progress });
}
