import { join } from "node:path";

import { Option, type Command } from "commander";

import { knownSlugs } from "../../../customers/load";
import { operatorCommand } from "../cli/command";
import { PROJECT_DIRECTORY } from "../cli/open-customer";
import { positive } from "../cli/options";
import type { Terminal } from "../cli/terminal";
import type { Affected } from "./affected-stacks";
import { chooseStacks, type Choice } from "./choose-stacks";

/** Where intake files are read from. */
export const CUSTOMERS = join(PROJECT_DIRECTORY, "customers");

/** A command over many stacks: which ones, and how many at the same time. */
export function fleetCommand(name: string, description: string, example: string): Command {
  return operatorCommand(name, description, example)
    .argument("[customers...]", "slugs; without any, every customer in customers/")
    .option("--jobs <number>", "stacks at the same time", positive, 2);
}

/** As {@link fleetCommand}, for what can be narrowed to the stacks that a change reaches. */
export function changeCommand(name: string, description: string, example: string): Command {
  return fleetCommand(name, description, example).addOption(
    new Option("--since <commit>", "only the stacks that changes since this commit reach"),
  );
}

/** Chooses the stacks of a {@link changeCommand}, and says why these. @throws UserError */
export function reachedStacks(terminal: Terminal, choice: Omit<Choice, "known">): Affected {
  const affected = chooseStacks(PROJECT_DIRECTORY, { ...choice, known: knownSlugs(CUSTOMERS) });
  affected.reasons.forEach((reason) => {
    terminal.say(reason);
  });
  return affected;
}
