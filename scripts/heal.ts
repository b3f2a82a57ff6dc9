import type { Command } from "commander";

import { FrappeOrders } from "../clients/frappe-orders";
import { CURRENT_APP } from "../clients/shopify-operations";
import { ShopifyOrders } from "../clients/shopify-orders";
import { UserError } from "../components/shared/user-error";
import { visibleSince } from "../core/shopify-access";
import { summarize } from "../reconciliation/coverage";
import type { Finding } from "../reconciliation/finding";
import type { ReconcileOptions } from "../reconciliation/reconcile";
import { act, customerCommand, type CommandContext } from "./lib/cli/command";
import { openCustomer, refuseWrongShop, type OpenCustomer } from "./lib/cli/open-customer";
import { positive } from "./lib/cli/options";
import { deliver } from "./lib/heal/delivery";
import { gapsOf, scanGaps, type Gaps, type Readers } from "./lib/heal/find-gaps";
import { whileLocked } from "./lib/heal/heal-lock";
import { healOrders, type HealRun } from "./lib/heal/heal-orders";
import { isWell, printReport, reportJson, type HealReport } from "./lib/heal/heal-report";
import { since, type HealOptions } from "./lib/heal/heal-options";
import { booksTestOrders } from "../components/shared/shopify-books";

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
  const { timeZone } = open.customer.company;
  const readers = { shopify: new ShopifyOrders(open.shopify), erpnext: new FrappeOrders(open.frappe, { timeZone }) };
  const reconciling = await reconcileOptions(open, readers);
  const gaps = await look({ terminal, signal }, { options, readers, reconciling });
  const curable = gaps.findings.filter(({ heal: event }) => event !== null);
  const chosen = uniqueOrders(curable).slice(0, options.limit);
  const apply = options.apply === true && gaps.complete;
  const healing = (): Promise<HealRun> =>
    healAll({ terminal, signal }, { open, readers, options, chosen, reconciling });
  const { results, stoppedBy } =
    apply && chosen.length > 0 ? await whileLocked(open.frappe, slug, healing) : { results: [], stoppedBy: undefined };
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

async function reconcileOptions(open: OpenCustomer, { shopify, erpnext }: Readers): Promise<ReconcileOptions> {
  const { currentAppInstallation } = await open.shopify.query(CURRENT_APP, {});
  const scopes = currentAppInstallation.accessScopes.map(({ handle }) => handle);
  const now = new Date();
  const seen = visibleSince(scopes, now);
  const { sync, company, environment } = open.customer;
  return {
    now,
    timeZone: company.timeZone,
    salesInvoices: sync.salesInvoices,
    deliveryNotes: sync.deliveryNotes,
    testOrders: booksTestOrders({ sync, environment }),
    evidence: { logs: (orders) => erpnext.logs(orders), lines: (ids) => shopify.lines(ids) },
    ...(seen === undefined ? {} : { visibleSince: seen }),
  };
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
  return scanGaps(readers, reconciling, { createdFrom, signal, progress });
}

/** One order may have several findings. */
function uniqueOrders(findings: readonly Finding[]): readonly { readonly id: string; readonly name: string }[] {
  const orders = findings.flatMap((finding) => (finding.kind === "orphan" ? [] : [finding.shopify]));
  return [...new Map(orders.map(({ id, name }) => [id, { id, name }])).values()];
}

interface Healing {
  readonly open: OpenCustomer;
  readonly readers: Readers;
  readonly options: HealOptions;
  readonly chosen: readonly { readonly id: string; readonly name: string }[];
  readonly reconciling: ReconcileOptions;
}

async function healAll({ terminal, signal }: CommandContext, healing: Healing): Promise<HealRun> {
  const { open, readers, options, chosen, reconciling } = healing;
  const { shopDomain } = open.customer.shopify;
  const sender = { door: open.webhookDoor, shopDomain, customer: open.customer.slug, secret: open.shopifyApiSecret };
  const progress = terminal.progress("delivering orders", chosen.length);
  let done = 0;
  const means = {
    wanted: reconciling,
    ...readers,
    orderText: (id: string) => open.shopify.orderText(id),
    deliver: (delivery: Parameters<typeof deliver>[1]) => deliver(sender, delivery),
    waitMs: options.wait * 1000,
    lookMs: 1_000,
    signal,
  };
  const onResult = (): void => {
    done += 1;
    progress.update(done);
  };
  try {
    return await healOrders(chosen, means, { inFlight: options.inFlight, onResult });
  } finally {
    progress.end();
  }
}
