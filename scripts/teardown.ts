import { input } from "@inquirer/prompts";
import type { Command } from "commander";

import { act, customerCommand, type CommandContext } from "./lib/cli/command";
import { isQueueDrain } from "./lib/teardown/destroy";
import { openTeardownTarget, type TeardownTarget } from "./lib/teardown/teardown-target";
import type { Look } from "./lib/teardown/look";
import { provesAbsence } from "./lib/teardown/proof";
import type { Receipt } from "./lib/teardown/receipt";
import { lookAgain, teardown } from "./lib/teardown/run";
import { verdictLines } from "./lib/teardown/verdicts";
import { writeReceipt } from "./lib/teardown/write-receipt";

interface Options {
  readonly apply?: boolean;
  readonly confirm?: string;
  readonly skipBackup?: boolean | string;
  readonly deleteFiles?: boolean;
  readonly receipt: string;
}

/** `./stack teardown <customer>`: ends a customer and proves that nothing is left. */
export function teardownCommand(): Command {
  return customerCommand(
    "teardown",
    "End a test customer: last backup, everything deleted, and a receipt that nothing is left.",
    "acme --apply",
  )
    .option("--apply", "do it; without it, say what would go, or what is left of a stack that is gone")
    .option("--confirm <customer>", "the customer's name once more, which ends a production customer")
    .option(
      "--skip-backup [customer]",
      "make no last backup, and give up what Pub/Sub still has; production needs the customer's name here too",
    )
    .option("--delete-files", "delete the customer's two files in customers/ too, once nothing is left")
    .option("--receipt <directory>", "where receipts are written, as Markdown and as JSON, and looked up", "receipts")
    .action(act(run));
}

async function run(context: CommandContext, slug: string, options: Options): Promise<boolean> {
  const { terminal } = context;
  const target = await openTeardownTarget(slug, terminal);
  announce(context, target, options);
  if (options.apply !== true) return withoutApply(context, target, options);
  const { deleteFiles = false, receipt: receipts, confirm = await askForName(context, target), ...given } = options;
  const receipt = await teardown(target, context, {
    ...given,
    receipts,
    deleteFiles,
    ...(confirm === undefined ? {} : { confirm }),
  });
  conclude(context, receipt, receipts);
  return receipt.ok;
}

/** A look changes nothing, so a stack that is gone is looked after without `--apply` too. */
async function withoutApply(context: CommandContext, target: TeardownTarget, { receipt }: Options): Promise<boolean> {
  const { terminal } = context;
  const { customer, resources, state } = target;
  const { slug } = customer;
  const told = { applied: false, customer: slug, resources };
  if (state !== undefined) {
    terminal.print(`Nothing was done. "./stack teardown ${slug} --apply" does it.`);
    terminal.result({ ...told, ok: true });
    return true;
  }
  const looks = await lookAgain(target, context, receipt);
  tell(context, looks);
  const ok = provesAbsence(looks);
  terminal.result({ ...told, ok, looks });
  return ok;
}

function announce({ terminal }: CommandContext, target: TeardownTarget, { skipBackup = false }: Options): void {
  const { customer, state, resources, environment } = target;
  const { slug, shopify, gcp, operations } = customer;
  terminal.print(`End of ${slug}: ${environment}, store ${shopify.shopDomain}, project ${gcp.project}.`);
  if (state === undefined) {
    terminal.print("There is no stack, or none any more; what is left of it is looked for.");
    return;
  }
  const kinds = new Map<string, number>();
  resources.forEach(({ type }) => kinds.set(type, (kinds.get(type) ?? 0) + 1));
  kinds.forEach((count, type) => {
    terminal.print(`  ${count} x ${type}`);
  });
  if (skipBackup !== false) terminal.print("No last backup is made: --skip-backup gives it up.");
  else if (operations.finalBackup) terminal.print("A last backup is made first.");
  else terminal.print("No last backup is made: operations.finalBackup is false.");
  if (skipBackup !== false && resources.some(isQueueDrain)) {
    terminal.print("What Pub/Sub still has is not brought to the server: --skip-backup gives it up.");
  }
  const held = resources.filter(({ protect }) => protect);
  if (held.length > 0) terminal.print(`Protected, and kept on purpose: ${held.map(({ name }) => name).join(", ")}.`);
}

/** Someone who sits there may type the name when asked. */
async function askForName(
  { terminal }: CommandContext,
  { customer, environment }: TeardownTarget,
): Promise<string | undefined> {
  if (environment === "test" || !terminal.interactive) return undefined;
  return input({ message: `This is production. Type "${customer.slug}" to end it:` });
}

function tell({ terminal }: CommandContext, looks: readonly Look[]): void {
  verdictLines(looks).forEach(({ sign, line }) => {
    if (sign === undefined) terminal.print(line);
    else terminal.verdict(sign, line);
  });
}

function conclude(context: CommandContext, receipt: Receipt, directory: string): void {
  const { terminal } = context;
  tell(context, receipt.looks);
  const file = writeReceipt(receipt, directory);
  terminal.print(`${receipt.deleted.length} resources deleted; last backup: ${receipt.lastBackup}.`);
  if (receipt.kept.length > 0) {
    terminal.print(
      `The stack stays, because it holds ${receipt.kept.length} protected resources, and so do its files.`,
    );
  }
  terminal.print(`The receipt is in ${file}.md and ${file}.json.`);
  terminal.result(receipt);
}
