import { redact } from "../../../core/secrets";
import { shareLine } from "../cli/money-table";
import type { Terminal } from "../cli/terminal";
import { code, count, inline } from "../fleet/markdown";
import { fingerprintOf, markerOf, type Finding, type IssueReport } from "../github/issues";
import type { ClosedGaps } from "./close-gaps";

/** By this label the issues are found. */
export const GAPS_LABEL = "gaps";

/** How many orders an issue names. */
const ROWS = 50;

/** One customer: what was found and done, or why that could not be. */
export type CustomerGaps = ClosedGaps | { readonly customer: string; readonly failure: string };

/** Whether nothing is left that a person has to see to, and all was looked at. */
export function isClosed(gaps: CustomerGaps): boolean {
  if ("failure" in gaps) return false;
  return gaps.complete && gaps.open.length === 0 && (gaps.applied || gaps.lost.length === 0);
}

/** What was done, in a line without names. */
export function lineOf(gaps: CustomerGaps): string {
  if ("failure" in gaps) return gaps.failure;
  const { applied, lost, results, curable, open, complete, since, coverage } = gaps;
  const healed = results.filter(({ outcome }) => outcome === "healed").length;
  return [
    `compared what Shopify changed since ${since}: ${shareLine(coverage)}`,
    ...(lost.length === 0 ? [] : [`${applied ? "subscribed again to" : "not subscribed to"} ${lost.join(", ")}`]),
    ...(curable === 0 ? [] : [applied ? `${healed} of ${curable} orders healed` : `${curable} orders can be healed`]),
    ...(open.length === 0 ? [] : [`${open.length} orders are left for people`]),
    ...(complete ? [] : ["it was not seen to its end"]),
  ].join("; ");
}

export function printGaps(seen: readonly CustomerGaps[], terminal: Terminal): void {
  for (const gaps of seen) {
    terminal.verdict(isClosed(gaps) ? "ok" : "bad", `${gaps.customer}: ${lineOf(gaps)}`);
    if ("failure" in gaps) continue;
    for (const { id, name, why } of gaps.open) terminal.print(`    ${name} (${id}): ${why}`);
  }
}

/** What a run says of the whole fleet, in its summary. */
export function gapsSummary(seen: readonly CustomerGaps[]): string {
  return redact(["## Gaps", "", ...seen.map((gaps) => `- ${code(gaps.customer)}: ${inline(lineOf(gaps))}`)].join("\n"));
}

/** An issue for each customer of which something is left for a person; what could not be looked at is health's matter. */
export function gapsIssues(seen: readonly CustomerGaps[], known: readonly string[]): IssueReport {
  const cureOf = (subject: string): string | undefined => {
    const gaps = seen.find(({ customer }) => customer === subject);
    if (gaps === undefined) {
      return known.includes(subject) ? undefined : `There is no customer ${code(subject)} any more.`;
    }
    return isClosed(gaps) ? `Closed: every order of ${code(subject)} that was open here is in ERPNext.` : undefined;
  };
  return { label: GAPS_LABEL, findings: seen.flatMap(findingOf), cureOf };
}

function findingOf(gaps: CustomerGaps): readonly Finding[] {
  if ("failure" in gaps || isClosed(gaps)) return [];
  const { customer: subject, open, lost, applied } = gaps;
  const unmade = applied ? [] : lost;
  if (open.length + unmade.length === 0) return [];
  const fingerprint = fingerprintOf([...unmade, ...open.map(({ id }) => id)]);
  const next = applied
    ? `run ${code(`./stack heal ${subject} --order <order>`)}, which says what each of them needs`
    : `run ${code(`./stack close-gaps ${subject} --apply`)}, or set ${code("operations.closeGaps")} to true in customers/${subject}.yaml`;
  const lines = [
    markerOf(GAPS_LABEL, { subject, fingerprint }),
    ...unmade.map((topic) => `- Shopify does not deliver ${code(topic)}`),
    ...open.slice(0, ROWS).map(({ id, name, why }) => `- ${inline(name)} (${code(id)}): ${inline(why)}`),
    ...(open.length > ROWS ? [`- and ${open.length - ROWS} more`] : []),
    "",
    `To do: ${next}.`,
    "",
    "<sub>This issue is closed by itself once nothing of it is open any more.</sub>",
  ];
  const title = `Gaps: ${subject} has ${count(open.length + unmade.length, "gap")} for a person to close`;
  const news = `It is something else now: ${count(open.length, "order")} and ${count(unmade.length, "subscription")}.`;
  return [{ subject, fingerprint, title: redact(title), body: redact(lines.join("\n")), news: redact(news) }];
}
