import { writerFor } from "../../core/messages";
import type { CompanyFormat, ConsoleReader, FeedEntry, SideCounts, Told } from "../model";
import { FEED_LENGTH, type FeedAnswer, type StatusAnswer } from "./api";

export async function feedAnswer(reader: ConsoleReader, after: number | null): Promise<FeedAnswer> {
  return { entries: worded(await reader.feed(after, FEED_LENGTH), reader.company()) };
}

/** Entries whose kind is a word of the company's language; a kind that the catalogue does not have stays as it is. */
export function worded(entries: readonly FeedEntry[], { locale }: CompanyFormat): readonly FeedEntry[] {
  const { t } = writerFor(locale);
  return entries.map((entry) => {
    const kind = KINDS.find((known) => known === entry.kind);
    return kind === undefined ? entry : { ...entry, kind: t(`kind.${kind}`) };
  });
}

const KINDS = ["Order", "Sales Order", "Sales Invoice", "Delivery Note", "Payment Entry"] as const;

export async function statusAnswer(reader: ConsoleReader): Promise<StatusAnswer> {
  const [counts, scan, health, gapCounts] = await Promise.all([
    reader.counts(),
    reader.scan(),
    reader.health(),
    reader.gapCounts(),
  ]);
  const { write } = writerFor(reader.company().locale);
  const told = (count: Told<number>): Told<number> => (count.known ? count : { ...count, why: write(count.why) });
  const sides = ({ shopify, erpnext }: SideCounts): SideCounts => ({ shopify: told(shopify), erpnext: told(erpnext) });
  const { orders, products, customers } = counts;
  return {
    counts: { orders: sides(orders), products: sides(products), customers: sides(customers) },
    scan: { ...scan, trouble: scan.trouble === null ? null : write(scan.trouble) },
    health: health.map((check) => ({ ...check, value: write(check.value), detail: write(check.detail) })),
    gapCounts,
  };
}
