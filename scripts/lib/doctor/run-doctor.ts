import type { Terminal } from "../cli/terminal";
import { GROUPS, type Check } from "./check";
import { examine, type Examination } from "./examine";
import { FactCache, type Gatherers } from "./fact-cache";
import { CURES } from "./cures";
import { isWell, printReport, type Cure } from "./report";

/** How many probes run at the same time: a server that is ill is not helped by more. */
const CONCURRENCY = 6;

export interface DoctorOptions {
  readonly customer: string;
  readonly checks: readonly Check[];
  /** Cure what can be cured safely, and look again. */
  readonly fix: boolean;
  /** Milliseconds for all of it; what could not be looked at by then is unknown. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Looks at a customer with every check, cures what it may, and reports. True when nothing is wrong. */
export async function runDoctor(terminal: Terminal, gatherers: Gatherers, options: DoctorOptions): Promise<boolean> {
  const deadline = AbortSignal.any([AbortSignal.timeout(options.limitMs), options.signal]);
  const first = await examineAll(
    terminal,
    new FactCache(gatherers, { concurrency: CONCURRENCY, deadline }),
    options.checks,
  );
  const cures = options.fix ? await cure(terminal, gatherers, { found: first, deadline }) : [];
  const last = cures.length === 0 ? first : await lookAgain(terminal, gatherers, { options, deadline });
  printReport(terminal, last);
  cures.forEach(({ id, did }) => {
    terminal.print(`cured ${id}: ${did}`);
  });
  const ok = isWell(last);
  terminal.result({ ok, customer: options.customer, checks: last, cures });
  return ok;
}

/** One look with each of the checks, within the time limit; nothing is cured and nothing printed but progress. */
export function lookWith(
  terminal: Terminal,
  gatherers: Gatherers,
  { checks, limitMs, signal }: Pick<DoctorOptions, "checks" | "limitMs" | "signal">,
): Promise<Examination[]> {
  const deadline = AbortSignal.any([AbortSignal.timeout(limitMs), signal]);
  return examineAll(terminal, new FactCache(gatherers, { concurrency: CONCURRENCY, deadline }), checks);
}

/** All at once; the progress is that of the groups, in their order. */
async function examineAll(terminal: Terminal, book: FactCache, checks: readonly Check[]): Promise<Examination[]> {
  const progress = terminal.progress("checks", checks.length);
  let done = 0;
  const running = checks.map(async (check) => {
    const examination = await examine(check, book.ask);
    done += 1;
    progress.update(done, openGroups(checks, done));
    return examination;
  });
  try {
    return await Promise.all(running);
  } finally {
    progress.end();
  }
}

function openGroups(checks: readonly Check[], done: number): string {
  const rest = new Set(checks.slice(done).map(({ group }) => group));
  return GROUPS.filter((group) => rest.has(group)).join(", ");
}

interface Illness {
  readonly found: readonly Examination[];
  readonly deadline: AbortSignal;
}

async function cure(terminal: Terminal, gatherers: Gatherers, { found, deadline }: Illness): Promise<Cure[]> {
  const book = new FactCache(gatherers, { concurrency: CONCURRENCY, deadline });
  const cures: Cure[] = [];
  for (const { id, state } of found) {
    const remedy = CURES[id];
    if (remedy === undefined || (state !== "bad" && state !== "warn") || deadline.aborted) continue;
    terminal.say(`curing ${id}`);
    cures.push({ id, did: await remedy(book.ask) });
  }
  return cures;
}

async function lookAgain(
  terminal: Terminal,
  gatherers: Gatherers,
  { options, deadline }: { options: DoctorOptions; deadline: AbortSignal },
): Promise<Examination[]> {
  terminal.say("looking again");
  return examineAll(terminal, new FactCache(gatherers, { concurrency: CONCURRENCY, deadline }), options.checks);
}
