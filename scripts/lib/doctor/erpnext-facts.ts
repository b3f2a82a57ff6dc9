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
  /** The newest row of a delivery or of an order that was fetched: RFC 3339. */
  readonly newestAt: string | undefined;
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
  /** "doctype name" of the fixtures, and whether each is there. */
  readonly fixtures: Readonly<Record<string, boolean>>;
  /** What of ERPNext's own settings changes an order's money, and what the site has of it; undefined where it has no such document. */
  readonly booksSettings: readonly { readonly wanted: BooksSetting; readonly document: Fields | undefined }[];
  readonly fiscalYears: readonly { readonly from: string; readonly to: string }[];
  readonly stock: { readonly itemsInStock: number };
  readonly historyEvent: { readonly stopped: boolean };
  readonly workers: readonly Worker[];
  readonly jobs: readonly QueuedJob[];
  readonly logCounts: LogCounts;
}
