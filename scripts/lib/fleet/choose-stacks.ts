import { execFileSync } from "node:child_process";

import { UserError } from "../../../core/user-error";
import { affectedStacks, type Affected } from "./affected-stacks";
import { parseNameStatus } from "./changes";

/** Which of the customers a command is about. */
export interface Choice {
  /** Customers that there are. */
  readonly known: readonly string[];
  /** Those that were named; none for all. */
  readonly slugs: readonly string[];
  /** Only the stacks that changes since this commit reach. */
  readonly since?: string | undefined;
}

/** @throws UserError when a customer is named that there is not, or a commit */
export function chooseStacks(directory: string, { known, slugs, since }: Choice): Affected {
  const unknown = slugs.filter((slug) => !known.includes(slug));
  if (unknown.length > 0) {
    throw new UserError({
      what: `there is no customers/${unknown[0] ?? ""}.yaml`,
      next: `choose among ${known.join(", ")}`,
    });
  }
  if (since !== undefined) {
    const changes = parseNameStatus(git(directory, "diff", "--name-status", "-z", "-M", `${since}...HEAD`));
    const affected = affectedStacks(changes, known);
    const stacks = slugs.length === 0 ? affected.stacks : affected.stacks.filter((stack) => slugs.includes(stack));
    return { ...affected, stacks };
  }
  const stacks = slugs.length === 0 ? known : [...new Set(slugs)];
  return { stacks, gone: [], reasons: [slugs.length === 0 ? "every customer in customers/" : "those that were named"] };
}

/** The commit that is checked out; a run of GitHub Actions knows it. @throws UserError */
export function headCommit(directory: string): string {
  const known = process.env["GITHUB_SHA"] ?? "";
  return known === "" ? git(directory, "rev-parse", "HEAD").trim() : known;
}

/** @throws UserError with git's own words */
function git(directory: string, ...args: readonly string[]): string {
  try {
    return execFileSync("git", args, { cwd: directory, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    throw new UserError({
      what: `"git ${args.join(" ")}" failed (${stderr.trim().split("\n")[0] ?? ""})`,
      next: "name a commit that this clone has; in CI, fetch the whole history",
    });
  }
}
