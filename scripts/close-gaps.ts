import type { Command } from "commander";
import pLimit from "p-limit";

import { closesGaps } from "../customers/closes-gaps";
import { knownSlugs } from "../customers/load";
import { act, type CommandContext } from "./lib/cli/command";
import { openCustomer, PROJECT_DIRECTORY } from "./lib/cli/open-customer";
import { positive } from "./lib/cli/options";
import { chooseStacks } from "./lib/fleet/choose-stacks";
import { CUSTOMERS, fleetCommand } from "./lib/fleet/fleet-command";
import { closeGaps } from "./lib/gaps/close-gaps";
import { gapsIssues, gapsSummary, isClosed, printGaps, type CustomerGaps } from "./lib/gaps/report";
import { reportToGitHub } from "./lib/github/report";
import { describeFailure } from "./lib/run-script";

/** Milliseconds for one customer; what is under way then is seen to its end, and the next run goes on. */
const TIME_LIMIT_MS = 15 * 60_000;
/** Orders of one customer on their way at the same time. */
const IN_FLIGHT = 2;

interface GapOptions {
  readonly apply?: true;
  readonly jobs: number;
  readonly limit: number;
  readonly wait: number;
  readonly github: boolean;
}

/** `./stack close-gaps [customer…]`: lost subscriptions are made again, and what ERPNext lacks since the last comparison is delivered again. */
export function closeGapsCommand(): Command {
  return fleetCommand(
    "close-gaps",
    "Make lost subscriptions again, and deliver again what ERPNext lacks since the last time.",
    "acme --apply",
  )
    .option(
      "--apply",
      "do it; without it nothing is changed anywhere. Without names, only where operations.closeGaps says so",
    )
    .option("--limit <n>", "how many orders of a customer are delivered at most, the oldest first", positive, 50)
    .option("--wait <seconds>", "how long a delivery may wait in ERPNext's queue", positive, 120)
    .option(
      "--github",
      "in a run of GitHub Actions: an issue where something is left for a person, and the run's summary",
      false,
    )
    .action(act(run));
}

async function run(
  { terminal, signal }: CommandContext,
  slugs: readonly string[],
  options: GapOptions,
): Promise<boolean> {
  const known = knownSlugs(CUSTOMERS);
  const { stacks } = chooseStacks(PROJECT_DIRECTORY, { known, slugs });
  const limit = pLimit(options.jobs);
  const one = async (slug: string): Promise<CustomerGaps> => {
    try {
      const open = await openCustomer(slug, terminal);
      const isWanted = slugs.includes(slug) || closesGaps(open.customer);
      const limits = { ...options, inFlight: IN_FLIGHT, apply: options.apply === true && isWanted };
      const until = AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
      return await closeGaps({ terminal, signal: until }, open, limits);
    } catch (error) {
      return { customer: slug, failure: describeFailure(error, false) };
    }
  };
  const seen = await Promise.all(stacks.map((slug) => limit(() => one(slug))));
  printGaps(seen, terminal);
  const kept = !options.github || (await reportToGitHub(gapsSummary(seen), gapsIssues(seen, known), terminal));
  const ok = seen.every(isClosed) && kept;
  terminal.result({ ok, customers: seen });
  return ok;
}
