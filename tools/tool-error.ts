/**
 * An error about a tool this machine lacks, shown to the operator as it is: one sentence, never a stack trace.
 * (The twin of core/user-error.ts, which tools/, a leaf, may not import.)
 */
export class ToolError extends Error {
  override readonly name = "ToolError";

  /**
   * @param what what is wrong, without a full stop at its end
   * @param next what the operator does next, starting with a verb in lower case, without a full stop at its end
   * @param output the last lines of the program that failed, to be shown below the sentence
   */
  constructor(
    readonly what: string,
    readonly next: string,
    readonly output: readonly string[] = [],
  ) {
    super(`${what}: ${next}.`);
  }
}

/**
 * What is shown of a tool that cannot be had: its sentence, and below it what the failing program said. Ends in a line feed.
 * Anything but a {@link ToolError} is a defect of this project and is thrown again.
 */
export function describeToolError(error: unknown): string {
  if (!(error instanceof ToolError)) {
    throw error;
  }
  return [error.message, ...error.output.map((line) => `  ${line}`), ""].join("\n");
}
