import { execFileSync } from "node:child_process";
import { Command, InvalidArgumentError, Option } from "commander";

import { addCoverage, summarize, type Coverage } from "../../reconciliation/coverage";
import type { ErpnextOrder, ShopifyOrder } from "../../reconciliation/order";
import { reconcileInBatches } from "../../reconciliation/reconcile";

/**
 * `npm run bench:reconcile`: the reconciliation of a million orders, one in fifty of which ERPNext lacks, beside the naive
 * way: both sides in maps, nothing explained or counted. Each run is a process of its own, so that its peak memory is
 * its own; the runs of a round stand next to each other, because a machine's speed drifts.
 */

const WAYS = ["joined", "maps"] as const;
type Way = (typeof WAYS)[number];

interface Measured {
  readonly seconds: number;
  /** Largest resident set of the process (MiB). */
  readonly peak: number;
  readonly missing: number;
}

/** Every fiftieth order is missing: in turn one whose product is gone, a cancelled, a failed and a lost one. */
const GAP = 50;
const FIRST_ID = 5_000_000_000_000;
const STARTED = Date.parse("2023-01-01T00:00:00Z");
const EVERY_MS = 90_000;
const NO_NAMES: readonly string[] = [];
const NO_FULFILMENTS: ShopifyOrder["fulfilments"] = [];

async function* shopifyOrders(count: number): AsyncGenerator<ShopifyOrder, void, undefined> {
  for (let index = 0; index < count; index += 1) {
    const createdAt = new Date(STARTED + index * EVERY_MS).toISOString();
    const cancelledAt = index % (4 * GAP) === GAP ? createdAt : null;
    yield await Promise.resolve({
      id: String(FIRST_ID + index),
      name: `#${index}`,
      createdAt,
      updatedAt: createdAt,
      cancelledAt,
      closedAt: null,
      test: false,
      edited: false,
      financialStatus: "PENDING",
      fulfillmentStatus: "UNFULFILLED",
      currency: "EUR",
      presentmentCurrency: "EUR",
      taxesIncluded: true,
      gateways: NO_NAMES,
      placed: "28.70",
      total: "28.70",
      current: "28.70",
      outstanding: "28.70",
      received: "0.00",
      refunded: "0.00",
      tax: "4.58",
      shipping: "4.90",
      shippingTax: "0.78",
      discounts: "0.00",
      tips: "0.00",
      duties: "0.00",
      fulfilments: NO_FULFILMENTS,
    });
  }
}

async function* erpnextOrders(count: number): AsyncGenerator<ErpnextOrder, void, undefined> {
  for (let index = 0; index < count; index += 1) {
    if (index % GAP === 0) continue;
    const date = new Date(STARTED + index * EVERY_MS).toISOString().slice(0, 10);
    const salesOrder = {
      name: `SO-${index}`,
      docstatus: 1,
      status: "To Deliver and Bill",
      currency: "EUR",
      total: "28.69",
      grandTotal: "28.69",
      charges: "8.70",
      pieces: 2,
      delivered: 0,
      date,
    } as const;
    yield await Promise.resolve({
      id: String(FIRST_ID + index),
      salesOrders: [salesOrder],
      invoices: [],
      deliveryNotes: [],
    });
  }
}

/** @returns how many orders ERPNext lacks. */
async function joined(count: number): Promise<number> {
  let coverage: Coverage = {};
  const kindOf = (id: string): number => (Number(id) - FIRST_ID) % (4 * GAP);
  const batches = reconcileInBatches(shopifyOrders(count), erpnextOrders(count), {
    now: new Date(STARTED + (count + 1_000) * EVERY_MS),
    timeZone: "Europe/Berlin",
    salesInvoices: true,
    deliveryNotes: true,
    evidence: {
      lines: (ids) =>
        Promise.resolve(
          new Map(
            ids.map((id) => [id, [{ title: "Cup", vendor: "Potter", productId: kindOf(id) === 0 ? null : "1" }]]),
          ),
        ),
      logs: (orders) =>
        Promise.resolve(
          new Map(
            orders
              .filter(({ id }) => kindOf(id) === 2 * GAP)
              .map(({ id, createdAt }) => [
                id,
                [
                  {
                    orderId: id,
                    name: id,
                    status: "Error" as const,
                    method: "sync_sales_order",
                    message: "No such tax",
                    createdAt,
                  },
                ],
              ]),
          ),
        ),
    },
  });
  for await (const batch of batches) coverage = addCoverage(coverage, batch.coverage);
  const { missing } = summarize(coverage);
  const quarter = count / GAP / 4;
  const { cancelled, error, other } = missing;
  if (missing["deleted-product"] !== quarter || [cancelled, error, other].some((found) => found !== quarter)) {
    throw new Error(`the reconciliation found ${JSON.stringify(missing)} instead of ${quarter} of each kind.`);
  }
  return quarter * 4;
}

async function maps(count: number): Promise<number> {
  const shopify = new Map<string, ShopifyOrder>();
  const erpnext = new Map<string, ErpnextOrder>();
  for await (const order of shopifyOrders(count)) shopify.set(order.id, order);
  for await (const order of erpnextOrders(count)) erpnext.set(order.id, order);
  return [...shopify.keys()].filter((id) => !erpnext.has(id)).length;
}

async function measure(way: Way, count: number): Promise<Measured> {
  const started = performance.now();
  const missing = await (way === "joined" ? joined : maps)(count);
  const seconds = (performance.now() - started) / 1000;
  return { seconds, peak: process.resourceUsage().maxRSS / 1024, missing };
}

function inOwnProcess(way: Way, count: number): Measured {
  const args = ["--import", "tsx", __filename, "--way", way, "--orders", String(count)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Measured;
}

function compare(count: number, rounds: number): void {
  process.stdout.write(`${count} orders, ${count / GAP} of them missing; ${rounds} rounds\n`);
  for (let round = 1; round <= rounds; round += 1) {
    const [merge, naive] = [inOwnProcess("joined", count), inOwnProcess("maps", count)];
    if (merge.missing !== naive.missing) throw new Error(`${merge.missing} missing orders are not ${naive.missing}.`);
    const line = ({ seconds, peak }: Measured): string => `${seconds.toFixed(2)} s, ${peak.toFixed(0)} MiB`;
    const ratios = `time × ${(merge.seconds / naive.seconds).toFixed(2)}, memory × ${(merge.peak / naive.peak).toFixed(2)}`;
    process.stdout.write(`reconciliation ${line(merge)} | maps ${line(naive)} | ${ratios}\n`);
  }
}

const program = new Command()
  .name("npm run bench:reconcile --")
  .description("Time and peak memory of the reconciliation beside a join of two maps, in one run.")
  .option("--orders <n>", "how many orders, a multiple of 200", wholeNumber, 1_000_000)
  .option("--rounds <n>", "how many times each is run", wholeNumber, 3)
  .addOption(new Option("--way <way>", "run one of them in this process").choices(WAYS).hideHelp());

program.parse();
main(program.opts<{ orders: number; rounds: number; way?: Way }>()).catch((error: unknown) => {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
});

async function main({ orders, rounds, way }: { orders: number; rounds: number; way?: Way }): Promise<void> {
  if (way === undefined) compare(orders, rounds);
  else process.stdout.write(JSON.stringify(await measure(way, orders)));
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("write a whole number from 1");
  return number;
}
