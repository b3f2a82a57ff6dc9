import { subscribedTopics } from "../../../core/connector";
import { summarize, type CoverageSummary } from "../../../reconciliation/coverage";
import { toldOf, type Finding, type Missing } from "../../../reconciliation/finding";
import { ENGLISH } from "../../../core/messages";
import { recentScan } from "../../../reconciliation/scan";
import type { CommandContext } from "../cli/command";
import { refuseWrongShop, type OpenCustomer } from "../cli/open-customer";
import { record } from "../heal/audit";
import { gapsOf, scanGaps, type Readers } from "../heal/find-gaps";
import { healChosen, readersOf, reconcileOptions, uniqueOrders } from "../heal/heal-customer";
import type { Healed } from "../heal/heal-order";
import type { HealRun } from "../heal/heal-orders";
import type { ReconcileOptions } from "../../../reconciliation/reconcile";
import { readCompared, writeCompared, type Compared } from "./compared";
import { lostTopics, subscribeAgain } from "./subscriptions";

/** How far back the first look goes, before which there is none to go on from. */
const FIRST_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;
/** So many open orders are remembered by their numbers; with more, the next look begins where this one did. */
const MOST_OPEN = 500;

/** What may be done, and how much of it. */
export interface GapLimits {
  readonly apply: boolean;
  /** How many orders are delivered at most, the oldest first. */
  readonly limit: number;
  readonly inFlight: number;
  /** How long a delivery may wait in ERPNext's queue (seconds). */
  readonly wait: number;
}

/** An order that a person has to see to. */
export interface OpenOrder {
  readonly id: string;
  readonly name: string;
  readonly why: string;
}

/** What was found of one customer and what was done about it. */
export interface ClosedGaps {
  readonly customer: string;
  readonly applied: boolean;
  /** Shopify's changes since then were compared (RFC 3339). */
  readonly since: string;
  /** Topics that Shopify did not deliver any more, made again where that was to be done. */
  readonly lost: readonly string[];
  readonly coverage: CoverageSummary;
  /** How many orders could be delivered again. */
  readonly curable: number;
  readonly results: readonly Healed[];
  readonly open: readonly OpenOrder[];
  /** Whether all was looked at. */
  readonly complete: boolean;
}

/**
 * Makes lost subscriptions again and delivers what is missing of the orders that Shopify changed since the last comparison, and of those that were left then.
 * Subscriptions come first: what Shopify does not send meanwhile is compared afterwards.
 * @throws what the clients throw, UserError
 */
export async function closeGaps(context: CommandContext, open: OpenCustomer, limits: GapLimits): Promise<ClosedGaps> {
  await refuseWrongShop(open);
  const lost = await restore(context, open, limits);
  const readers = readersOf(open);
  const reconciling = await reconcileOptions(open, readers);
  const compared = await readCompared(open.frappe);
  const since = compared?.at ?? new Date(reconciling.now.getTime() - FIRST_DAYS * DAY_MS).toISOString();
  const found = await look(context, { readers, reconciling, since, again: compared?.open ?? [] });
  const curable = found.findings.filter(({ heal }) => heal !== null);
  const orders = uniqueOrders(curable);
  const isApplied = limits.apply && found.complete;
  const chosen = isApplied ? orders.slice(0, limits.limit) : [];
  const run = await healChosen(context, { open, readers, reconciling, chosen, ...limits });
  const unhealed = orders.filter(({ id }) => !run.results.some((one) => one.id === id && one.outcome === "healed"));
  const forPeople = [
    ...found.findings.flatMap(hopeless),
    ...unhealed.map((order) => ({ ...order, why: whyNot(order.id, run) })),
  ];
  if (isApplied) await remember(open, reconciling, { forPeople, findings: found.findings });
  return {
    customer: open.customer.slug,
    applied: isApplied,
    since,
    lost,
    coverage: summarize(found.coverage, reconciling.visibleSince?.slice(0, 7)),
    curable: orders.length,
    results: run.results,
    open: forPeople,
    complete: found.complete && run.stoppedBy === undefined && !context.signal.aborted,
  };
}

async function restore(
  { terminal }: CommandContext,
  open: OpenCustomer,
  { apply }: GapLimits,
): Promise<readonly string[]> {
  const lost = await lostTopics(open);
  if (lost.length === 0 || !apply) return lost;
  await subscribeAgain(open, lost);
  await record(
    open.frappe,
    terminal,
    `Subscribed again to ${lost.join(", ")} of ${subscribedTopics(open.customer).length} topics`,
  );
  return lost;
}

interface Look {
  readonly readers: Readers;
  readonly reconciling: ReconcileOptions;
  readonly since: string;
  /** Numbers of orders to compare whatever Shopify changed. */
  readonly again: readonly string[];
}

async function look({ terminal, signal }: CommandContext, { readers, reconciling, since, again }: Look) {
  const scan = recentScan(reconciling.now, since);
  const progress = terminal.progress("comparing orders", (await readers.shopify.count(scan.scope)) ?? 0);
  const recent = await scanGaps(readers, reconciling, { scan, signal, progress });
  const older = again.length === 0 ? [] : (await gapsOf(again, readers, reconciling)).findings;
  const seen = new Set(recent.findings.map(({ id }) => id));
  return { ...recent, findings: [...older.filter(({ id }) => !seen.has(id)), ...recent.findings] };
}

/** Orders that are not there and that no delivery brings; those that no one misses are none. What differs in its books is the Console's matter. */
function hopeless(finding: Finding): readonly OpenOrder[] {
  if (finding.kind !== "missing" || finding.heal !== null || isNoOnes(finding)) return [];
  return [{ id: finding.id, name: finding.shopify.name, why: `${finding.reason}: ${ENGLISH.write(toldOf(finding))}` }];
}

function isNoOnes({ reason }: Missing): boolean {
  return reason === "recent" || reason === "cancelled" || reason === "test-order";
}

function whyNot(id: string, { results, stoppedBy }: HealRun): string {
  return results.find((one) => one.id === id)?.why ?? stoppedBy?.message ?? "it has not been delivered again";
}

/** The next time compares the orders that are only on their way too. */
async function remember(
  { frappe }: OpenCustomer,
  { now }: ReconcileOptions,
  { forPeople, findings }: { readonly forPeople: readonly OpenOrder[]; readonly findings: readonly Finding[] },
): Promise<void> {
  const recent = findings.filter((finding) => finding.kind === "missing" && finding.reason === "recent");
  const open = [...new Set([...forPeople, ...recent].map(({ id }) => id))];
  if (open.length > MOST_OPEN) return;
  const compared: Compared = { at: now.toISOString(), open };
  await writeCompared(frappe, compared);
}
