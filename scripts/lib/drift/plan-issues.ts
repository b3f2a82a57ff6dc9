import { code, count } from "../fleet/markdown";
import { fingerprintOf, worstWords, type FleetDrift } from "./drift";
import { issueBody, issueTitle, ORPHANS, ORPHANS_TITLE, orphansBody, readMarker } from "./text";

/** An open issue with the label of drift. */
export interface OpenIssue {
  readonly number: number;
  readonly body: string;
}

/** What becomes of one issue. Its subject is a customer's stack, or all stacks that belong to no customer. */
export type IssueStep =
  | { readonly do: "open"; readonly subject: string; readonly title: string; readonly body: string }
  | {
      readonly do: "update";
      readonly subject: string;
      readonly number: number;
      readonly body: string;
      readonly comment: string;
    }
  | { readonly do: "close"; readonly subject: string; readonly number: number; readonly comment: string }
  | { readonly do: "keep"; readonly subject: string; readonly number: number; readonly why: string };

interface Known {
  readonly number: number;
  readonly fingerprint: string;
}

/** What an issue has to say. */
interface Finding {
  readonly subject: string;
  readonly fingerprint: string;
  readonly title: string;
  readonly body: string;
  /** For those who follow an issue that was about something else until now. */
  readonly news: string;
}

/**
 * One issue per drifted customer, and one for all orphans: made, brought up to date when it is another drift, closed when it is
 * cured. What was not looked at keeps its issue as it is: not seen is not cured. Of several about the same the oldest stays.
 */
export function planIssues(fleet: FleetDrift, open: readonly OpenIssue[], commit: string): readonly IssueStep[] {
  const steps: IssueStep[] = [];
  const known = new Map<string, Known>();
  for (const { number, body } of [...open].sort((a, b) => a.number - b.number)) {
    const marker = readMarker(body);
    if (marker === undefined) continue;
    const { subject, fingerprint } = marker;
    const oldest = known.get(subject);
    if (oldest === undefined) known.set(subject, { number, fingerprint });
    else {
      const comment = `Closed in favour of #${oldest.number}, which is about the same.`;
      steps.push({ do: "close", subject, number, comment });
    }
  }
  for (const finding of [...drifts(fleet, commit), ...orphans(fleet, commit)]) {
    steps.push(stepFor(finding, known.get(finding.subject)));
    known.delete(finding.subject);
  }
  return [...steps, ...[...known].map(([subject, { number }]) => settled(subject, number, fleet))];
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

function stepFor({ subject, fingerprint, title, body, news }: Finding, known: Known | undefined): IssueStep {
  if (known === undefined) return { do: "open", subject, title, body };
  const { number } = known;
  if (known.fingerprint === fingerprint) return { do: "keep", subject, number, why: "the same as before" };
  return { do: "update", subject, number, body, comment: `${news} The description above is up to date.` };
}

/** An issue whose subject shows nothing any more. */
function settled(subject: string, number: number, fleet: FleetDrift): IssueStep {
  const cure = cureOf(subject, fleet);
  return cure === undefined
    ? { do: "keep", subject, number, why: "it was not looked at" }
    : { do: "close", subject, number, comment: cure };
}

/** Why there is nothing left to say of a subject; undefined of what was not looked at. */
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
