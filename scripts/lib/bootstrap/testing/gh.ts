import { readFileSync, writeFileSync } from "node:fs";

import type { GcloudState } from "./gcloud";

/**
 * A program that stands for GitHub's `gh api`: it keeps the protection of main and the environments in the file of the gcloud
 * beside it. Paths, fields and messages are those of GitHub's REST API 2022-11-28 and of gh 2.
 */
const [stateFile = ""] = [process.env["GCLOUD_STATE"]];
const state = JSON.parse(readFileSync(stateFile, "utf8")) as GcloudState;
const { github } = state;

const argv = process.argv.slice(2);
const method = argv.includes("--method") ? (argv[argv.indexOf("--method") + 1] ?? "") : "GET";
const path = (argv.find((word) => word.startsWith("repos/")) ?? "").replace(/\?.*$/, "");
const fields = argv.flatMap((word, index) => (argv[index - 1] === "-F" ? [word] : []));

function answer(): unknown {
  const environment = /^repos\/agency\/erpnext\/environments\/(\w+)$/.exec(path)?.[1];
  if (environment !== undefined && method === "PUT") {
    const onMain = fields.includes("deployment_branch_policy[protected_branches]=true");
    const policy = onMain ? { protected_branches: true, custom_branch_policies: false } : null;
    const one = { name: environment, protection_rules: [], deployment_branch_policy: policy };
    github.environments.push(one);
    return one;
  }
  switch (`${method} ${path}`) {
    case "GET repos/agency/erpnext":
      return { id: 987, owner: { id: 654 } };
    case "GET repos/agency/erpnext/environments":
      return { total_count: github.environments.length, environments: github.environments };
    case "GET repos/agency/erpnext/branches/main/protection":
      return github.protection;
    case "PUT repos/agency/erpnext/branches/main/protection":
      return (github.protection = protectionOf(fields));
    default:
      return undefined;
  }
}

/** How the fields of the request show when the protection is read. */
function protectionOf(sent: readonly string[]): Record<string, unknown> {
  const reviews = "required_pull_request_reviews";
  return {
    [reviews]: {
      require_code_owner_reviews: sent.includes(`${reviews}[require_code_owner_reviews]=true`),
      required_approving_review_count: sent.includes(`${reviews}[required_approving_review_count]=1`) ? 1 : 0,
    },
    enforce_admins: { enabled: sent.includes("enforce_admins=true") },
    allow_force_pushes: { enabled: false },
    allow_deletions: { enabled: false },
  };
}

const found = answer();
if (found === undefined) {
  process.stdout.write('{"message":"Not Found","status":"404"}');
  process.stderr.write("gh: Not Found (HTTP 404)\n");
  process.exitCode = 1;
} else {
  process.stdout.write(JSON.stringify(found));
  if (method !== "GET") state.done.push(`gh ${method} ${path}`);
}
writeFileSync(stateFile, JSON.stringify(state));
