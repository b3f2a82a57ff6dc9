import { DIFFERENCES, MISSING_REASONS } from "../../reconciliation/finding";
import {
  type Counts,
  type Gap,
  type HealthCheck,
  type HealthCheckName,
  type HealthState,
  type ScanReport,
} from "../model";
import { counted, type Format } from "./format";
import { HEALTH_WORDS, REASON_WORDS, type Reason, type Urgency } from "./words";

/** What the page says first. */
export interface Verdict {
  readonly state: HealthState;
  readonly headline: string;
  /** What else somebody has to look at, the most urgent first. */
  readonly sentences: readonly string[];
  /** What is good to know, and nothing is to be done about. */
  readonly remarks: readonly string[];
}

export interface Facts {
  readonly counts: Counts;
  readonly scan: ScanReport;
  readonly health: readonly HealthCheck[];
  readonly gapCounts: Readonly<Partial<Record<Gap["reason"], number>>>;
  readonly format: Format;
}

/** The first that holds decides; each looks at the facts and says whether it does. */
const HEADLINES: readonly ((facts: Facts) => Pick<Verdict, "state" | "headline"> | undefined)[] = [
  (facts) => {
    const wrong = checksOf(facts, "bad");
    if (wrong.length === 0) return undefined;
    // They arrived, and ERPNext does not take them, or not all.
    const areKept = wrong.every(({ name }) => name === "deliveries");
    return { state: "bad", headline: areKept ? "Orders do not reach ERPNext" : "Orders are not arriving" };
  },
  ({ scan }) => (scan.complete ? undefined : { state: "unknown", headline: firstComparison(scan) }),
  (facts) => {
    const [headline] = attention(facts);
    return headline === undefined ? undefined : { state: "warning", headline };
  },
  (facts) =>
    checksOf(facts, "warning").length === 0
      ? undefined
      : { state: "warning", headline: "No order needs attention, but the order sync does" },
  (facts) =>
    unknowns(facts).length === 0
      ? undefined
      : { state: "unknown", headline: "No order needs attention, as far as can be told" },
  ({ counts: { orders } }) =>
    orders.shopify.known && orders.shopify.value === 0
      ? { state: "good", headline: "The shop has no orders yet" }
      : undefined,
  (facts) =>
    gapsOf(facts, "waiting") === 0
      ? undefined
      : { state: "good", headline: "All is well, and the newest orders are on their way" },
];

export function verdictOf(facts: Facts): Verdict {
  const first = HEADLINES.map((headline) => headline(facts)).find((found) => found !== undefined) ?? good(facts);
  return { ...first, sentences: sentencesOf(facts, first.headline), remarks: remarksOf(facts) };
}

function good(facts: Facts): Pick<Verdict, "state" | "headline"> {
  const all = gapsOf(facts, "explained") === 0;
  return { state: "good", headline: all ? "Every order is in ERPNext" : "Every order that can be in ERPNext is there" };
}

/**
 * What somebody has to look at, a clause each. An order is missing for one reason and can differ in several ways, so only
 * the first and the last are numbers of orders.
 */
function attention(facts: Facts): readonly string[] {
  const { format, gapCounts } = facts;
  const missing = gapsOf(facts, "attention", MISSING_REASONS);
  const different = gapsOf(facts, "attention", DIFFERENCES);
  const orphans = gapCounts.orphan ?? 0;
  return [
    ...(missing === 0
      ? []
      : [`${counted(missing, "order", format)} ${missing === 1 ? "is" : "are"} missing in ERPNext`]),
    ...(different === 0 ? [] : [`${counted(different, "difference", format)} between Shopify and ERPNext`]),
    ...(orphans === 0 ? [] : [`${counted(orphans, "order", format)} in ERPNext only`]),
  ];
}

/** How many gaps of an urgency there are among some reasons. */
function gapsOf({ gapCounts }: Facts, urgency: Urgency, among: readonly Reason[] = MISSING_REASONS): number {
  return among
    .filter((reason) => REASON_WORDS[reason].urgency === urgency)
    .reduce((sum, reason) => sum + (gapCounts[reason] ?? 0), 0);
}

