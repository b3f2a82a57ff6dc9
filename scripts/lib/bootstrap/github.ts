import { ENVIRONMENTS, type Foundation } from "./foundation";
import { missing, RIGHT, type Argv, type Step } from "./step";

/** Where the branch is protected, in GitHub's own words. */
const RULES_PAGE = "Settings > Branches > main";

interface Protection {
  readonly required_pull_request_reviews?: {
    readonly require_code_owner_reviews?: boolean;
    readonly required_approving_review_count?: number;
  };
  readonly enforce_admins?: { readonly enabled?: boolean };
  readonly allow_force_pushes?: { readonly enabled?: boolean };
  readonly allow_deletions?: { readonly enabled?: boolean };
}

/**
 * A push to main is a deployment. What is protected in another way is for a person to change: GitHub's API takes a whole protection
 * at once, and would drop what this does not know of (REST: "Update branch protection").
 */
export function branchProtection({ repository }: Foundation): Step {
  const path = `repos/${repository}/branches/main/protection`;
  return {
    title: "protection of the branch main",
    why: "without it anyone who may push deploys to every customer, unseen",
    program: "gh",
    look: ["api", path],
    judge: (found) => {
      if (found === undefined) {
        const fields = [
          "required_status_checks=null",
          "restrictions=null",
          "enforce_admins=true",
          "required_pull_request_reviews[required_approving_review_count]=1",
          "required_pull_request_reviews[require_code_owner_reviews]=true",
        ];
        return missing(put(path, fields));
      }
      const wrong = gapsOf(found as Protection);
      if (wrong.length === 0) return RIGHT;
      return { kind: "by hand", what: wrong.join(", "), next: `change it under ${RULES_PAGE}` };
    },
  };
}

function gapsOf({ required_pull_request_reviews: reviews, ...rules }: Protection): readonly string[] {
  return [
    ...((reviews?.required_approving_review_count ?? 0) > 0 ? [] : ["asks for no approval"]),
    ...(reviews?.require_code_owner_reviews === true ? [] : ["does not ask the code owners"]),
    ...(rules.enforce_admins?.enabled === true ? [] : ["leaves administrators out"]),
    ...(rules.allow_force_pushes?.enabled === true ? ["lets history be rewritten"] : []),
    ...(rules.allow_deletions?.enabled === true ? ["lets the branch be deleted"] : []),
  ];
}

interface Environment {
  readonly name?: string;
  readonly protection_rules?: readonly { readonly type?: string }[];
  readonly deployment_branch_policy?: { readonly protected_branches?: boolean } | null;
}

function environmentsOf(found: unknown): readonly Environment[] {
  return ((found ?? {}) as { environments?: readonly Environment[] }).environments ?? [];
}

/** The environments on the protected branch alone; a preview runs the code of a pull request. */
const ON_MAIN = [ENVIRONMENTS.watch, ENVIRONMENTS.test, ENVIRONMENTS.production];

export function environments({ repository }: Foundation): Step {
  const path = `repos/${repository}/environments`;
  return {
    title: "environments at GitHub",
    why: "an identity at Google is given to a job of one of them and to no other",
    program: "gh",
    look: ["api", `${path}?per_page=100`],
    judge: (found) => {
      const there = environmentsOf(found);
      const lacking = Object.values(ENVIRONMENTS).filter((wanted) => !there.some(({ name }) => name === wanted));
      if (lacking.length > 0) {
        const made = lacking.map((name) => put(`${path}/${name}`, isOnMain(name) ? MAIN_ALONE : []));
        return { kind: "todo", what: `lack ${lacking.join(", ")}`, commands: made };
      }
      const open = there.filter(
        ({ name = "", deployment_branch_policy: policy }) => isOnMain(name) && policy?.protected_branches !== true,
      );
      if (open.length === 0) return RIGHT;
      const names = open.map(({ name = "" }) => name).join(", ");
      const next = `allow protected branches alone under Settings > Environments > ${names}`;
      return { kind: "by hand", what: `${names} may be used from other branches than main`, next };
    },
  };
}

const MAIN_ALONE = [
  "deployment_branch_policy[protected_branches]=true",
  "deployment_branch_policy[custom_branch_policies]=false",
];

function isOnMain(name: string): boolean {
  return ON_MAIN.some((one) => one === name);
}

/** Who has to look before a job gets its identity. Whom to name is nothing that a program knows. */
export function reviewers({ repository }: Foundation): Step {
  const reviewed = [ENVIRONMENTS.preview, ENVIRONMENTS.production];
  return {
    title: `reviewers of ${reviewed.join(" and ")}`,
    why: "a preview decrypts the stacks' secrets for the code of a pull request; a deployment to production changes customers",
    program: "gh",
    look: ["api", `repos/${repository}/environments?per_page=100`],
    judge: (found) => {
      const without = reviewed.filter((wanted) => {
        const rules = environmentsOf(found).find(({ name }) => name === wanted)?.protection_rules ?? [];
        return !rules.some(({ type }) => type === "required_reviewers");
      });
      if (without.length === 0) return RIGHT;
      const next = `name them under Settings > Environments > ${without.join(", ")}`;
      return { kind: "by hand", what: `${without.join(" and ")} ${without.length > 1 ? "have" : "has"} none`, next };
    },
  };
}

/** `-F` reads true, false, null and numbers as such, and `a[b]=c` as an object (gh help api). */
function put(path: string, fields: readonly string[]): Argv {
  return ["api", "--method", "PUT", path, ...fields.flatMap((field) => ["-F", field])];
}
