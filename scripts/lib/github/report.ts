import type { Terminal } from "../cli/terminal";
import { keepIssues, type IssueReport } from "./issues";
import { GitHubRun } from "./run";

/** Shows a look at the fleet on the run's page and brings its issues up to date. @returns false when an issue could not be kept up */
export async function reportToGitHub(summary: string, report: IssueReport, terminal: Terminal): Promise<boolean> {
  const run = new GitHubRun(process.env);
  run.summarize(summary);
  const results = await keepIssues(run.client(), report);
  results.forEach(({ ok, line }) => {
    terminal.verdict(ok ? "ok" : "bad", line);
  });
  return results.every(({ ok }) => ok);
}
