import { input } from "@inquirer/prompts";
import type { Command } from "commander";

import { act, customerCommand, type CommandContext } from "./lib/cli/command";
import type { Receipt } from "./lib/teardown/receipt";
import { lookLine, openDoomed, teardown, type Doomed } from "./lib/teardown/run";
import { writeReceipt } from "./lib/teardown/write-receipt";

interface Options {
  readonly apply?: boolean;
  readonly confirm?: string;
  readonly deleteFiles?: boolean;
  readonly receipt: string;
}

/** `stack teardown <customer>`: ends a customer and proves that nothing is left. */
export function teardownCommand(): Command {
  return customerCommand(
    "teardown",
    "Ends a test customer: last backup, everything deleted, and a receipt that nothing is left.",
  )
    .option("--apply", "do it; without it, say what would go")
    .option("--confirm <customer>", "the customer's name once more, which ends a production customer")
    .option("--delete-files", "delete the customer's two files in customers/ too, once nothing is left")
    .option("--receipt <directory>", "where the receipt is written, as Markdown and as JSON", "receipts")
    .action(act(run));
}

async function run(context: CommandContext, slug: string, options: Options): Promise<boolean> {
  const { terminal } = context;
  const doomed = await openDoomed(slug, terminal);
  announce(context, doomed);
  if (options.apply !== true) {
    terminal.print(`Nothing was done. "stack teardown ${slug} --apply" does it.`);
    terminal.result({ ok: true, applied: false, customer: slug, resources: doomed.resources });
    return true;
  }
  const confirm = options.confirm ?? (await askForName(context, doomed));
  const receipt = await teardown(doomed, context, {
    deleteFiles: options.deleteFiles === true,
    ...(confirm === undefined ? {} : { confirm }),
  });
  conclude(context, receipt, options.receipt);
  return receipt.ok;
}

function announce({ terminal }: CommandContext, { customer, state, resources, environment }: Doomed): void {
  const { slug, shopify, gcp, operations } = customer;
  terminal.print(`End of ${slug}: ${environment}, store ${shopify.shopDomain}, project ${gcp.project}.`);
  if (state === undefined) terminal.print("The stack is gone already; what is left of it is looked for.");
  const kinds = new Map<string, number>();
  resources.forEach(({ type }) => kinds.set(type, (kinds.get(type) ?? 0) + 1));
  kinds.forEach((count, type) => {
    terminal.print(`  ${count} x ${type}`);
  });
  terminal.print(
    operations.finalBackup
      ? "A last backup is made first."
      : "No last backup is made: operations.finalBackup is false.",
  );
  const held = resources.filter(({ protect }) => protect);
  if (held.length > 0) terminal.print(`Protected: ${held.map(({ name }) => name).join(", ")}.`);
  if (environment === "production") terminal.print("The data disk and the backup bucket stay in any case.");
}

/** Somebody who sits there may type the name when asked. */
async function askForName(
  { terminal }: CommandContext,
  { customer, environment }: Doomed,
): Promise<string | undefined> {
  if (environment === "test" || !terminal.interactive) return undefined;
  return input({ message: `This is production. Type "${customer.slug}" to end it:` });
}

function conclude({ terminal }: CommandContext, receipt: Receipt, directory: string): void {
  receipt.looks.forEach((look) => {
    terminal.verdict(...lookLine(look));
  });
  receipt.kept.forEach((resource) => {
    terminal.verdict("warn", `kept: ${resource}`);
  });
  const file = writeReceipt(receipt, directory);
  terminal.print(`${receipt.deleted.length} resources deleted; last backup: ${receipt.lastBackup}.`);
  terminal.print(`The receipt is in ${file}.md and ${file}.json.`);
  terminal.result(receipt);
}
