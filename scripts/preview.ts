import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { Option, type Command } from "commander";

import { UserError } from "../components/shared/user-error";
import { knownSlugs, loadCustomer } from "../customers/load";
import { act, operatorCommand, type CommandContext } from "./lib/cli/command";
import { PROJECT_DIRECTORY } from "./lib/cli/open-customer";
import { positive } from "./lib/cli/options";
import { affectedStacks, type Affected } from "./lib/fleet/affected-stacks";
import { parseNameStatus } from "./lib/fleet/changes";
import { renderComment } from "./lib/fleet/comment";
import { printFleet } from "./lib/fleet/fleet-report";
import { previewFleet } from "./lib/fleet/preview-fleet";
import { isRed, rollUp, type OwnWords } from "./lib/fleet/roll-up";

interface PreviewCommandOptions {
  readonly since?: string;
  readonly jobs: number;
  readonly refresh: boolean;
  readonly comment?: string;
}

const CUSTOMERS = join(PROJECT_DIRECTORY, "customers");

/** `stack preview [customer…]`: what would change in many stacks at once, the dangerous first. Writes nothing anywhere. */
export function previewCommand(): Command {
  return operatorCommand("preview", "what an update would change, of many stacks at once, the dangerous first")
    .argument("[customers...]", "slugs; without any, every customer in customers/")
    .addOption(new Option("--since <commit>", "only the stacks that changes since this commit reach"))
    .option("--jobs <number>", "previews at the same time", positive, 2)
    .option("--refresh", "ask every provider what is really there, so that drift shows", false)
    .option("--comment <file>", "write the comment for the pull request into this file")
    .action(act(preview));
}

async function preview(
  { terminal, signal }: CommandContext,
  slugs: readonly string[],
  options: PreviewCommandOptions,
): Promise<boolean> {
  const affected = choose(slugs, options.since);
  affected.reasons.forEach((reason) => {
    terminal.say(reason);
  });
  const previews = await previewFleet(
    {
      directory: PROJECT_DIRECTORY,
      stacks: affected.stacks,
      jobs: options.jobs,
      refresh: options.refresh,
      signal,
    },
    terminal,
  );
  const fleet = rollUp(previews, ownWords);
  printFleet(fleet, terminal);
  terminal.result({ ...affected, ...fleet, red: isRed(fleet) });
  if (options.comment !== undefined) {
    writeFileSync(options.comment, `${renderComment(fleet, { ...affected, commit: head() })}\n`);
  }
  return !isRed(fleet);
}

/** @throws UserError when a customer is named that there is not */
function choose(slugs: readonly string[], since: string | undefined): Affected {
  const known = knownSlugs(CUSTOMERS);
  const unknown = slugs.filter((slug) => !known.includes(slug));
  if (unknown.length > 0) {
    throw new UserError({
      what: `there is no customers/${unknown[0] ?? ""}.yaml`,
      next: `choose among ${known.join(", ")}`,
    });
  }
  if (since !== undefined) {
    const affected = affectedStacks(
      parseNameStatus(git("diff", "--name-status", "-z", "-M", `${since}...HEAD`)),
      known,
    );
    const stacks = slugs.length === 0 ? affected.stacks : affected.stacks.filter((stack) => slugs.includes(stack));
    return { ...affected, stacks };
  }
  const stacks = slugs.length === 0 ? known : [...new Set(slugs)];
  return { stacks, gone: [], reasons: [slugs.length === 0 ? "every customer in customers/" : "those that were named"] };
}

/** What stands for the same thing in every stack, so that the same change in two of them looks the same. */
function ownWords(slug: string): OwnWords {
  const loaded = loadCustomer(slug, CUSTOMERS);
  if (!loaded.ok) return { slug };
  const { hosts, gcp, cloudflare, shopify, company } = loaded.customer;
  return {
    slug,
    ui: hosts.ui,
    hook: hosts.hook,
    console: hosts.console,
    project: gcp.project,
    zone: cloudflare.zone,
    shop: shopify.shopDomain,
    company: company.legalName,
    abbreviation: ` - ${company.abbreviation}`,
  };
}

function head(): string {
  return git("rev-parse", "HEAD").trim();
}

/** @throws UserError with git's own words */
function git(...args: readonly string[]): string {
  try {
    return execFileSync("git", args, { cwd: PROJECT_DIRECTORY, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    throw new UserError({
      what: `"git ${args.join(" ")}" failed (${stderr.trim().split("\n")[0] ?? ""})`,
      next: "name a commit that this clone has; in CI, fetch the whole history",
    });
  }
}
