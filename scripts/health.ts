import type { Command } from "commander";
import pLimit from "p-limit";

import { knownSlugs } from "../customers/load";
import { act, type CommandContext } from "./lib/cli/command";
import { PROJECT_DIRECTORY } from "./lib/cli/open-customer";
import { CHECKS } from "./lib/doctor/checks";
import { gatherersOf } from "./lib/doctor/gatherers-of";
import { lookWith } from "./lib/doctor/run-doctor";
import { chooseStacks, headCommit } from "./lib/fleet/choose-stacks";
import { CUSTOMERS, fleetCommand } from "./lib/fleet/fleet-command";
import { reportToGitHub } from "./lib/github/report";
import { healthIssues, healthSummary, isHealthy, printHealth } from "./lib/health/health";

/** Milliseconds for all checks of one customer. */
const TIME_LIMIT_MS = 180_000;

interface HealthOptions {
  readonly jobs: number;
  readonly github: boolean;
}

/** `./stack health [customer…]`: what doctor says of many customers at once. Changes nothing there. */
export function healthCommand(): Command {
  return fleetCommand("health", "Run doctor for many customers at once; changes nothing.", "--github")
    .option(
      "--github",
      "in a run of GitHub Actions: an issue for each customer with a fault, and the run's summary",
      false,
    )
    .action(act(health));
}

async function health(
  { terminal, signal }: CommandContext,
  slugs: readonly string[],
  { jobs, github }: HealthOptions,
): Promise<boolean> {
  const known = knownSlugs(CUSTOMERS);
  const { stacks } = chooseStacks(PROJECT_DIRECTORY, { known, slugs });
  const limit = pLimit(jobs);
  const looks = stacks.map((customer) =>
    limit(async () => {
      const look = { checks: CHECKS, limitMs: TIME_LIMIT_MS, signal };
      return { customer, checks: await lookWith(terminal, gatherersOf(customer, terminal), look) };
    }),
  );
  const seen = await Promise.all(looks);
  printHealth(seen, terminal);
  const kept =
    !github ||
    (await reportToGitHub(healthSummary(seen), healthIssues(seen, known, headCommit(PROJECT_DIRECTORY)), terminal));
  const ok = seen.every(isHealthy) && kept;
  terminal.result({ ok, customers: seen });
  return ok;
}
