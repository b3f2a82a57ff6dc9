import type { Call } from "./call";

/** What happens instead of, or beside, what was asked for. */
export type Effect =
  | { readonly code: number; readonly stderr: string }
  /** Never answers; the caller's own time limit ends it. */
  | "hang"
  | (() => void | Promise<void>);

/** A fault at one call, or at several of a kind. */
export interface ProgramFault {
  /** For example "docker". */
  readonly program: string;
  /** Looked for in the arguments, joined by spaces; default: any. */
  readonly match?: RegExp;
  /** How many matching calls pass before it; default 0. */
  readonly skip?: number;
  /** How many calls it happens to; default 1. */
  readonly times?: number;
  /** "after" lets the call have its effect first, and loses its answer; default "before". */
  readonly when?: "before" | "after";
  readonly effect: Effect;
}

/** The switchboard of faults: each counts its own calls. */
export class ProgramFaults {
  readonly #armed: { readonly fault: ProgramFault; skip: number; left: number }[] = [];

  /** @returns a function that takes the fault back */
  add(fault: ProgramFault): () => void {
    const armed = { fault, skip: fault.skip ?? 0, left: fault.times ?? 1 };
    this.#armed.push(armed);
    return () => {
      armed.left = 0;
    };
  }

  /** The fault that this call meets. Counts the call. */
  due(call: Pick<Call, "program" | "args">): ProgramFault | undefined {
    const line = call.args.join(" ");
    for (const armed of this.#armed) {
      const { program, match } = armed.fault;
      if (armed.left <= 0 || program !== call.program || match?.test(line) === false) continue;
      if (armed.skip > 0) {
        armed.skip -= 1;
        continue;
      }
      armed.left -= 1;
      return armed.fault;
    }
    return undefined;
  }
}
