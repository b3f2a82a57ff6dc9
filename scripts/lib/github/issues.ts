import { createHash } from "node:crypto";

import { fitBody } from "./body";
import { GitHubError, type GitHubClient } from "./client";

/** What an issue is about. */
export interface Marker {
  /** A customer, or whatever else there is one issue about: letters, digits, hyphens, and brackets around a word that no customer can be. */
  readonly subject: string;
  /** See {@link fingerprintOf}. */
  readonly fingerprint: string;
}

/** What an issue has to say. */
export interface Finding extends Marker {
  readonly title: string;
  /** Begins with {@link markerOf}. */
  readonly body: string;
  /** For those who follow an issue that was about something else until now. */
  readonly news: string;
}

/** All that a look found. */
export interface IssueReport {
  /** The issues' label: setting it needs write access to the repository. It names their marker too. */
  readonly label: string;
  readonly findings: readonly Finding[];
  /** Why there is nothing left to say of a subject; undefined of what was not looked at. */
  readonly cureOf: (subject: string) => string | undefined;
}

/** The same for the same finding: 16 hexadecimal digits. */
export function fingerprintOf(finding: unknown): string {
  return createHash("sha256").update(JSON.stringify(finding)).digest("hex").slice(0, 16);
}

/** The first line of an issue's body: whose it is, and which finding it is about. */
export function markerOf(label: string, { subject, fingerprint }: Marker): string {
  return `<!-- erpnext-${label}: ${subject} ${fingerprint} -->`;
}

/** Reads the marker back; undefined where the body has none. */
export function readMarker(label: string, body: string): Marker | undefined {
  const marker = new RegExp(`^<!-- erpnext-${label}: ([a-z0-9-]+|\\([a-z]+\\)) ([0-9a-f]{16}) -->`);
  const [, subject, fingerprint] = marker.exec(body) ?? [];
  return subject === undefined || fingerprint === undefined ? undefined : { subject, fingerprint };
}

/** An open issue with the report's label. */
export interface OpenIssue {
  readonly number: number;
  readonly body: string;
}

/** What becomes of one issue. */
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

/**
 * One issue a subject: made, brought up to date when it is another finding, closed when it is cured. What was not looked at keeps its issue as
 * it is: not seen is not cured. Of several about the same the oldest stays.
 */
export function planIssues(report: IssueReport, open: readonly OpenIssue[]): readonly IssueStep[] {
  const steps: IssueStep[] = [];
  const known = new Map<string, Known>();
  for (const { number, body } of [...open].sort((a, b) => a.number - b.number)) {
    const marker = readMarker(report.label, body);
    if (marker === undefined) continue;
    const { subject, fingerprint } = marker;
    const oldest = known.get(subject);
    if (oldest === undefined) known.set(subject, { number, fingerprint });
    else {
      const comment = `Closed in favour of #${oldest.number}, which is about the same.`;
      steps.push({ do: "close", subject, number, comment });
    }
  }
  for (const finding of report.findings) {
    steps.push(stepFor(finding, known.get(finding.subject)));
    known.delete(finding.subject);
  }
  return [...steps, ...[...known].map(([subject, { number }]) => settled(subject, number, report))];
}

function stepFor({ subject, fingerprint, title, body, news }: Finding, known: Known | undefined): IssueStep {
  if (known === undefined) return { do: "open", subject, title, body };
  const { number } = known;
  if (known.fingerprint === fingerprint) return { do: "keep", subject, number, why: "the same as before" };
  return { do: "update", subject, number, body, comment: `${news} The description above is up to date.` };
}

/** An issue whose subject shows nothing any more. */
function settled(subject: string, number: number, { cureOf }: IssueReport): IssueStep {
  const cure = cureOf(subject);
  return cure === undefined
    ? { do: "keep", subject, number, why: "it was not looked at" }
    : { do: "close", subject, number, comment: cure };
}

/** What was done, or why not: a line an issue. */
export interface IssueResult {
  readonly ok: boolean;
  readonly line: string;
}

/** Brings the issues in line with what was found. One that fails keeps no other from its turn. @throws GitHubError when they cannot be listed */
export async function keepIssues(client: GitHubClient, report: IssueReport): Promise<readonly IssueResult[]> {
  const { label } = report;
  const results: IssueResult[] = [];
  for (const step of planIssues(report, await openIssues(client, label))) {
    results.push(
      await take(client, label, step).catch((error: unknown) => {
        if (!(error instanceof GitHubError)) throw error;
        return { ok: false, line: `${step.subject}: ${error.message}` };
      }),
    );
  }
  return results;
}

/** GitHub lists pull requests among the issues. */
async function openIssues(client: GitHubClient, label: string): Promise<readonly OpenIssue[]> {
  const issues = await client.list(`issues?state=open&labels=${label}`, `list the issues of ${label}`);
  return issues.flatMap(({ number, body, pull_request }) =>
    typeof number === "number" && typeof body === "string" && pull_request === undefined ? [{ number, body }] : [],
  );
}

async function take(client: GitHubClient, label: string, step: IssueStep): Promise<IssueResult> {
  switch (step.do) {
    case "keep":
      return { ok: true, line: `${step.subject}: issue #${step.number} stays as it is, ${step.why}` };
    case "open":
      return { ok: true, line: `${step.subject}: issue #${await open(client, label, step)} opened` };
    case "update":
      await client.patch(`issues/${step.number}`, { body: fitBody(step.body) }, `edit issue #${step.number}`);
      await comment(client, step);
      return { ok: true, line: `${step.subject}: issue #${step.number} brought up to date` };
    case "close":
      await comment(client, step);
      await client.patch(
        `issues/${step.number}`,
        { state: "closed", state_reason: "completed" },
        `close issue #${step.number}`,
      );
      return { ok: true, line: `${step.subject}: issue #${step.number} closed` };
  }
}

async function comment(
  client: GitHubClient,
  step: { readonly number: number; readonly comment: string },
): Promise<void> {
  await client.post(`issues/${step.number}/comments`, { body: step.comment }, `comment on issue #${step.number}`);
}

/** An answer that was lost on its way may have been a yes: looked for before it is opened a second time. */
async function open(client: GitHubClient, label: string, step: Extract<IssueStep, { do: "open" }>): Promise<string> {
  const post = async (): Promise<string> => {
    const body = { title: step.title, body: fitBody(step.body), labels: [label] };
    return String((await client.post("issues", body, `open an issue for "${step.subject}"`))["number"]);
  };
  try {
    return await post();
  } catch (error) {
    if (!(error instanceof GitHubError) || !error.uncertain) throw error;
    const made = (await openIssues(client, label)).find(
      ({ body }) => readMarker(label, body)?.subject === step.subject,
    );
    return made === undefined ? post() : String(made.number);
  }
}
