import { InvalidArgumentError, Option, type Command } from "commander";

import { act, customerCommand } from "./lib/cli/command";
import { positiveUpTo } from "./lib/cli/options";
import { CHECKS } from "./lib/doctor/checks";
import { gatherersOf } from "./lib/doctor/gatherers-of";
import { runDoctor } from "./lib/doctor/run-doctor";
import { runProofs } from "./lib/doctor/run-proofs";

interface Options {
  readonly fix?: boolean;
  readonly only?: readonly string[];
  readonly proofs?: boolean;
  readonly timeLimit: number;
}

/** Seconds for all checks. The slowest single one takes half a minute. */
const TIME_LIMIT = 120;
const LONGEST = 3_600;

export function doctorCommand(): Command {
  return customerCommand(
    "doctor",
    "Check everything that is known to go wrong with a customer, and say what to do.",
    "acme --fix",
  )
    .option("--fix", "cure what can be cured safely, and look again")
    .option("--only <ids>", "look with these checks alone, for example workers,subscriptions", idsOf)
    .addOption(
      new Option(
        "--proofs",
        "walk the list of what the first real deployment has to prove, and say how each item stands",
      ).conflicts(["fix", "only"]),
    )
    .option(
      "--time-limit <seconds>",
      "for all of it; what was not looked at by then is unknown",
      positiveUpTo(LONGEST),
      TIME_LIMIT,
    )
    .addHelpText("after", `\nChecks:\n${CHECKS.map(({ id, title }) => `  ${id.padEnd(24)}${title}`).join("\n")}\n`)
    .action(
      act(({ terminal, signal }, slug: string, options: Options) => {
        const { fix = false, only, proofs = false, timeLimit } = options;
        const run = { customer: slug, limitMs: timeLimit * 1000, signal };
        const facts = gatherersOf(slug, terminal);
        if (proofs) return runProofs(terminal, facts, run);
        const checks = CHECKS.filter(({ id }) => only?.includes(id) ?? true);
        return runDoctor(terminal, facts, { ...run, checks, fix });
      }),
    );
}

function idsOf(text: string): readonly string[] {
  const ids = text.split(",").map((id) => id.trim());
  const strange = ids.filter((id) => !CHECKS.some((check) => check.id === id));
  if (strange.length > 0) throw new InvalidArgumentError(`There is no check ${strange.join(", ")}; --help lists them.`);
  return ids;
}
