/** What a request to Google ends in instead of its answer. */
export type GoogleEffect =
  | { readonly status: number; readonly message: string }
  /** The connection is dropped, as when nothing is there. */
  | "reset"
  | (() => void | Promise<void>);

export interface GoogleFault {
  /** Looked for in "METHOD /path". */
  readonly match: RegExp;
  /** How many matching requests pass before it; default 0. */
  readonly skip?: number;
  /** How many requests it happens to; default 1. */
  readonly times?: number;
  readonly effect: GoogleEffect;
}

export class GoogleFaults {
  readonly #armed: { readonly fault: GoogleFault; skip: number; left: number }[] = [];

  /** @returns a function that takes the fault back */
  add(fault: GoogleFault): () => void {
    const armed = { fault, skip: fault.skip ?? 0, left: fault.times ?? 1 };
    this.#armed.push(armed);
    return () => {
      armed.left = 0;
    };
  }

  due(request: string): GoogleEffect | undefined {
    for (const armed of this.#armed) {
      if (armed.left <= 0 || !armed.fault.match.test(request)) continue;
      if (armed.skip > 0) {
        armed.skip -= 1;
        continue;
      }
      armed.left -= 1;
      return armed.fault.effect;
    }
    return undefined;
  }
}
