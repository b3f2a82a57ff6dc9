import { code, count } from "../fleet/markdown";
import { worstWords, type Drifted, type FleetDrift } from "./drift";
import { issueBody, issueTitle, readMarker } from "./text";

/** An open issue with the label of drift. */
export interface OpenIssue {
  readonly number: number;
  readonly body: string;
}

/** What becomes of one customer's issue. */
export type IssueStep =
  | { readonly do: "open"; readonly stack: string; readonly title: string; readonly body: string }
  | {
      readonly do: "update";
      readonly stack: string;
      readonly number: number;
      readonly body: string;
      readonly comment: string;
    }
  | { readonly do: "close"; readonly stack: string; readonly number: number; readonly comment: string }
  | { readonly do: "keep"; readonly stack: string; readonly number: number; readonly why: string };

interface Known {
  readonly number: number;
  readonly fingerprint: string;
}

/**
 * One issue per drifted customer: made, brought up to date when the drift is another one, closed when it is cured. A customer who
 * was not looked at keeps the issue as it is: not seen is not cured. Of several for one customer the oldest stays.
 */
export function planIssues(fleet: FleetDrift, open: readonly OpenIssue[], commit: string): readonly IssueStep[] {
  const steps: IssueStep[] = [];
  const known = new Map<string, Known>();
  for (const { number, body } of [...open].sort((a, b) => a.number - b.number)) {
    const marker = readMarker(body);
    if (marker === undefined) continue;
    const { stack, fingerprint } = marker;
    const oldest = known.get(stack);
    if (oldest === undefined) known.set(stack, { number, fingerprint });
    else
      steps.push({
        do: "close",
        stack,
        number,
        comment: `Closed in favour of #${oldest.number}, which is about the same customer.`,
      });
  }
  for (const drift of fleet.drifted) {
    steps.push(stepFor(drift, known.get(drift.stack), commit));
    known.delete(drift.stack);
  }
  return [...steps, ...[...known].map(([stack, { number }]) => settled(stack, number, fleet))];
}

function stepFor(drift: Drifted, known: Known | undefined, commit: string): IssueStep {
  const { stack } = drift;
  const body = issueBody(drift, commit);
  if (known === undefined) return { do: "open", stack, title: issueTitle(drift), body };
  const { number } = known;
  if (known.fingerprint === drift.fingerprint) return { do: "keep", stack, number, why: "the same drift as before" };
  const comment = `It is another drift now: ${count(drift.changes.length, "resource")}, ${worstWords(drift)}. The description above is up to date.`;
  return { do: "update", stack, number, body, comment };
}

/** An issue whose customer shows no drift. */
function settled(stack: string, number: number, { inOrder, notUp }: FleetDrift): IssueStep {
  if (inOrder.includes(stack)) {
    const comment = `Cured: ${code(stack)} is as its stack says again.`;
    return { do: "close", stack, number, comment };
  }
  if (notUp.includes(stack)) {
    const comment = `The stack of ${code(stack)} is not up any more: there is nothing left that could differ.`;
    return { do: "close", stack, number, comment };
  }
  return { do: "keep", stack, number, why: "it was not looked at" };
}
