import { fitBody } from "../github/body";
import { GitHubError, type GitHubClient } from "../github/client";
import type { FleetDrift } from "./drift";
import { planIssues, type IssueStep, type OpenIssue } from "./plan-issues";
import { DRIFT_LABEL, readMarker } from "./text";

/** What was done, or why not: a line an issue. */
export interface IssueResult {
  readonly ok: boolean;
  readonly line: string;
}

/** Brings the issues of drift in line with what was found. One that fails keeps no other from its turn. @throws GitHubError when they cannot be listed */
export async function keepIssues(
  client: GitHubClient,
  fleet: FleetDrift,
  commit: string,
): Promise<readonly IssueResult[]> {
  const steps = planIssues(fleet, await openIssues(client), commit);
  const results: IssueResult[] = [];
  for (const step of steps) {
    results.push(
      await take(client, step).catch((error: unknown) => {
        if (!(error instanceof GitHubError)) throw error;
        return { ok: false, line: `${step.subject}: ${error.message}` };
      }),
    );
  }
  return results;
}

/** GitHub lists pull requests among the issues. */
async function openIssues(client: GitHubClient): Promise<readonly OpenIssue[]> {
  const issues = await client.list(`issues?state=open&labels=${DRIFT_LABEL}`, "list the issues of drift");
  return issues.flatMap(({ number, body, pull_request }) =>
    typeof number === "number" && typeof body === "string" && pull_request === undefined ? [{ number, body }] : [],
  );
}

async function take(client: GitHubClient, step: IssueStep): Promise<IssueResult> {
  switch (step.do) {
    case "keep":
      return { ok: true, line: `${step.subject}: issue #${step.number} stays as it is, ${step.why}` };
    case "open":
      return { ok: true, line: `${step.subject}: issue #${await open(client, step)} opened` };
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
async function open(client: GitHubClient, step: Extract<IssueStep, { do: "open" }>): Promise<string> {
  const post = async (): Promise<string> => {
    const body = { title: step.title, body: fitBody(step.body), labels: [DRIFT_LABEL] };
    return String((await client.post("issues", body, `open an issue for "${step.subject}"`))["number"]);
  };
  try {
    return await post();
  } catch (error) {
    if (!(error instanceof GitHubError) || !error.uncertain) throw error;
    const made = (await openIssues(client)).find(({ body }) => readMarker(body)?.subject === step.subject);
    return made === undefined ? post() : String(made.number);
  }
}
