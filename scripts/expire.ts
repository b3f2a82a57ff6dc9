import { join } from "node:path";
import { InvalidArgumentError, type Command } from "commander";

import { knownSlugs, loadCustomer } from "../customers/load";
import { act, operatorCommand, type CommandContext } from "./lib/cli/command";
import { PROJECT_DIRECTORY } from "./lib/cli/open-customer";
import { sweepEntry, sweepLine, type SweepEntry } from "./lib/expire/plan";
import { openDoomed, teardown } from "./lib/teardown/run";
import { writeReceipt } from "./lib/teardown/write-receipt";

interface Options {
  readonly apply?: boolean;
  readonly warnDays: number;
  readonly today: string;
  readonly receipt: string;
}

/** How one expired customer's teardown went. */
interface Swept {
  readonly slug: string;
  readonly ok: boolean;
  /** The receipt's file, or why there is none. */
  readonly outcome: string;
}

const DEFAULT_WARN_DAYS = 7;

/** `stack expire`: ends every test customer whose day has passed. */
export function expireCommand(): Command {
  return operatorCommand(
    "expire",
    "Ends the test customers whose expiresOn has passed, one after the other; production never.",
  )
    .option("--apply", "do it; without it, list them")
    .option("--warn-days <n>", "name those that expire within so many days", wholeDays, DEFAULT_WARN_DAYS)
    .option(
      "--today <date>",
      "take this day for today (YYYY-MM-DD, UTC)",
      calendarDay,
      new Date().toISOString().slice(0, 10),
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
  const swept = options.apply === true ? await sweep(context, expired, options.receipt) : [];
  const ok = faulty.length === 0 && swept.every((each) => each.ok);
  if (options.apply !== true && expired.length > 0) {
    terminal.print(`Nothing was done. "stack expire --apply" ends ${expired.map(({ slug }) => slug).join(", ")}.`);
  }
  terminal.result({ ok, applied: options.apply === true, today: options.today, entries, swept });
  return ok;
}

/** One failure keeps no other from its turn. */
async function sweep(
  context: CommandContext,
  expired: readonly SweepEntry[],
  directory: string,
): Promise<readonly Swept[]> {
  const swept: Swept[] = [];
  for (const { slug } of expired) {
    if (context.signal.aborted) {
      swept.push({ slug, ok: false, outcome: "interrupted before its turn" });
      continue;
    }
    context.terminal.say(`ending ${slug}`);
    const each = await end(context, slug, directory).catch((error: unknown) => ({
      slug,
      ok: false,
      outcome: error instanceof Error ? error.message : String(error),
    }));
    context.terminal.verdict(each.ok ? "ok" : "bad", `${slug}: ${each.outcome}`);
    swept.push(each);
  }
  return swept;
}

/** Without a confirmed name, so that a stack which says "production" is refused whatever its file says. */
async function end(context: CommandContext, slug: string, directory: string): Promise<Swept> {
  const doomed = await openDoomed(slug, context.terminal);
  const receipt = await teardown(doomed, context, { deleteFiles: false });
  const file = writeReceipt(receipt, directory);
  return {
    slug,
    ok: receipt.ok,
    outcome: `${receipt.ok ? "nothing is left" : "something is left or unseen"}, see ${file}.md`,
  };
}

function wholeDays(value: string): number {
  if (/^\d{1,4}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("write whole days, for example 7");
}

function calendarDay(value: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw new InvalidArgumentError("write YYYY-MM-DD, for example 2026-11-26");
}
