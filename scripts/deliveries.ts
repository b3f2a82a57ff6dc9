import { randomUUID } from "node:crypto";

import type { Command } from "commander";

import { act, customerCommand, type CommandContext } from "./lib/cli/command";
import { openCustomer, refuseWrongShop, type OpenCustomer } from "./lib/cli/open-customer";
import { chosen, moment, orderId, replayParameters, type DeliveriesOptions } from "./lib/deliveries/options";
import { printReport } from "./lib/deliveries/print-report";
import { readReplay, readReport, seekLine } from "./lib/deliveries/report";
import { askCustomersServer } from "./lib/server-request/of-customer";

/** The server looks for requests every minute, and sees what is under way through (milliseconds). */
const PATIENCE_MS = 5 * 60_000;

/** `deliveries`: what Shopify delivered and ERPNext has not taken, and giving it to ERPNext again. */
export function deliveriesCommand(): Command {
  return customerCommand(
    "deliveries",
    "List what Shopify delivered and ERPNext has not taken; --replay gives it to ERPNext again.",
    "acme --replay --apply",
  )
    .option("--order <id>", "only deliveries of this order, for example 5800000001001", orderId)
    .option("--since <time>", "only deliveries received since then, a day or a moment in RFC 3339", moment)
    .option("--replay", "what failed is to be delivered again; with --order or --since, what they name, taken or not")
    .option("--apply", "with --replay: do it; without it nothing is changed anywhere")
    .hook("preAction", (command) => {
      const { replay, apply, order, since } = command.opts<DeliveriesOptions>();
      if (apply === true && replay !== true) command.error("error: option '--apply' needs '--replay'");
      if (replay === true && order !== undefined && since !== undefined) {
        command.error("error: option '--replay' takes '--order' or '--since', not both");
      }
    })
    .action(act<[string, DeliveriesOptions]>(deliveries));
}

async function deliveries({ terminal }: CommandContext, slug: string, options: DeliveriesOptions): Promise<boolean> {
  const open = await openCustomer(slug, terminal);
  const ask = (name: string, subject: string, parameters = {}): Promise<string> =>
    askCustomersServer(
      open,
      { request: { name, nonce: randomUUID(), parameters }, subject, timeoutMs: PATIENCE_MS },
      terminal,
    );
  const report = readReport(await ask("deliveries-report", "report of its deliveries"), slug);
  printReport(terminal, report, options);
  const replayed = options.replay === true ? await replay({ terminal, open, options, ask }) : undefined;
  if (replayed === undefined && options.replay === true) {
    const named = chosen(report.items, options).length;
    const more =
      options.since === undefined && options.order === undefined ? "" : ", and what ERPNext has taken already";
    terminal.print(`Nothing was delivered again. "--apply" does it with the ${named} above${more}.`);
  }
  terminal.result({ ok: true, customer: slug, ...report, items: chosen(report.items, options), replayed });
  return true;
}

interface Replay {
  readonly terminal: CommandContext["terminal"];
  readonly open: OpenCustomer;
  readonly options: DeliveriesOptions;
  readonly ask: (name: string, subject: string, parameters: object) => Promise<string>;
}

/** @returns how many are delivered again; undefined where that was not to be done */
async function replay({ terminal, open, options, ask }: Replay): Promise<number | undefined> {
  if (options.apply !== true) return undefined;
  await refuseWrongShop(open);
  const { slug } = open.customer;
  const words = await ask("deliveries-replay", "replay of deliveries", replayParameters(options));
  const answer = readReplay(words, slug);
  const { replayed } = answer;
  terminal.print(
    `${replayed} are delivered to ERPNext again. "./stack deliveries ${slug}" shows what becomes of them.`,
  );
  const sought = seekLine(answer);
  if (sought !== undefined) terminal.print(sought);
  return replayed;
}
