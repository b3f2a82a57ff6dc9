import { InvalidArgumentError, type Command } from "commander";

import { UserError } from "../core/user-error";
import { planBackfill, planLines, runBackfill } from "./lib/backfill/backfill";
import { stopHistory } from "./lib/backfill/history";
import { lookAtServer, refuseBlindness, refuseUnready } from "./lib/backfill/preconditions";
import { describe, type BackfillReport } from "./lib/backfill/report";
import { act, customerCommand, type CommandContext } from "./lib/cli/command";
import { openCustomer } from "./lib/cli/open-customer";
import { positiveUpTo } from "./lib/cli/options";
import type { Terminal } from "./lib/cli/terminal";

interface Options {
  readonly apply?: boolean;
  readonly status?: boolean;
  readonly stop?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly last60Days?: boolean;
  readonly window: number;
}

/** A window of so many orders takes about half an hour, which is what an interruption loses at most. */
const WINDOW_ORDERS = 1_000;
const LARGEST_WINDOW = 5_000;

const EXPLANATION = `
Imports the catalog, then lets the server pull the order history window by window with the connector's own function, then
compares both sides. Without --apply it only shows the plan. Ctrl-C leaves the work to the server; the same command again
goes on where it is.`;

export function backfillCommand(): Command {
  return customerCommand("backfill", "Fetch the catalog and the order history into ERPNext.", "acme --apply")
    .option("--apply", "do it; without this the plan is shown")
    .option("--status", "how far the history is")
    .option("--stop", "end the history; what is done stays")
    .option("--from <day>", "first day, YYYY-MM-DD; default: sync.history.from of the customer's file", day)
    .option("--to <day>", "last day, YYYY-MM-DD; default: sync.history.to, or now", day)
    .option("--last-60-days", "go without the scope read_all_orders, which shows no more than these")
    .option(
      "--window <orders>",
      `orders a window has at most, 1 to ${LARGEST_WINDOW}`,
      positiveUpTo(LARGEST_WINDOW),
      WINDOW_ORDERS,
    )
    .addHelpText("after", EXPLANATION)
    .action(act<[string, Options]>(backfill));
}

async function backfill(context: CommandContext, slug: string, options: Options): Promise<boolean> {
  const { terminal } = context;
  if (options.stop === true && (options.apply === true || options.status === true)) {
    throw new UserError({ what: `"--stop" stands alone`, customer: slug, next: `leave out "--apply" and "--status"` });
  }
  const open = await openCustomer(slug, terminal);
  if (options.stop === true) {
    const state = await stopHistory(open, terminal);
    terminal.print(state);
    terminal.result({ ok: true, customer: slug, detail: state });
    return true;
  }
  const report = await lookAtServer(open);
  if (options.status === true) return status(slug, report.backfill, terminal);
  const visibleOnly = options.last60Days === true;
  await refuseBlindness(open, visibleOnly);
  refuseUnready(report, slug);
  const plan = await planBackfill(open, { ...options, visibleOnly, windowOrders: options.window }, report);
  planLines(plan).forEach((line) => {
    terminal.print(line);
  });
  if (options.apply !== true) {
    terminal.print("nothing was changed: --apply does it");
    terminal.result({ ok: true, customer: slug, applied: false, plan });
    return true;
  }
  const outcome = await runBackfill(open, { plan, visibleOnly }, context);
  terminal.result({ ok: outcome.state !== "stopped", customer: slug, applied: true, ...outcome });
  return outcome.state !== "stopped";
}

function status(slug: string, report: BackfillReport | undefined, terminal: Terminal): boolean {
  terminal.print(report === undefined ? "the history was never begun" : describe(report));
  terminal.result({ ok: report?.state !== "failed", customer: slug, report: report ?? null });
  return report?.state !== "failed";
}

function day(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError("A day is written YYYY-MM-DD.");
}
