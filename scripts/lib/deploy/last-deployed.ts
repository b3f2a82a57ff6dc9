import type { GitHubClient } from "../github/client";

/**
 * The commit of the last deployment that went through, by GitHub's record; undefined when there has been none. What a later one
 * that failed or was cancelled has left undone is so deployed by the next.
 */
export async function lastDeployed(client: GitHubClient): Promise<string | undefined> {
  const path = "actions/workflows/deploy.yml/runs?branch=main&status=success&per_page=1";
  const { workflow_runs: runs } = await client.get(path, "name the last deployment that went through");
  const [run] = Array.isArray(runs) ? (runs as readonly { head_sha?: unknown }[]) : [];
  const commit = run?.head_sha;
  return typeof commit === "string" && /^[0-9a-f]{40}$/.test(commit) ? commit : undefined;
}
