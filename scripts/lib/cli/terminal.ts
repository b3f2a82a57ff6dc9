import { SingleBar } from "cli-progress";
import Table from "cli-table3";
import pico from "picocolors";

import { redact } from "../../../core/secrets";

/** What {@link Terminal} needs of a stream; process.stdout and process.stderr are such. */
export interface TerminalStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

export interface TerminalOptions {
  /** Print one JSON document at the end instead of text. */
  readonly json: boolean;
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  /** Values that must never be printed, wherever they turn up. */
  readonly secrets?: readonly string[];
}

/** Something that takes longer than a second. */
export interface Progress {
  /** How far it is; `note` follows the bar. */
  update(done: number, note?: string): void;
  /** Another total than was thought at first. */
  total(total: number): void;
  end(): void;
}

/** Where there is no terminal to redraw, progress is one line this often (milliseconds). */
const LINE_INTERVAL_MS = 15_000;

/**
 * Everything that a command says. The report goes to stdout, what is going on to stderr; with `--json` stdout carries one
 * JSON document and nothing else, so that a machine can read it. All of it passes {@link redact}.
 */
export class Terminal {
  readonly #secrets: string[];

  constructor(private readonly options: TerminalOptions) {
    this.#secrets = [...(options.secrets ?? [])];
  }

  get json(): boolean {
    return this.options.json;
  }

  /** Whether someone sits there who can be asked. */
  get interactive(): boolean {
    return !this.json && this.options.stderr.isTTY === true && process.stdin.isTTY;
  }

  /** From now on this value is never printed. */
  hide(secret: string | undefined): void {
    if (secret !== undefined) this.#secrets.push(secret);
  }

  /** A line of the report. Nothing with `--json`. */
  print(line = ""): void {
    if (!this.json) this.options.stdout.write(`${this.#safe(line)}\n`);
  }

  /** One line of the report with its sign: what was looked at held, did not hold, or needs a look. */
  verdict(sign: "ok" | "bad" | "warn" | "skip", line: string): void {
    // By itself picocolors also colours in CI, and there the report of a command is a file or a comment.
    const { green, red, yellow, dim } = pico.createColors(pico.isColorSupported && this.options.stdout.isTTY === true);
    const signs = { ok: green("✓"), bad: red("✗"), warn: yellow("!"), skip: dim("-") };
    this.print(`${signs[sign]} ${line}`);
  }

  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const table = new Table({ head: [...head], style: { head: [], border: [] }, wordWrap: true });
    rows.forEach((row) => table.push([...row]));
    this.print(table.toString());
  }

  /** What is going on, on stderr, with `--json` too. */
  say(line: string): void {
    this.options.stderr.write(`${this.#safe(line)}\n`);
  }

  /** The machine's answer, printed with `--json` alone; a command gives it once. */
  result(value: unknown): void {
    if (!this.json) return;
    // Before JSON escapes it: a secret with a quote or a line break in it would no longer be found.
    const masked = (_key: string, each: unknown): unknown => (typeof each === "string" ? this.#safe(each) : each);
    this.options.stdout.write(`${JSON.stringify(value, masked, 2)}\n`);
  }

  /** A bar on a terminal; elsewhere a line now and then. */
  progress(label: string, total: number): Progress {
    return this.options.stderr.isTTY === true ? this.#bar(label, total) : this.#lines(label, total);
  }

  #bar(label: string, total: number): Progress {
    const bar = new SingleBar({
      stream: this.options.stderr,
      format: `${this.#safe(label)} {bar} {percentage}% | {value}/{total} | {note}`,
      hideCursor: true,
      clearOnComplete: true,
    });
    bar.start(total, 0, { note: "" });
    return {
      update: (done, note = "") => {
        bar.update(done, { note: this.#safe(note) });
      },
      total: (next) => {
        bar.setTotal(next);
      },
      end: () => {
        bar.stop();
      },
    };
  }

  #lines(label: string, initial: number): Progress {
    let total = initial;
    let last = Date.now();
    let latest: string | undefined;
    const show = (line: string): void => {
      this.say(line);
      latest = undefined;
      last = Date.now();
    };
    return {
      update: (done, note = "") => {
        latest = `${label}: ${done} of ${total}${note === "" ? "" : `, ${note}`}`;
        if (Date.now() - last >= LINE_INTERVAL_MS) show(latest);
      },
      total: (next) => {
        total = next;
      },
      end: () => {
        if (latest !== undefined) show(latest);
      },
    };
  }

  #safe(text: string): string {
    return redact(text, this.#secrets);
  }
}
