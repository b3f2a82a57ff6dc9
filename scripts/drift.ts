import type { Command } from "commander";

import { knownSlugs } from "../customers/load";
import { act, type CommandContext } from "./lib/cli/command";
import { PROJECT_DIRECTORY } from "./lib/cli/open-customer";
import { isInOrder, rankDrift } from "./lib/drift/drift";
import { driftIssues } from "./lib/drift/issues";
import { lookAtStack } from "./lib/drift/look-at-stack";
import { orphansAmong, type OrphanSearch } from "./lib/drift/orphans";
import { driftSummary, printDrift } from "./lib/drift/text";
import { listBackend } from "./lib/fleet/backend-stacks";
import { chooseStacks, headCommit } from "./lib/fleet/choose-stacks";
import { CUSTOMERS, fleetCommand } from "./lib/fleet/fleet-command";
import { overStacks } from "./lib/fleet/over-stacks";
import { reportToGitHub } from "./lib/github/report";

interface DriftOptions {
  readonly jobs: number;
  readonly github: boolean;
}

/**
 * `./stack drift [customer…]`: what someone changed past Pulumi, in many stacks at once; of the whole fleet also which stacks
 * belong to no customer. Writes nothing to any of them.
 */
export function driftCommand(): Command {
  return fleetCommand(
    "drift",
    "Find what was changed past Pulumi, and stacks without a customer; changes nothing in the clouds.",
    "acme beta",
  )
    .option(
      "--github",
      "in a run of GitHub Actions: an issue for each drifted customer and one for all orphans, and the run's summary",
      false,
    )
    .action(act(drift));
}

async function drift(
  { terminal, signal }: CommandContext,
  slugs: readonly string[],
  { jobs, github }: DriftOptions,
): Promise<boolean> {
  const known = knownSlugs(CUSTOMERS);
  const { stacks } = chooseStacks(PROJECT_DIRECTORY, { known, slugs });
  const looks = await overStacks(
    { directory: PROJECT_DIRECTORY, stacks, jobs, doing: "looking at stacks" },
    terminal,
    (workspace, stack) => lookAtStack(workspace, stack, signal),
  );
  const fleet = rankDrift(looks, await lookForOrphans(known, slugs));
  printDrift(fleet, terminal);
  const kept =
    !github || (await reportToGitHub(driftSummary(fleet), driftIssues(fleet, headCommit(PROJECT_DIRECTORY)), terminal));
  const ok = isInOrder(fleet) && kept;
  terminal.result({ ok, ...fleet });
  return ok;
}

/** A request for single customers does not ask about the others. */
async function lookForOrphans(known: readonly string[], slugs: readonly string[]): Promise<OrphanSearch> {
  return slugs.length > 0 ? { kind: "skipped" } : orphansAmong(await listBackend(PROJECT_DIRECTORY), known);
}
