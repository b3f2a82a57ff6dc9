/** What a {@link UserError} consists of; together they make one sentence. */
export interface Problem {
  /** What is wrong, naming the field in double quotes and the value unless it is secret. No full stop at its end. */
  readonly what: string;
  /** The customer's slug, where one is known. */
  readonly customer?: string;
  /** What the operator does next, starting with a verb in lower case. No full stop at its end. */
  readonly next: string;
}

/**
 * An error that is shown to the operator as it is: one sentence, never a stack trace.
 * Anything else that is thrown is a defect of this project.
 */
export class UserError extends Error {
  override readonly name = "UserError";

  constructor(readonly problem: Problem) {
    const whom = problem.customer === undefined ? "" : ` for customer "${problem.customer}"`;
    super(`${problem.what}${whom}: ${problem.next}.`);
  }
}
