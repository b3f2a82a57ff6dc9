import type { ParsedCustomer } from "../../../customers/parse";

/** What a sweep makes of one customer. */
export type Verdict = "expired" | "soon" | "running" | "production" | "faulty";

export interface SweepEntry {
  readonly slug: string;
  readonly verdict: Verdict;
  /** YYYY-MM-DD, where the file has one. */
  readonly expiresOn: string | undefined;
  /** Days until then; negative when it has passed. */
  readonly daysLeft: number | undefined;
  /** Only of a faulty file. */
  readonly faults: readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A customer runs to the end of its day: one that expires today is swept tomorrow. @param today YYYY-MM-DD */
export function sweepEntry(
  slug: string,
  parsed: ParsedCustomer,
  { today, warnDays }: { readonly today: string; readonly warnDays: number },
): SweepEntry {
  const none = { slug, expiresOn: undefined, daysLeft: undefined, faults: [] };
  // A file that cannot be understood says nothing of its date that could be trusted.
  if (!parsed.ok) return { ...none, verdict: "faulty", faults: parsed.faults };
  const { environment, expiresOn } = parsed.customer;
  if (environment === "production" || expiresOn === undefined) return { ...none, verdict: "production" };
  const daysLeft = Math.round((Date.parse(expiresOn) - Date.parse(today)) / DAY_MS);
  const verdict = daysLeft < 0 ? "expired" : daysLeft <= warnDays ? "soon" : "running";
  return { slug, verdict, expiresOn, daysLeft, faults: [] };
}

const SIGNS = { expired: "bad", soon: "warn", running: "ok", production: "skip", faulty: "bad" } as const;

/** An entry as one line, with its sign. */
export function sweepLine(entry: SweepEntry): readonly ["ok" | "bad" | "warn" | "skip", string] {
  return [SIGNS[entry.verdict], `${entry.slug}: ${wordsOf(entry)}`];
}

function wordsOf({ verdict, expiresOn = "", daysLeft = 0, faults }: SweepEntry): string {
  switch (verdict) {
    case "faulty":
      return `its file has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}, so nothing was done: ${faults[0] ?? ""}`;
    case "production":
      return "production, never swept";
    case "expired":
      return `expired on ${expiresOn}, ${days(-daysLeft)} ago`;
    case "soon":
      return `expires on ${expiresOn}, ${daysLeft === 0 ? "today" : `in ${days(daysLeft)}`}`;
    case "running":
      return `runs until ${expiresOn}`;
  }
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}
