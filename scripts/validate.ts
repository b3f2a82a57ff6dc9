import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";

import { act, customerCommand, type CommandContext } from "./lib/cli/command";
import { openCustomer, refuseWrongShop, type OpenCustomer } from "./lib/cli/open-customer";
import { positive } from "./lib/cli/options";
import { readKinds, type Kind } from "./lib/matrix/kinds";
import { DRIVES, type DriveName } from "./lib/validate/choose-drive";
import { lacking } from "./lib/validate/kind-needs";
import { reportMarkdown, reportName, tally, type ValidationReport } from "./lib/validate/report";
import { prepare, refuseProduction, validate, type Prepared } from "./lib/validate/run";

interface Options {
  readonly apply?: boolean;
  readonly drive?: DriveName;
  readonly negative?: boolean;
  readonly matrix?: true | readonly Kind[];
  readonly allHistory?: boolean;
  readonly keep?: boolean;
  readonly limit: number;
  readonly report?: string;
}

/** Pause between two looks (milliseconds); each may make the connector ask Shopify, which takes two calls a second. */
const PAUSE_MS = 1_000;

const DEFAULT_LIMIT_S = 120;

/** `./stack validate <customer>`: the golden matrix as a live run on a test store. */
export function validateCommand(): Command {
  return customerCommand(
    "validate",
    "Prove the golden matrix on a test store: orders in, documents out, with evidence.",
    "acme --apply",
  )
    .option("--apply", "do it: make test orders, look for their documents, tidy up; without it, say what would be done")
    .addOption(
      new Option("--drive <how>", "what makes the deliveries; default: the best one that needs no person").choices(
        DRIVES,
      ),
    )
    .option(
      "--negative",
      "also what has to fail: wrong HMAC, replay, unmapped topic, oversized body, paid before create",
    )
    .option(
      "--matrix [kinds...]",
      "also kinds of order (scripts/lib/matrix/orders.yaml), booked to the cent: all that this store can be asked, or those named",
      namedKind,
    )
    .option("--all-history", "pull all orders of the store for the historical row, not only those around one of them")
    .option("--keep", "leave what was made, for a look at it")
    .option("--limit <seconds>", "how long each document is waited for", positive, DEFAULT_LIMIT_S)
    .option("--report <directory>", "write the report there, as Markdown and as JSON")
    .action(act(run));
}

async function run(context: CommandContext, slug: string, options: Options): Promise<boolean> {
  const { terminal } = context;
  const open = await openCustomer(slug, terminal);
  refuseProduction(open);
  await refuseWrongShop(open);
  const prepared = await prepare(open, options.drive);
  announce(context, slug, prepared);
  sayKinds(context, open, kindsOf(options));
  if (options.apply !== true) {
    terminal.print(`Nothing was done. "./stack validate ${slug} --apply" does it.`);
    terminal.result({ ok: true, applied: false, customer: slug, drive: prepared.chosen.name });
    return true;
  }
  const pace = { limitMs: options.limit * 1_000, pauseMs: PAUSE_MS };
  const report = await validate(open, prepared, { context, options: { ...options, kinds: kindsOf(options), pace } });
  conclude(context, report, options.report);
  return report.ok;
}

function kindsOf({ matrix = [] }: Options): readonly Kind[] {
  return matrix === true ? readKinds() : matrix;
}

/** @throws InvalidArgumentError, which is wrong usage */
function namedKind(name: string, before: true | readonly Kind[] | undefined): readonly Kind[] {
  const kinds = readKinds();
  const found = kinds.find(({ kind }) => kind === name);
  if (found !== undefined) return [...(before === undefined || before === true ? [] : before), found];
  throw new InvalidArgumentError(`there is no kind "${name}": scripts/lib/matrix/orders.yaml names them`);
}

function announce({ terminal }: CommandContext, slug: string, { chosen, facts, catalog }: Prepared): void {
  const { plan } = catalog.shop;
  terminal.print(`Validation of ${slug}, driven by ${chosen.name}: ${chosen.because}.`);
  terminal.print(
    `Each test order is of "${facts.product.title}"; three of them, and one Stock Entry each, where needed.`,
  );
  terminal.print("ERPNext imports the catalog and pulls history; what was made is cancelled and deleted at the end.");
  if (!plan.partnerDevelopment) {
    terminal.verdict(
      "warn",
      `the store's plan is "${plan.publicDisplayName}", no development store: is it the test store?`,
    );
  }
}

function sayKinds({ terminal }: CommandContext, { customer }: OpenCustomer, kinds: readonly Kind[]): void {
  if (kinds.length === 0) return;
  const able = kinds.filter((kind) => lacking(kind, customer) === undefined);
  terminal.print(
    `Of ${kinds.length} kinds of order ${able.length} can be tried here, each a made-up order of "Matrix" items, which stay.`,
  );
}

function conclude({ terminal }: CommandContext, report: ValidationReport, directory: string | undefined): void {
  report.tidied.left.forEach((line) => {
    terminal.verdict("warn", `left: ${line}`);
  });
  terminal.print(`${tally(report.rows)}; ${report.tidied.done.length} documents and orders tidied up.`);
  if (directory !== undefined) {
    mkdirSync(directory, { recursive: true });
    const file = join(directory, reportName(report.customer, report.startedAt));
    writeFileSync(`${file}.json`, `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(`${file}.md`, reportMarkdown(report));
    terminal.print(`The report is in ${file}.md and ${file}.json.`);
  }
  terminal.result(report);
}
