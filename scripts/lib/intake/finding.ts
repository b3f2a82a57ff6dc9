import type { Terminal } from "../cli/terminal";

/**
 * ok: it holds. refused: it does not, and orders would not arrive. limited: it works, with a limit that someone should
 * know. unknown: it could not be looked at.
 */
export type FindingState = "ok" | "refused" | "limited" | "unknown";

/** One thing that was looked at. */
export interface Finding {
  /** Service and subject, for example "shopify token". */
  readonly check: string;
  readonly state: FindingState;
  /** What was seen, or why it could not be looked at. No full stop. */
  readonly saw: string;
  /** What to do about it. No full stop. */
  readonly next?: string;
}

const SIGNS = { ok: "ok", refused: "bad", limited: "warn", unknown: "skip" } as const;
const WORDS = { ok: "ok", refused: "refused", limited: "limited", unknown: "could not be checked" } as const;

/** Prints findings as the report's lines. */
export function printFindings(terminal: Terminal, findings: readonly Finding[]): void {
  for (const { check, state, saw, next } of findings) {
    const remedy = next === undefined ? "" : `: ${next}`;
    terminal.verdict(SIGNS[state], `${check} · ${WORDS[state]} · ${saw}${remedy}`);
  }
}

/** Without an answer to these nothing is known of a customer, so that "could not be checked" stops the intake too. */
const ESSENTIAL = ["shopify token", "cloudflare token"];

/** The findings that must be acknowledged. */
export function obstacles(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    ({ check, state, next }) =>
      state === "refused" || (state === "unknown" && next !== undefined && ESSENTIAL.includes(check)),
  );
}

/** Whether all that was looked at holds. */
export function allHold(findings: readonly Finding[]): boolean {
  return obstacles(findings).length === 0;
}
