import type { Counts, FeedEntry, Gap, HealthCheck, ScanReport } from "../model";

/** What the page's script asks the Worker while the page is open. All answers are JSON. */

/** `?after=<id>`, without it the newest: a {@link FeedAnswer}. */
export const FEED_PATH = "/api/feed";
/** A {@link StatusAnswer}. */
export const STATUS_PATH = "/api/status";
/** The whole list that the page's query matches, as CSV. */
export const CSV_PATH = "/gaps.csv";
/** The money by month, as CSV. */
export const MONEY_CSV_PATH = "/money.csv";

/** How many entries the page shows, and the script keeps. */
export const FEED_LENGTH = 12;

/** Newest first. */
export interface FeedAnswer {
  readonly entries: readonly FeedEntry[];
}

/**
 * Everything whose change makes the script fetch the page again and swap its panels: the Worker is the only place that
 * makes HTML. Texts are written in the company's language. The answer holds nothing that changes by itself, such as the time of the answer.
 */
export interface StatusAnswer {
  readonly counts: Counts;
  readonly scan: ScanReport;
  readonly health: readonly HealthCheck[];
  readonly gapCounts: Readonly<Partial<Record<Gap["reason"], number>>>;
}
