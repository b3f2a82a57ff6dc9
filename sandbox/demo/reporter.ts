import Table from "cli-table3";
import pico from "picocolors";

import type { MatrixRow } from "../../scripts/lib/validate/matrix-row";

/** One fact that the demo proved, or failed to. */
export interface DemoFact {
  readonly chapter: string;
  readonly fact: string;
  readonly ok: boolean;
  readonly seconds?: number;
}

/** What the demo came to, as `--json` prints it. */
export interface DemoReport {
  readonly ok: boolean;
  readonly seconds: number;
  readonly facts: readonly DemoFact[];
  readonly matrix: readonly MatrixRow[];
}

/** By itself picocolors also colours in CI and in a file, when the environment variable CI is set. */
const { bold, dim, green, red } = pico.createColors(pico.isColorSupported && process.stdout.isTTY);

/** Tells a person, while it happens, what the demo does; with `--json` it keeps silent until the end. */
export class Reporter {
  readonly facts: DemoFact[] = [];
  matrix: readonly MatrixRow[] = [];
  #chapter = "";
  readonly #started = Date.now();

  constructor(private readonly json: boolean) {}

  chapter(title: string): void {
    this.#chapter = title;
    this.#print(`\n${bold(title)}`);
  }

  /** A transient line: on a terminal it is overwritten by the next one. */
  progress(line: string): void {
    if (!this.json && process.stdout.isTTY) {
      process.stdout.write(`\r\u001b[2K  ${dim(line.slice(0, 100))}`);
    }
  }

  fact(fact: string, ok: boolean, seconds?: number): void {
    this.facts.push({
      chapter: this.#chapter,
      fact,
      ok,
      ...(seconds === undefined ? {} : { seconds: Number(seconds.toFixed(1)) }),
    });
    const took = seconds === undefined ? "" : dim(` (${seconds.toFixed(1)} s)`);
    this.#print(`  ${ok ? green("✓") : red("✗")} ${fact}${took}`);
  }

  text(text: string): void {
    const lines = text.split("\n").map((line) => `    ${line}`);
    this.#print(lines.join("\n"));
  }

  showMatrix(rows: readonly MatrixRow[]): void {
    this.matrix = rows;
    const table = new Table({
      head: ["", "Scenario", "Expected", "Evidence"],
      // By itself it colours wherever its output goes.
      style: { head: [], border: [] },
      wordWrap: true,
      colWidths: [4, 24, 32, 58],
    });
    rows.forEach((row) => table.push([row.status === "ok" ? "✓" : "✗", row.scenario, row.expected, row.evidence]));
    this.#print(table.toString());
  }

  end(): DemoReport {
    const ok = this.facts.every((fact) => fact.ok) && this.matrix.every(({ status }) => status === "ok");
    const seconds = Number(((Date.now() - this.#started) / 1000).toFixed(1));
    const report = { ok, seconds, facts: this.facts, matrix: this.matrix };
    if (this.json) {
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    } else {
      const wrong =
        this.facts.filter((fact) => !fact.ok).length + this.matrix.filter(({ status }) => status !== "ok").length;
      this.#print(`\n${ok ? green("Everything held.") : red(`What did not hold: ${wrong}.`)} ${dim(`${seconds} s`)}`);
    }
    return report;
  }

  #print(line: string): void {
    if (!this.json) {
      const clear = process.stdout.isTTY ? "\r\u001b[2K" : "";
      process.stdout.write(`${clear}${line}\n`);
    }
  }
}
