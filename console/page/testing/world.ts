import type { Text } from "../../../core/messages";
import type { ConsoleReader, Counts, FeedEntry, Gap, HealthCheck, MonthCoverage, ScanReport, Told } from "../../model";
import { MISSING_REASONS } from "../../../reconciliation/finding";
import { HEALTH_CHECKS } from "../../model";
import { REASONS } from "../query";

/** A reader of a world that a test has made up, which it may change while the page is open. */
export interface World {
  company: ReturnType<ConsoleReader["company"]>;
  counts: Counts;
  months: readonly MonthCoverage[];
  scan: ScanReport;
  health: readonly HealthCheck[];
  /** Newest first. */
  feed: readonly FeedEntry[];
  /** Newest first. */
  gaps: readonly Gap[];
}

export const NOW = new Date("2026-11-27T07:14:00Z");
export const AS_OF = "2026-11-27T07:10:00Z";

export function told(value: number, asOf = AS_OF): Told<number> {
  return { known: true, value, asOf };
}

export function untold(why: Text, asOf = AS_OF): Told<number> {
  return { known: false, why, asOf };
}

export const WHOLE_SCAN: ScanReport = {
  complete: true,
  startedAt: "2026-11-27T06:00:00Z",
  finishedAt: "2026-11-27T06:12:00Z",
  running: null,
  trouble: null,
  visibleSince: null,
};

const HEALTHY: Readonly<Record<HealthCheck["name"], readonly [string, string]>> = {
  "oldest-queued": ["none", "No order waits in ERPNext's queue."],
  "error-rate": ["0 of 212", "Of the orders of the last 24 hours none failed."],
  "last-delivery": ["4 min ago", "Shopify delivered #1212."],
  deliveries: ["none", "ERPNext has taken every delivery."],
  workers: ["3 of 3", "Every background worker of ERPNext is alive."],
  subscriptions: ["5 of 5", "Shopify has every subscription, and all point to this server."],
  "token-age": ["18 days", "The token works."],
  "api-version": ["2026-10", "Shopify answered with the version that was asked for."],
  "api-deadlines": ["none", "No call of the last 30 days is deprecated."],
};

export function healthy(): readonly HealthCheck[] {
  return HEALTH_CHECKS.map((name) => {
    const [value, detail] = HEALTHY[name];
    return { name, state: "good", value, detail, asOf: AS_OF };
  });
}

/** The checks with some of them otherwise. */
export function healthWith(...others: readonly Omit<HealthCheck, "asOf">[]): readonly HealthCheck[] {
  return healthy().map((check) => {
    const other = others.find(({ name }) => name === check.name);
    return other === undefined ? check : { ...other, asOf: AS_OF };
  });
}

type Counted = Partial<Omit<MonthCoverage, "month" | "missing">> & {
  readonly missing?: Partial<MonthCoverage["missing"]>;
};

export function month(name: string, counts: Counted = {}): MonthCoverage {
  const nothing = Object.fromEntries(MISSING_REASONS.map((reason) => [reason, 0])) as MonthCoverage["missing"];
  return {
    month: name,
    shopify: 0,
    inErpnext: 0,
    unknown: 0,
    money: null,
    ...counts,
    missing: { ...nothing, ...counts.missing },
  };
}

export function gap(number: number, of: Partial<Gap> = {}): Gap {
  const id = String(6_000_000_000_000 + number);
  return {
    id,
    name: `#${number}`,
    kind: "missing",
    reason: "other",
    detail: "ERPNext has no trace of it",
    placedAt: "2026-11-26T14:05:00Z",
    total: "129.90",
    documents: [],
    difference: null,
    shopifyUrl: `https://admin.shopify.com/store/northwind-tea/orders/${id}`,
    erpnextUrl: `https://erp.example.com/app/sales-order?shopify_order_id=${id}`,
    firstSeenAt: "2026-11-26T15:00:00Z",
    checkedAt: "2026-11-27T06:03:00Z",
    ...of,
  };
}

export function entry(id: number, of: Partial<FeedEntry> = {}): FeedEntry {
  return {
    id,
    at: "2026-11-27T07:09:00Z",
    side: "shopify",
    kind: "Order",
    title: `#${1000 + id}`,
    amount: "42.00",
    url: `https://admin.shopify.com/store/northwind-tea/orders/${1000 + id}`,
    ...of,
  };
}

/** A shop in which all is well. */
export function calmWorld(of: Partial<World> = {}): World {
  const pair = (value: number): Counts["orders"] => ({ shopify: told(value), erpnext: told(value) });
  return {
    company: { name: "Northwind Tea Ltd", currency: "GBP", timeZone: "Europe/London", locale: "en-GB" },
    counts: { orders: pair(1212), products: pair(86), customers: pair(903) },
    months: [month("2026-11", { shopify: 212, inErpnext: 212 }), month("2026-10", { shopify: 1000, inErpnext: 1000 })],
    scan: WHOLE_SCAN,
    health: healthy(),
    feed: [],
    gaps: [],
    ...of,
  };
}

/** Reads a world as the Worker's own reader reads its database: filtered, searched, and page by page. */
export function readerOf(world: World): ConsoleReader {
  return {
    company: () => world.company,
    counts: () => Promise.resolve(world.counts),
    months: () => Promise.resolve(world.months),
    scan: () => Promise.resolve(world.scan),
    health: () => Promise.resolve(world.health),
    feed: (after, limit) =>
      Promise.resolve(world.feed.filter(({ id }) => after === null || id > after).slice(0, limit)),
    gapCounts: () => {
      const counts = REASONS.map(
        (reason) => [reason, world.gaps.filter((each) => each.reason === reason).length] as const,
      );
      return Promise.resolve(Object.fromEntries(counts.filter(([, count]) => count > 0)));
    },
    gaps: ({ reasons, search, month: only, after, limit }) => {
      const found = world.gaps.filter((each) => {
        const text = [each.name, each.id, each.detail, ...each.documents].join("\n").toLowerCase();
        const isOfMonth = only === undefined || each.placedAt?.startsWith(only) === true;
        return (
          isOfMonth && (reasons.length === 0 || reasons.includes(each.reason)) && text.includes(search.toLowerCase())
        );
      });
      const start = Number(after ?? 0);
      const next = start + limit < found.length ? String(start + limit) : null;
      return Promise.resolve({ gaps: found.slice(start, start + limit), total: found.length, next });
    },
  };
}
