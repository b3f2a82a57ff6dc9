import type { EnsureContext } from "./ensure-options";
import { ToolError } from "./tool-error";

/** What came of looking in one place. A noteworthy reason names something that is there but cannot be used. */
export type Outcome<T> = { readonly tool: T } | { readonly reason: string; readonly noteworthy: boolean };

/** A place to look in, or a way to make the tool. It may throw a {@link ToolError} instead of giving a reason. */
export type Attempt<T> = (context: EnsureContext) => Promise<Outcome<T>>;

export interface Wanted<T> {
  /** As in "there is no <title> to run". */
  readonly title: string;
  readonly attempts: readonly Attempt<T>[];
  /** What the operator can do that makes the first attempt succeed, starting with a verb. */
  readonly otherwise: string;
}

/**
 * Returns what the first attempt that succeeds has found; says what is passed over on the way.
 * @throws ToolError with every attempt's reason and the ways out
 */
export async function firstUsable<T>(wanted: Wanted<T>, context: EnsureContext): Promise<T> {
  const reasons: string[] = [];
  const errors: ToolError[] = [];
  for (const attempt of wanted.attempts) {
    const outcome = await attempt(context).catch((error: unknown): Outcome<T> => {
      if (!(error instanceof ToolError)) {
        throw error;
      }
      errors.push(error);
      return { reason: error.what, noteworthy: true };
    });
    if ("tool" in outcome) {
      return outcome.tool;
    }
    reasons.push(outcome.reason);
    if (outcome.noteworthy && reasons.length < wanted.attempts.length) {
      context.say(`passed over: ${outcome.reason}`);
    }
  }
  const ways = [...errors.slice(0, 1).map((error) => error.next), wanted.otherwise];
  const output = errors.flatMap((error) => error.output);
  throw new ToolError(`there is no ${wanted.title} to run (${reasons.join("; ")})`, ways.join(", or "), output);
}
