import { FrappeOrders } from "../../../clients/frappe-orders";
import { ShopifyOrders } from "../../../clients/shopify-orders";
import { DIFFERENCES, MISSING_REASONS } from "../../../reconciliation/finding";
import { percentOf, summarize, type CoverageSummary } from "../../../reconciliation/coverage";
import { fullScan, step, type ScanState } from "../../../reconciliation/scan";
import type { OpenCustomer } from "../cli/open-customer";
import { printMoney, shareLine } from "../cli/money-table";
import type { Terminal } from "../cli/terminal";
import { booksTestOrders } from "../../../components/shared/shopify-books";

/** Pages of both sides that are read between two signs of life. */
const PAGES_A_STEP = 20;

export interface CoverageScope {
  /** RFC 3339: orders from then on. */
  readonly createdFrom: string;
  /** Whether the app sees all of them. */
  readonly visibleOnly: boolean;
}

/** What of Shopify's orders ERPNext has now, and why not the others. Undefined when the operator has gone meanwhile. */
export async function coverageOf(
  { customer, shopify, frappe }: Pick<OpenCustomer, "customer" | "shopify" | "frappe">,
  { createdFrom, visibleOnly }: CoverageScope,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<CoverageSummary | undefined> {
  const { timeZone } = customer.company;
  const [orders, documents] = [new ShopifyOrders(shopify), new FrappeOrders(frappe, { timeZone })];
  const total = (await orders.count({ createdFrom })) ?? 0;
  const progress = terminal.progress("coverage", total);
  let state: ScanState = fullScan(new Date(), createdFrom);
  try {
    while (!state.done && !signal.aborted) {
      const options = {
        pages: PAGES_A_STEP,
        now: new Date(),
        timeZone,
        salesInvoices: customer.sync.salesInvoices,
        deliveryNotes: customer.sync.deliveryNotes,
        testOrders: booksTestOrders(customer),
        evidence: {
          logs: (some: Parameters<FrappeOrders["logs"]>[0]) => documents.logs(some),
          lines: (ids: readonly string[]) => orders.lines(ids),
        },
      };
      ({ state } = await step(state, { shopify: orders, erpnext: documents }, options));
      progress.update(Object.values(state.coverage).reduce((sum, { shopify: count }) => sum + count, 0));
    }
  } finally {
    progress.end();
  }
  return state.done ? summarize(state.coverage, visibleOnly ? createdFrom.slice(0, 10) : undefined) : undefined;
}

/** The figure, the reasons of what is missing, in what the others differ, and what that means. */
export function printCoverage(coverage: CoverageSummary, terminal: Terminal): void {
  const { share, attainable, agreed, missing, different, remarks } = coverage;
  terminal.print();
  if (share === undefined) {
    terminal.print("coverage: Shopify has no orders of that time");
    return;
  }
  terminal.print(`coverage: ${shareLine(coverage)}`);
  if (attainable !== undefined && attainable !== share && (attainable < 1 || agreed)) {
    terminal.print(`of those that can be there: ${percentOf(attainable)}`);
  }
  printCounts("not there because", { keys: MISSING_REASONS, counts: missing }, terminal);
  printCounts("there, but different", { keys: DIFFERENCES, counts: different }, terminal);
  remarks.forEach((remark) => {
    terminal.print(remark);
  });
  printMoney(coverage, terminal);
}

/** What was counted at all, in the order of the keys. */
function printCounts<Key extends string>(
  title: string,
  { keys, counts }: { keys: readonly Key[]; counts: Readonly<Record<Key, number>> },
  terminal: Terminal,
): void {
  const rows = keys.filter((key) => counts[key] > 0).map((key) => [key, String(counts[key])]);
  if (rows.length > 0) terminal.table([title, "orders"], rows);
}
