import type { Proof } from "../../../infra/proofs";
import type { Terminal } from "../cli/terminal";
import type { Examination } from "./examine";

/**
 * proven: a check sees all of it right now · partly: a check sees a part of it right now, the rest is done by hand · by-hand: no
 * check can see it · not-proven: its check saw it go wrong, or could not look.
 */
export type ProofState = "proven" | "partly" | "by-hand" | "not-proven";

/** One item of the first deployment's list, as it stands with this customer. */
export interface StandingProof {
  readonly id: string;
  readonly unproven: string;
  readonly state: ProofState;
  /** What proves the whole of it. */
  readonly proof: string;
  /** The check that looks at it, where there is one. */
  readonly check?: string;
  /** What that check saw. */
  readonly saw?: string;
  /** What has still to be done by hand. */
  readonly byHand?: string;
}

/** How each proof stands, by what its check found. @param examinations of at least the checks that the proofs name */
export function standingOf(proofs: readonly Proof[], examinations: readonly Examination[]): readonly StandingProof[] {
  return proofs.map(({ id, unproven, proof, check, byHand }) => {
    const item = { id, unproven, proof };
    if (check === undefined) return { ...item, state: "by-hand", byHand: proof };
    const seen = examinations.find((one) => one.id === check);
    if (seen === undefined) return { ...item, state: "not-proven", check, saw: "it was not looked at", byHand: proof };
    const { state, saw } = seen;
    if (state !== "ok") return { ...item, state: "not-proven", check, saw, byHand: proof };
    return byHand === undefined
      ? { ...item, state: "proven", check, saw }
      : { ...item, state: "partly", check, saw, byHand };
  });
}

const SIGNS = { proven: "ok", partly: "warn", "by-hand": "skip", "not-proven": "bad" } as const;

const WORDS: readonly (readonly [ProofState, string])[] = [
  ["proven", "proven"],
  ["partly", "partly proven"],
  ["by-hand", "by hand alone"],
  ["not-proven", "not proven"],
];

/** Characters that an id takes in the report. */
const ID_WIDTH = 20;

export function printProofs(terminal: Terminal, standing: readonly StandingProof[]): void {
  for (const { id, unproven, state, check = "", saw = "", byHand } of standing) {
    terminal.verdict(SIGNS[state], `${id.padEnd(ID_WIDTH)} ${unproven}: ${sentenceOf(state, check, saw)}`);
    if (byHand !== undefined) terminal.print(`    by hand: ${byHand}`);
  }
  terminal.print();
  terminal.print(proofSummary(standing));
}

function sentenceOf(state: ProofState, check: string, saw: string): string {
  if (state === "by-hand") return "no check can see it";
  const seen = `check ${check} ${state === "not-proven" ? "says" : "holds now"}: ${saw}`;
  return state === "proven" ? seen : `${state === "partly" ? "a part of it" : "not proven"}, ${seen}`;
}

/** For example "4 proven, 12 partly proven, 10 by hand alone". */
export function proofSummary(standing: readonly StandingProof[]): string {
  return WORDS.map(([state, word]) => [standing.filter((one) => one.state === state).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}
