import { confirm, input, password, select } from "@inquirer/prompts";

import { UserError } from "../../../core/user-error";

/** Gives the sentence that is shown before the question is asked again; undefined where the answer is right. */
export type Check = (answer: string) => string | undefined;

/** Someone who answers. A test has one that answers from a script. */
export interface Asker {
  text(question: { message: string; proposal?: string; check: Check }): Promise<string>;
  /** Without echo. */
  secret(question: { message: string; check: Check }): Promise<string>;
  /** Gives the index of the choice. */
  choose(question: { message: string; choices: readonly string[]; proposal?: number }): Promise<number>;
  confirm(question: { message: string; proposal: boolean }): Promise<boolean>;
}

/** Asks the operator at the terminal; on stderr, because stdout is the report's. */
export function terminalAsker(signal: AbortSignal): Asker {
  const context = { output: process.stderr, signal };
  return {
    text: ({ message, proposal, check }) =>
      answered(
        input(
          {
            message,
            ...(proposal === undefined ? {} : { default: proposal }),
            validate: (answer) => check(answer.trim()) ?? true,
          },
          context,
        ),
      ).then((answer) => answer.trim()),
    secret: ({ message, check }) =>
      answered(password({ message, mask: false, validate: (answer) => check(answer.trim()) ?? true }, context)).then(
        (answer) => answer.trim(),
      ),
    choose: ({ message, choices, proposal }) =>
      answered(
        select(
          {
            message,
            choices: choices.map((name, value) => ({ name, value })),
            ...(proposal === undefined ? {} : { default: proposal }),
          },
          context,
        ),
      ),
    confirm: ({ message, proposal }) => answered(confirm({ message, default: proposal }, context)),
  };
}

/** Someone pressed Ctrl-C, or the terminal went away. */
export class Stopped extends UserError {
  constructor(slug?: string) {
    const again = `./stack intake ${slug ?? "<customer>"}`;
    super({
      what: "the intake was stopped",
      ...(slug === undefined ? {} : { customer: slug }),
      next: `run "${again}" again; it offers to go on with the answers so far, and asks for credentials once more`,
    });
  }
}

/** What inquirer throws when a prompt is given up. */
const GIVEN_UP = ["ExitPromptError", "AbortPromptError", "CancelPromptError"];

async function answered<T>(prompt: Promise<T>): Promise<T> {
  try {
    return await prompt;
  } catch (error) {
    if (error instanceof Error && GIVEN_UP.includes(error.name)) throw new Stopped();
    throw error;
  }
}
