import type { FactName, Facts } from "./check";
import { NotKnown } from "./finding";

/** Gives another fact; what that one is not known for, this one is not known for either. */
export type Ask = <K extends FactName>(name: K) => Promise<Facts[K]>;

/** Runs what goes over the network: no more than a few at a time, each with a limit of its own. */
export type Probe = <T>(seconds: number, look: () => Promise<T>) => Promise<T>;

/** How each fact is found out. */
export type Gatherers = { readonly [K in FactName]: (ask: Ask, probe: Probe) => Promise<Facts[K]> };

export interface FactBookOptions {
  /** How many probes run at the same time. */
  readonly concurrency: number;
  /** Ends everything: what is not known by then stays unknown. */
  readonly deadline: AbortSignal;
}

/** Every fact, found out once and when it is first asked for. */
export class FactCache {
  readonly #known = new Map<FactName, Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  readonly #late: Promise<never>;
  #running = 0;

  constructor(
    private readonly gatherers: Gatherers,
    private readonly options: FactBookOptions,
  ) {
    this.#late = lateness(options.deadline);
  }

  /** @throws NotKnown */
  readonly ask: Ask = <K extends FactName>(name: K): Promise<Facts[K]> => {
    const known = this.#known.get(name) as Promise<Facts[K]> | undefined;
    if (known !== undefined) return known;
    const finding = this.#orDeadline(this.gatherers[name](this.ask, this.#probe)).catch((error: unknown) => {
      throw error instanceof NotKnown ? error : new NotKnown("unknown", reasonOf(error));
    });
    this.#known.set(name, finding);
    return finding;
  };

  readonly #probe: Probe = async (seconds, look) => {
    if (this.#running < this.options.concurrency) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await limited(look(), seconds);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  };

  #orDeadline<T>(finding: Promise<T>): Promise<T> {
    return Promise.race([finding, this.#late]);
  }
}

/** Rejects when the time is up. Nothing may be waiting for it then. */
function lateness(deadline: AbortSignal): Promise<never> {
  const late = new Promise<never>((_resolve, reject) => {
    const stop = (): void => {
      reject(new NotKnown("unknown", "the time for all checks was up before it could be looked at"));
    };
    if (deadline.aborted) stop();
    else deadline.addEventListener("abort", stop, { once: true });
  });
  late.catch(() => undefined);
  return late;
}

async function limited<T>(look: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new NotKnown("unknown", `no answer within ${seconds} s`));
    }, seconds * 1000);
  });
  try {
    return await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What an error of a client says is wrong; what to do about it is the check's to say. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error && "what" in error && typeof error.what === "string") return error.what;
  return error instanceof Error ? error.message : String(error);
}
