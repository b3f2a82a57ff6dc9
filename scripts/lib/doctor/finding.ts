/**
 * ok: seen to be right · bad: seen to be wrong · warn: works today, will not for long or not for everything · skipped: there is
 * nothing to look at yet · unknown: it could not be looked at, which is never taken for right.
 */
export type FindingState = "ok" | "bad" | "warn" | "skipped" | "unknown";

/** What one look came to. */
export interface Finding {
  readonly state: FindingState;
  /** What was seen, or why nothing was. No full stop at its end. */
  readonly saw: string;
  /** What the operator does about it, starting with a verb in lower case; for bad and warn. */
  readonly next?: string;
}

export function ok(saw: string): Finding {
  return { state: "ok", saw };
}

export function bad(saw: string, next: string): Finding {
  return { state: "bad", saw, next };
}

export function warn(saw: string, next: string): Finding {
  return { state: "warn", saw, next };
}

export function skipped(why: string): Finding {
  return { state: "skipped", saw: why };
}

export function unknown(why: string): Finding {
  return { state: "unknown", saw: why };
}

/** A fact that is not to be had: nothing is there to be looked at yet (skipped), or the look failed (unknown). */
export class NotKnown extends Error {
  override readonly name = "NotKnown";

  constructor(
    readonly state: "skipped" | "unknown",
    readonly why: string,
  ) {
    super(why);
  }
}

/** A list for a sentence: `"a", "b"`. */
export function quoted(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(", ");
}
