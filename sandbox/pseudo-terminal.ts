import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** What a key sends. */
export const KEYS = { enter: "\r", down: "\x1b[B", interrupt: "\x03", clearLine: "\x15" } as const;

/** Longest that something is waited for at a terminal (milliseconds); a busy machine takes a minute to start a command. */
const PATIENCE_MS = 120_000;

export interface AtTerminal {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A command at a real pseudo-terminal (python3's `pty`), someone's hands on its keys and eyes on its screen. */
export class PseudoTerminal {
  readonly #child: ChildProcessWithoutNullStreams;
  #raw = "";
  #wake: () => void = () => undefined;
  #ended = false;
  /** How much of the screen has been read, in characters. */
  #read = 0;

  constructor(command: readonly string[], { cwd, environment }: AtTerminal) {
    this.#child = spawn("python3", [join(__dirname, "pseudo-terminal.py"), ...command], {
      cwd,
      env: { ...environment, TERM: "xterm-256color" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#raw += text;
      this.#wake();
    });
    this.#child.on("close", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** All that was ever shown, without colours and movements of the cursor. */
  get shown(): string {
    return stripVTControlCharacters(this.#raw);
  }

  /** Waits until what is shown next matches, and reads on behind it. @throws Error with the screen, when it does not come */
  async sees(what: RegExp): Promise<RegExpExecArray> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = what.exec(this.shown.slice(this.#read));
      if (found !== null) {
        this.#read += found.index + found[0].length;
        return found;
      }
      if (this.#ended || Date.now() > deadline)
        throw new Error(`there is no ${what.source} on the screen:\n${this.shown}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - Date.now());
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Waits for the end. @returns the exit code */
  async end(): Promise<number> {
    if (this.#child.exitCode === null) await once(this.#child, "close");
    return this.#child.exitCode ?? -1;
  }

  /** Ends it, whatever it does. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
