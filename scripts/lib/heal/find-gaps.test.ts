import { FrappeOrders } from "../../../clients/frappe-orders";
import type { ShopifyQueries } from "../../../clients/shopify";
import { ShopifyOrders } from "../../../clients/shopify-orders";
import { orderNode, shopMoney } from "../../../clients/testing/order-node";
import { reasonOf } from "../../../reconciliation/finding";
import { compareOrderIds } from "../../../reconciliation/order-id";
import { fullScan } from "../../../reconciliation/scan";
import { erpnextOrder, evidenceOf, logEntry, optionsFor, salesOrder } from "../../../reconciliation/testing/world";
import { gapsOf, scanGaps } from "./find-gaps";

const COUNT = 100_000;
const FIRST = 5_000_000_000_000;
const KINDS = ["cancelled", "deleted-product", "error", "other", "no-invoice"] as const;

/** Every fiftieth order has a gap, of each kind in turn. */
function kindOf(index: number): (typeof KINDS)[number] | undefined {
  return index % 50 === 0 ? KINDS[(index / 50) % KINDS.length] : undefined;
}

function node(index: number) {
  const kind = kindOf(index);
  return orderNode("10.0", {
    legacyResourceId: String(FIRST + index),
    name: `#${index}`,
    createdAt: new Date(Date.parse("2024-01-01T00:00:00Z") + (COUNT - index) * 600_000).toISOString(),
    updatedAt: "2026-01-01T00:00:00Z",
    cancelledAt: kind === "cancelled" ? "2026-01-01T00:00:00Z" : null,
    ...(kind === "no-invoice"
      ? { displayFinancialStatus: "PAID", totalReceivedSet: shopMoney("10.0"), totalOutstandingSet: shopMoney("0.0") }
      : {}),
  });
}

const shop: ShopifyQueries = {
  query: (operation, variables) => {
    const { query = "", ids = [] } = variables as { query?: string | null; ids?: string[] };
    if (operation.name === "OrdersById") {
      const nodes = ids.map((id) => ({ __typename: "Order", ...node(Number(id.split("/").at(-1)) - FIRST) }));
      return Promise.resolve({ nodes } as never);
    }
    const name = /name:'#(\d+)'/.exec(query ?? "")?.[1];
    const start = name ?? Number(/id:>=(\d+)/.exec(query ?? "")?.[1] ?? FIRST) - FIRST;
    const length = name === undefined ? Math.min(250, COUNT - Number(start)) : Number(name) < COUNT ? 1 : 0;
    const nodes = Array.from({ length }, (_, index) => node(Number(start) + index));
    return Promise.resolve({ orders: { nodes, pageInfo: { hasNextPage: Number(start) + length < COUNT } } } as never);
  },
};

/** ERPNext's side as its reader gives it; that the reader asks Frappe rightly is its own test. */
class There extends FrappeOrders {
  readonly #known = (index: number): boolean => [undefined, "no-invoice"].includes(kindOf(index));

  override page(after: string | null) {
    const start = after === null ? 0 : Number(after) - FIRST + 1;
    const ids = Array.from({ length: Math.min(1_000, COUNT - start) }, (_, index) => start + index);
    const orders = ids.filter(this.#known).map((index) => this.#order(index));
    return Promise.resolve({ orders, last: start + ids.length >= COUNT });
  }

  override withIds(ids: readonly string[]) {
    const indexes = ids.map((id) => Number(id) - FIRST);
    return Promise.resolve(indexes.filter(this.#known).map((index) => this.#order(index)));
  }

  #order(index: number) {
    const made = { status: "Completed", charges: "0", date: "2024-01-01" };
    return erpnextOrder(String(FIRST + index), { salesOrders: [salesOrder(`SO-${index}`, made)] });
  }
}

const indexes = Array.from({ length: COUNT / 50 }, (_, index) => index * 50);
const of = (kind: string): string[] => indexes.filter((index) => kindOf(index) === kind).map((i) => String(FIRST + i));
const world = {
  shopify: [],
  erpnext: [],
  logs: of("error").map((id) => logEntry(id)),
  withoutProduct: new Set(of("deleted-product")),
};
const readers = {
  shopify: new ShopifyOrders(shop),
  erpnext: new There({ list: () => Promise.resolve([]) }, { timeZone: "UTC" }),
};
const progress = { update: jest.fn(), total: jest.fn(), end: jest.fn() };

test("100,000 orders with 2 % gaps: each kind is found exactly, the oldest first", async () => {
  const options = optionsFor(world, { evidence: evidenceOf(world), deliveryNotes: false });
  const run = { scan: fullScan(new Date()), signal: new AbortController().signal, progress };
  const { findings, coverage, complete } = await scanGaps(readers, options, run);
  for (const kind of KINDS) {
    const ids = findings.filter((finding) => reasonOf(finding) === kind).map(({ id }) => id);
    expect(ids.sort(compareOrderIds)).toEqual(of(kind));
  }
  expect([findings.length, complete]).toEqual([2_000, true]);
  // The stand-in's orders are the younger the lower their id.
  expect(findings[0]!.id).toBe(String(FIRST + COUNT - 50));
  expect(Object.values(coverage).reduce((sum, { shopify }) => sum + shopify, 0)).toBe(COUNT);
  expect(progress.update).toHaveBeenLastCalledWith(COUNT, "2000 findings");
  expect(progress.end).toHaveBeenCalledTimes(1);
}, 120_000);

test("an interrupted scan says that it is not complete", async () => {
  const run = { scan: fullScan(new Date()), signal: AbortSignal.abort(), progress };
  const { findings, complete } = await scanGaps(readers, optionsFor(world), run);
  expect([findings, complete]).toEqual([[], false]);
});

test("single orders are found by id and by name, each once, and what is unknown is named", async () => {
  const { findings, unknown } = await gapsOf(["#50", String(FIRST + 50), "150", "#999999"], readers, optionsFor(world));
  expect(findings.map(({ id }) => id).sort(compareOrderIds)).toEqual([String(FIRST + 50), String(FIRST + 150)]);
  expect(unknown).toEqual(["#999999"]);
});
