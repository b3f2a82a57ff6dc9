import { code, count } from "../fleet/markdown";
import { fingerprintOf, type Finding, type IssueReport } from "../github/issues";
import { worstWords, type FleetDrift } from "./drift";
import { DRIFT_LABEL, issueBody, issueTitle, ORPHANS, ORPHANS_TITLE, orphansBody } from "./text";

/** An issue for each drifted customer, and one for all stacks that belong to no customer. */
export function driftIssues(fleet: FleetDrift, commit: string): IssueReport {
  return {
    label: DRIFT_LABEL,
    findings: [...drifts(fleet, commit), ...orphans(fleet, commit)],
    cureOf: (subject) => cureOf(subject, fleet),
  };
}

function drifts({ drifted }: FleetDrift, commit: string): readonly Finding[] {
  return drifted.map((drift) => ({
    subject: drift.stack,
    fingerprint: drift.fingerprint,
    title: issueTitle(drift),
    body: issueBody(drift, commit),
    news: `It is another drift now: ${count(drift.changes.length, "resource")}, ${worstWords(drift)}.`,
  }));
}

function orphans({ orphans: search }: FleetDrift, commit: string): readonly Finding[] {
  if (search.kind !== "searched" || search.orphans.length === 0) return [];
  const fingerprint = fingerprintOf(search.orphans);
  const body = orphansBody(search.orphans, { fingerprint, commit });
  const news = `It is not the same any more: ${search.orphans.map(({ stack }) => code(stack)).join(", ")}.`;
  return [{ subject: ORPHANS, fingerprint, title: ORPHANS_TITLE, body, news }];
}

function cureOf(subject: string, { inOrder, notUp, failed, orphans: search }: FleetDrift): string | undefined {
  const searched = search.kind === "searched";
  if (subject === ORPHANS) return searched ? "Cured: each stack belongs to a customer again, or is gone." : undefined;
  if (inOrder.includes(subject)) return `Cured: ${code(subject)} is as its stack says again.`;
  if (notUp.includes(subject)) {
    return `The stack of ${code(subject)} is not up any more: there is nothing left that could differ.`;
  }
  const there = [...failed, ...(searched ? search.orphans : [])].some(({ stack }) => stack === subject);
  return searched && !there ? `There is neither a customer nor a stack ${code(subject)} any more.` : undefined;
}
