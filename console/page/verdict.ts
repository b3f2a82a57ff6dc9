import { DIFFERENCES, MISSING_REASONS } from "../../reconciliation/finding";
import {
  type Counts,
  type Gap,
  type HealthCheck,
  type HealthCheckName,
  type HealthState,
  type ScanReport,
} from "../model";
import type { PageFormat } from "./format";
import { URGENCY, type Reason, type Urgency } from "./reasons";

/** What the page says first. */
export interface Verdict {
  readonly state: HealthState;
  readonly headline: string;
  /** What else someone has to look at, the most urgent first. */
  readonly sentences: readonly string[];
  /** What is good to know, and nothing is to be done about. */
  readonly remarks: readonly string[];
}

export interface Facts {
  readonly counts: Counts;
  readonly scan: ScanReport;
  readonly health: readonly HealthCheck[];
  readonly gapCounts: Readonly<Partial<Record<Gap["reason"], number>>>;
  readonly format: PageFormat;
}

/** The first that holds decides; each looks at the facts and says whether it does. */
const HEADLINES: readonly ((facts: Facts) => Pick<Verdict, "state" | "headline"> | undefined)[] = [
  (facts) => {
    const wrong = checksOf(facts, "bad");
    if (wrong.length === 0) return undefined;
    // They arrived, and ERPNext does not take them, or not all.
    const areKept = wrong.every(({ name }) => name === "deliveries");
    return { state: "bad", headline: facts.format.t(areKept ? "verdict.notReached" : "verdict.notArriving") };
  },
  ({ scan, format }) => (scan.complete ? undefined : { state: "unknown", headline: format.t(firstComparison(scan)) }),
  (facts) => {
    const [headline] = attention(facts);
    return headline === undefined ? undefined : { state: "warning", headline };
  },
  (facts) =>
    checksOf(facts, "warning").length === 0
      ? undefined
      : { state: "warning", headline: facts.format.t("verdict.syncNeedsAttention") },
  (facts) =>
    unknowns(facts).length === 0 ? undefined : { state: "unknown", headline: facts.format.t("verdict.asFarAsKnown") },
  ({ counts: { orders }, format }) =>
    orders.shopify.known && orders.shopify.value === 0
      ? { state: "good", headline: format.t("verdict.noOrders") }
      : undefined,
  (facts) =>
    gapsOf(facts, "waiting") === 0 ? undefined : { state: "good", headline: facts.format.t("verdict.onTheirWay") },
];

export function verdictOf(facts: Facts): Verdict {
  const first = HEADLINES.map((headline) => headline(facts)).find((found) => found !== undefined) ?? good(facts);
  return { ...first, sentences: sentencesOf(facts, first.headline), remarks: remarksOf(facts) };
}

function good(facts: Facts): Pick<Verdict, "state" | "headline"> {
  const all = gapsOf(facts, "explained") === 0;
  return { state: "good", headline: facts.format.t(all ? "verdict.all" : "verdict.allPossible") };
}

/**
 * What someone has to look at, a clause each. An order is missing for one reason and can differ in several ways, so only
 * the first and the last are numbers of orders.
 */
function attention(facts: Facts): readonly string[] {
  const { format, gapCounts } = facts;
  const missing = gapsOf(facts, "attention", MISSING_REASONS);
  const different = gapsOf(facts, "attention", DIFFERENCES);
  const orphans = gapCounts.orphan ?? 0;
  return [
    ...(missing === 0 ? [] : [format.t("verdict.missing", { count: missing })]),
    ...(different === 0 ? [] : [format.t("verdict.different", { count: different })]),
    ...(orphans === 0 ? [] : [format.t("verdict.orphans", { count: orphans })]),
  ];
}

/** How many gaps of an urgency there are among some reasons. */
function gapsOf({ gapCounts }: Facts, urgency: Urgency, among: readonly Reason[] = MISSING_REASONS): number {
  return among
    .filter((reason) => URGENCY[reason] === urgency)
    .reduce((sum, reason) => sum + (gapCounts[reason] ?? 0), 0);
}

function firstComparison({ running, trouble }: ScanReport) {
  if (running !== null) return "verdict.firstRunning";
  return trouble === null ? "verdict.firstNotBegun" : "verdict.firstNotEnded";
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

/** Clauses that name what could not be determined. */
function unknowns(facts: Facts): readonly string[] {
  const { shopify, erpnext } = facts.counts.orders;
  const { format } = facts;
  const { visibleSince } = facts.scan;
  return [
    ...(shopify.known ? [] : [format.t("verdict.shopifyOrders", { why: shopify.why })]),
    ...(erpnext.known ? [] : [format.t("verdict.erpnextOrders", { why: erpnext.why })]),
    ...checksOf(facts, "unknown")
      .filter(({ name }) => SAYS_WHETHER_ORDERS_ARRIVE.has(name))
      .map(({ name }) => format.t("verdict.titled", { title: format.t(`health.${name}`) })),
    ...(visibleSince === null ? [] : [format.t("verdict.missingBefore", { day: format.day(visibleSince) })]),
  ];
}

function sentencesOf(facts: Facts, headline: string): readonly string[] {
  const { format } = facts;
  const trouble = (["bad", "warning"] as const).flatMap((state) =>
    checksOf(facts, state).map(({ name, detail }) =>
      format.t("verdict.check", { check: format.t(`health.${name}`), detail }),
    ),
  );
  const also = attention(facts).filter((clause) => clause !== headline);
  const unknown = unknowns(facts);
  return [
    ...trouble,
    ...(also.length === 0
      ? []
      : [format.t(headline === attention(facts)[0] ? "verdict.also" : "verdict.clauses", { clauses: also })]),
    ...(unknown.length === 0 ? [] : [format.t("verdict.notKnown", { items: unknown })]),
  ];
}

function deletedIn({ gapCounts }: Facts): number {
  return gapCounts["deleted-product"] ?? 0;
}

function remarksOf(facts: Facts): readonly string[] {
  const waiting = gapsOf(facts, "waiting");
  const explained = gapsOf(facts, "explained") - deletedIn(facts);
  const deleted = deletedIn(facts);
  const { format } = facts;
  return [
    ...(waiting === 0 ? [] : [format.t("verdict.waiting", { count: waiting })]),
    ...(explained === 0 ? [] : [format.t("verdict.explained", { count: explained })]),
    ...(deleted === 0 ? [] : [format.t("verdict.deletedProduct", { count: deleted })]),
    ...newer(facts),
    ...(facts.scan.complete && facts.scan.startedAt !== null
      ? [format.t("verdict.lastComparison", { at: format.moment(facts.scan.startedAt) })]
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
  return [facts.format.t("verdict.newer", { count: more })];
}
