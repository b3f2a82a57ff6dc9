import { join } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";

import { knownSlugs, loadCustomer } from "../customers/load";
import { act, operatorCommand, type CommandContext } from "./lib/cli/command";
import { PROJECT_DIRECTORY } from "./lib/cli/open-customer";
import { sweepEntry, sweepLine } from "./lib/expire/plan";
import { sweep } from "./lib/expire/sweep";

interface Options {
  readonly apply?: boolean;
  readonly warnDays: number;
  readonly today: string;
  readonly receipt: string;
}

const DEFAULT_WARN_DAYS = 7;

/** `./stack expire`: ends every test customer whose day has passed. */
export function expireCommand(): Command {
  return operatorCommand(
    "expire",
    "End the test customers whose expiresOn has passed, one after the other; never production.",
    "--apply",
  )
    .option("--apply", "do it; without it, list them")
    .option("--warn-days <n>", "name those that expire within so many days", wholeDays, DEFAULT_WARN_DAYS)
    .addOption(
      new Option("--today <date>", "take this day for today (YYYY-MM-DD, UTC)")
        .argParser(calendarDay)
        .default(new Date().toISOString().slice(0, 10), "today"),
    )
    .option("--receipt <directory>", "where the receipts are written, as Markdown and as JSON", "receipts")
    .action(act(run));
}

async function run(context: CommandContext, options: Options): Promise<boolean> {
  const { terminal } = context;
  const directory = join(PROJECT_DIRECTORY, "customers");
  const entries = knownSlugs(directory).map((slug) => sweepEntry(slug, loadCustomer(slug, directory), options));
  entries.forEach((entry) => {
    terminal.verdict(...sweepLine(entry));
  });
  const faulty = entries.filter(({ verdict }) => verdict === "faulty");
  const expired = entries.filter(({ verdict }) => verdict === "expired");
  const slugs = expired.map(({ slug }) => slug);
  const swept = options.apply === true ? await sweep(context, slugs, options.receipt) : [];
  const ok = faulty.length === 0 && swept.every((each) => each.ok);
  if (options.apply !== true && expired.length > 0) {
    terminal.print(`Nothing was done. "./stack expire --apply" ends ${slugs.join(", ")}.`);
  }
  terminal.result({ ok, applied: options.apply === true, today: options.today, entries, swept });
  return ok;
}

function wholeDays(value: string): number {
  if (/^\d{1,4}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("write whole days, for example 7");
}

function calendarDay(value: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw new InvalidArgumentError("write YYYY-MM-DD, for example 2026-11-26");
}
