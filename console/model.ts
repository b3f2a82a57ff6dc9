import type { Text } from "../core/messages";
import type { MissingReason, Reason } from "../reconciliation/finding";
import type { Figures, MonthMoney } from "../reconciliation/month-money";

/**
 * What the page shows, as the database and the two sides tell it. Times are ISO 8601 in UTC; the page writes them in the
 * company's zone. Plain JSON throughout.
 */

/** A figure that someone gave, or why it is unknown: a side that does not answer must never look like a zero. */
export type Told<Value> =
  | { readonly known: true; readonly value: Value; readonly asOf: string }
  | {
      readonly known: false;
      /** One clause for people, for example "the app lacks the scope read_customers". */
      readonly why: Text;
      readonly asOf: string;
    };

/** What is counted on both sides. */
export const COUNTED = ["orders", "products", "customers"] as const;
export type Counted = (typeof COUNTED)[number];

export interface SideCounts {
  readonly shopify: Told<number>;
  readonly erpnext: Told<number>;
}

export type Counts = Readonly<Record<Counted, SideCounts>>;

/** Orders of one month, of the company's calendar. */
export interface MonthCoverage {
  /** YYYY-MM */
  readonly month: string;
  /** Orders that Shopify has. */
  readonly shopify: number;
  /** Those of them that ERPNext has too. */
  readonly inErpnext: number;
  readonly missing: Readonly<Record<MissingReason, number>>;
  /** Of a time that the app may not see in Shopify: what is missing is unknown. */
  readonly unknown: number;
  /** As of the last whole comparison; null of a month that none has seen. */
  readonly money: MonthMoney | null;
}

export interface ScanReport {
  /** Whether the figures by month and the list of gaps are of a whole scan; false before the first has ended. */
  readonly complete: boolean;
  /** When the scan that the figures are of began; null before the first. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** The scan that is going on now, if one is. */
  readonly running: {
    readonly startedAt: string;
    readonly ordersDone: number;
    readonly ordersTotal: number | null;
  } | null;
  /** Why the last step ended early; null when it did not. */
  readonly trouble: Text | null;
  /** Orders before this moment cannot be seen, because the app lacks `read_all_orders`; null when all can be. */
  readonly visibleSince: string | null;
}

/** good: as it should be · warning: look at it today · bad: orders are not arriving · unknown: it could not be determined. */
export const HEALTH_STATES = ["good", "warning", "bad", "unknown"] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

/** What the health panel holds, in this sequence. */
export const HEALTH_CHECKS = [
  "oldest-queued",
  "error-rate",
  "last-delivery",
  "deliveries",
  "workers",
  "subscriptions",
  "token-age",
  "api-version",
  "api-deadlines",
] as const;
export type HealthCheckName = (typeof HEALTH_CHECKS)[number];

export interface HealthCheck {
  readonly name: HealthCheckName;
  readonly state: HealthState;
  /** What was seen, for people: "3 min", "5 of 5", "2026-10". */
  readonly value: Text;
  /** One sentence: what it means, and what to do unless it is good. */
  readonly detail: Text;
  readonly asOf: string;
}

/** Something that appeared on one side. */
export interface FeedEntry {
  /** Unique, ascending in the sequence in which the console noticed. */
  readonly id: number;
  readonly at: string;
  readonly side: "shopify" | "erpnext";
  /** For example "Order", "Sales Order", "Sales Invoice", "Delivery Note", "Payment Entry". */
  readonly kind: string;
  /** For example "#1001" or "SAL-ORD-2026-00001". */
  readonly title: string;
  /** Decimal in the shop's currency; null where the thing has no amount. */
  readonly amount: string | null;
  /** Into the admin of the side. */
  readonly url: string;
}

/** An order that is missing, differs, or has no counterpart in Shopify. */
export interface Gap {
  /** Shopify's order id. */
  readonly id: string;
  /** What the merchant calls it ("#1001"); the id where Shopify no longer has it. */
  readonly name: string;
  readonly kind: "missing" | "different" | "orphan";
  /** Why it is missing, or how it differs; "orphan" for an orphan. */
  readonly reason: Reason;
  /** One clause for people: the connector's own words where the reason is "error". */
  readonly detail: string;
  /** When the order was placed; null where only ERPNext knows it, by day alone. */
  readonly placedAt: string | null;
  /** Decimal in the shop's currency; null where unknown. */
  readonly total: string | null;
  /** Names of ERPNext's documents. */
  readonly documents: readonly string[];
  /** ERPNext's money less Shopify's; null where it is the same, or stands with another gap of the order. */
  readonly difference: Figures | null;
  readonly shopifyUrl: string;
  /** The Sales Order, or a search for it where there is none. */
  readonly erpnextUrl: string;
  readonly firstSeenAt: string;
  readonly checkedAt: string;
}

export interface GapQuery {
  /** Only these kinds and reasons; empty: all. */
  readonly reasons: readonly Gap["reason"][];
  /** Part of a name, an id, a document's name or the detail, in any case; empty: all. */
  readonly search: string;
  /** Only orders placed in this month (YYYY-MM) of the company's calendar; left out: all. */
  readonly month?: string;
  /** Where the last page ended; null for the first. */
  readonly after: string | null;
  readonly limit: number;
}

export interface GapPage {
  readonly gaps: readonly Gap[];
  /** How many match in all. */
  readonly total: number;
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

/** How the company writes: from the intake file. */
export interface CompanyFormat {
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Of the tz database. */
  readonly timeZone: string;
  /** BCP 47, for numbers and dates. */
  readonly locale: string;
}

/** Everything that the page reads. What implements it holds the tokens; none of it comes out here. */
export interface ConsoleReader {
  company(): CompanyFormat;
  counts(): Promise<Counts>;
  months(): Promise<readonly MonthCoverage[]>;
  scan(): Promise<ScanReport>;
  health(): Promise<readonly HealthCheck[]>;
  /** Newest first, at most `limit`, and only those after the id that the browser has already. */
  feed(after: number | null, limit: number): Promise<readonly FeedEntry[]>;
  /** How many gaps there are by reason; reasons without any are left out. */
  gapCounts(): Promise<Readonly<Partial<Record<Gap["reason"], number>>>>;
  /** Newest first. */
  gaps(query: GapQuery): Promise<GapPage>;
}