function firstComparison({ running, trouble }: ScanReport): string {
  if (running !== null) return "The first comparison is still running";
  return trouble === null ? "The first comparison has not begun" : "The first comparison has not ended";
}

function checksOf({ health }: Facts, state: HealthState): readonly HealthCheck[] {
  return health.filter((check) => check.state === state);
}

/** The rest may be unknown for good, as the age of a token is that was not recorded, and orders arrive all the same. */
const SAYS_WHETHER_ORDERS_ARRIVE: ReadonlySet<HealthCheckName> = new Set([
  "oldest-queued",
  "error-rate",
  "last-delivery",
  "deliveries",
  "workers",
  "subscriptions",
]);

/** What could not be determined, a clause each. */
function unknowns(facts: Facts): readonly string[] {
  const { shopify, erpnext } = facts.counts.orders;
  const { visibleSince } = facts.scan;
  return [
    ...(shopify.known ? [] : [`how many orders Shopify has (${shopify.why})`]),
    ...(erpnext.known ? [] : [`how many orders ERPNext has (${erpnext.why})`]),
    ...checksOf(facts, "unknown")
      .filter(({ name }) => SAYS_WHETHER_ORDERS_ARRIVE.has(name))
      .map(({ name }) => withinSentence(HEALTH_WORDS[name])),
    ...(visibleSince === null ? [] : [`what is missing before ${facts.format.day(visibleSince)}`]),
  ];
}

/** A label in the middle of a sentence. */
function withinSentence(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}

function sentencesOf(facts: Facts, headline: string): readonly string[] {
  const trouble = (["bad", "warning"] as const).flatMap((state) =>
    checksOf(facts, state).map(({ name, detail }) => `${HEALTH_WORDS[name]}: ${detail}`),
  );
  const also = attention(facts).filter((clause) => clause !== headline);
  const unknown = unknowns(facts);
  return [
    ...trouble,
    ...(also.length === 0 ? [] : [`${headline === attention(facts)[0] ? "Also " : ""}${also.join(", ")}.`]),
    ...(unknown.length === 0 ? [] : [`Not known: ${unknown.join(", ")}.`]),
  ];
}

function deletedIn({ gapCounts }: Facts): number {
  return gapCounts["deleted-product"] ?? 0;
}

function remarksOf(facts: Facts): readonly string[] {
  const waiting = gapsOf(facts, "waiting");
  const explained = gapsOf(facts, "explained") - deletedIn(facts);
  const deleted = deletedIn(facts);
  const orders = (count: number): string => counted(count, "order", facts.format);
  return [
    ...(waiting === 0 ? [] : [`${orders(waiting)} ${waiting === 1 ? "is on its" : "are on their"} way.`]),
    ...(explained === 0
      ? []
      : [`${orders(explained)} cannot be in ERPNext (cancelled, or a test order): nothing is to be done.`]),
    ...(deleted === 0 ? [] : [`${orders(deleted)} cannot be made of a deleted product: enter by hand what was paid.`]),
    ...newer(facts),
    ...(facts.scan.complete && facts.scan.startedAt !== null
      ? [`Last comparison: ${facts.format.moment(facts.scan.startedAt)}.`]
      : []),
  ];
}

/** The counts are newer than the comparison, so they may know of orders that it has not seen. */
function newer(facts: Facts): readonly string[] {
  const { shopify, erpnext } = facts.counts.orders;
  if (!facts.scan.complete || !shopify.known || !erpnext.known) return [];
  const missing = MISSING_REASONS.reduce((sum, reason) => sum + (facts.gapCounts[reason] ?? 0), 0);
  const more = shopify.value - erpnext.value - missing;
  if (more <= 0) return [];
  return [
    `Shopify has ${counted(more, "order", facts.format)} more than the last comparison explains; the next one says what ` +
      `became of ${more === 1 ? "it" : "them"}.`,
  ];
}
