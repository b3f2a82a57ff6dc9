import type { BooksSetting } from "../../../components/shared/books-settings";
import type { LedgerPlace } from "../../../components/shared/ledgers";

/** A document of Frappe as far as a check reads it. */
export type Fields = Readonly<Record<string, unknown>>;

/** A ledger that orders are booked to, as ERPNext has it. */
export interface Ledger extends LedgerPlace {
  /** Undefined where there is none of that name. */
  readonly document: Fields | undefined;
}

export interface Worker {
  readonly name: string;
  readonly queues: readonly string[];
}

export interface QueuedJob {
  readonly id: string;
  /** The Python path of its function, or the name that it was given. */
  readonly name: string;
  readonly status: string;
}

/** Rows of the connector's log in the last 24 hours. */
export interface LogCounts {
  readonly success: number;
  readonly error: number;
  readonly invalid: number;
  /** Of whatever age, still Queued after a quarter of an hour. */
  readonly stuck: number;
  /** The connector's own words of the newest error. */
  readonly lastError: string | undefined;
}

/** What ERPNext says through its REST API as the automation user. */
export interface ErpnextFacts {
  /** The user that ERPNext takes this project for. */
  readonly automationUser: { readonly user: string } | { readonly refused: string };
  /** Shopify Setting. */
  readonly setting: Fields;
  /** Whether the connector's own call to Shopify works; it uses the token that ERPNext holds. */
  readonly connectorCall: { readonly products: number } | { readonly failed: string };
  readonly ledgers: readonly Ledger[];
  /** What orders link to besides ledgers; undefined where it is missing. */
  readonly fixtures: readonly {
    readonly doctype: string;
    readonly name: string;
    readonly document: Fields | undefined;
  }[];
  readonly companyDocument: Fields | undefined;
  /** Until which day (YYYY-MM-DD) something is closed, of what this user may read. */
  readonly closedUntil: readonly { readonly what: string; readonly until: string }[];
  /** What of ERPNext's own settings changes an order's money, and what the site has of it; undefined where it has no such document. */
  readonly booksSettings: readonly { readonly wanted: BooksSetting; readonly document: Fields | undefined }[];
  readonly fiscalYears: readonly { readonly from: string; readonly to: string }[];
  readonly stock: { readonly itemsInStock: number; readonly items: number };
  /** `ranAt` is RFC 3339; undefined before its first time. */
  readonly historyEvent: { readonly stopped: boolean; readonly ranAt: string | undefined };
  /** Whether Frappe runs any scheduled job at all (System Settings). */
  readonly scheduler: { readonly enabled: boolean };
  readonly workers: readonly Worker[];
  readonly jobs: readonly QueuedJob[];
  readonly logCounts: LogCounts;
  /** What ERPNext has of the shop's newest order. */
  readonly arrival: {
    /** The newest row of the connector's log about it: RFC 3339. */
    readonly row: { readonly createdAt: string; readonly status: string } | undefined;
    readonly salesOrder: string | undefined;
  };
}
