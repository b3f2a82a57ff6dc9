import { Command, CommanderError, Help, type Option } from "commander";

import { redact } from "../../../core/secrets";
import { describeFailure, EXIT } from "../run-script";
import { Terminal } from "./terminal";

/** What every command of the operator's is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborted by the first Ctrl-C: finish what is under way, start nothing new. The second one ends the process. */
  readonly signal: AbortSignal;
}

/** Options that {@link operatorCommand} gives every command. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** True: all is well. False: it was done and the answer is no (exit code 1). What is thrown becomes one sentence. */
export type CommandBody<Args extends readonly unknown[]> = (context: CommandContext, ...args: Args) => Promise<boolean>;

/** A command of the operator's, with the options that all of them have; `example` is what follows its name in one. */
export function operatorCommand(name: string, description: string, example?: string): Command {
  const command = new Command(name)
    .description(description)
    .optionsGroup("Output:")
    .option("--json", "print one JSON document for a machine instead of text")
    .option("--verbose", "show stack traces, for defects of this project")
    .optionsGroup("Options:")
    .configureHelp({ visibleOptions: ownOptionsFirst })
    .showHelpAfterError("(--help explains the command)")
    .exitOverride();
  return example === undefined ? command : command.addHelpText("after", `\nExample:\n  ./stack ${name} ${example}`);
}

/** What a command's help lists: its own options, then those that every command has. */
function ownOptionsFirst(this: Help, command: Command): Option[] {
  const options = Help.prototype.visibleOptions.call(this, command);
  const isCommon = ({ helpGroupHeading }: Option): boolean => helpGroupHeading === "Output:";
  return [...options.filter((option) => !isCommon(option)), ...options.filter(isCommon)];
}

/** As {@link operatorCommand}, for one customer: its slug is the first argument. */
export function customerCommand(name: string, description: string, example?: string): Command {
  return operatorCommand(name, description, example).argument(
    "<customer>",
    "slug of the customer, as in customers/<slug>.yaml",
  );
}

/** Makes a body what commander calls: Ctrl-C, `--json`, exit code and the one sentence of a failure are seen to here. */
export function act<Args extends readonly unknown[]>(body: CommandBody<Args>) {
  return async function (this: Command, ...given: unknown[]): Promise<void> {
    const { json = false, verbose = false } = this.opts<CommonOptions>();
    const terminal = new Terminal({ json, stdout: process.stdout, stderr: process.stderr });
    const { signal, release } = interruption(terminal);
    try {
      // Commander appends the command itself.
      const args = given.slice(0, -1) as unknown as Args;
      process.exitCode = (await body({ terminal, signal }, ...args)) ? EXIT.done : EXIT.failed;
    } catch (error) {
      process.exitCode = EXIT.failed;
      terminal.say(describeFailure(error, verbose));
      terminal.result({ ok: false, error: describeFailure(error, false) });
    } finally {
      release();
    }
  };
}

/** Runs a program of commands. Wrong usage ends with 2, asking for help with 0. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  try {
    await program.exitOverride().parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      process.exitCode = EXIT.failed;
      process.stderr.write(`${redact(describeFailure(error, argv.includes("--verbose")))}\n`);
      return;
    }
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
}

/** Exit code of a process that SIGINT ends, by the shell's convention. */
const INTERRUPTED = 130;

function interruption(terminal: Terminal): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const listener = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    terminal.say("stopping after what is under way; once more ends it at once");
    controller.abort();
  };
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  const release = (): void => {
    process.off("SIGINT", listener);
    process.off("SIGTERM", listener);
  };
  return { signal: controller.signal, release };
}
