import type { Terminal } from "../cli/terminal";
import type { Examination } from "./examine";
import type { FindingState } from "./finding";

const SIGNS = { ok: "ok", bad: "bad", warn: "warn", skipped: "skip", unknown: "warn" } as const;

/** Characters that an id takes in the report. */
const ID_WIDTH = 22;

/** What was done about a check, and whether it holds now. */
export interface Cure {
  readonly id: string;
  readonly did: string;
}

/** Prints what was found, group by group. What is well takes one line, what is not says where, why and what to do. */
export function printReport(terminal: Terminal, examinations: readonly Examination[]): void {
  for (const group of new Set(examinations.map((one) => one.group))) {
    terminal.print(group);
    const ofGroup = examinations.filter((one) => one.group === group);
    ofGroup
      .filter(({ state }) => state !== "skipped")
      .forEach((one) => {
        printOne(terminal, one);
      });
    printSkipped(terminal, ofGroup);
    terminal.print();
  }
  terminal.print(summary(examinations));
}

function printOne(terminal: Terminal, { id, title, state, saw, looksAt, why, next }: Examination): void {
  terminal.verdict(SIGNS[state], `${id.padEnd(ID_WIDTH)} ${title}: ${state === "unknown" ? "unknown: " : ""}${saw}`);
  if (state !== "bad" && state !== "warn") return;
  terminal.print(`    looked at: ${looksAt}`);
  terminal.print(`    why it matters: ${why}`);
  if (next !== undefined) terminal.print(`    what to do: ${next}.`);
}

/** One line for each reason: a server that is not there yet is the reason of twenty. */
function printSkipped(terminal: Terminal, examinations: readonly Examination[]): void {
  const skipped = examinations.filter(({ state }) => state === "skipped");
  for (const reason of new Set(skipped.map(({ saw }) => saw))) {
    const ids = skipped.filter(({ saw }) => saw === reason).map(({ id }) => id);
    terminal.verdict("skip", `not looked at, because ${reason}: ${ids.join(", ")}`);
  }
}

const WORDS: readonly (readonly [FindingState, string])[] = [
  ["ok", "well"],
  ["bad", "wrong"],
  ["warn", "worth a look"],
  ["unknown", "unknown"],
  ["skipped", "not looked at"],
];

/** For example "41 well, 1 wrong, 3 not looked at". */
export function summary(examinations: readonly Examination[]): string {
  return WORDS.map(([state, word]) => [examinations.filter((one) => one.state === state).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}

export function isWell(examinations: readonly Examination[]): boolean {
  return !examinations.some(({ state }) => state === "bad");
}
