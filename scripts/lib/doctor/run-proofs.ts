import { PROOFS } from "../../../infra/proofs";
import type { Terminal } from "../cli/terminal";
import { CHECKS } from "./checks";
import type { Gatherers } from "./fact-cache";
import { printProofs, standingOf } from "./proofs";
import { isWell } from "./report";
import { lookWith, type DoctorOptions } from "./run-doctor";

/**
 * Walks the list of what the first real deployment has to prove (decision 0007) and says how each item stands with this
 * customer. True when no check sees anything wrong: what is done by hand is the operator's to know.
 */
export async function runProofs(
  terminal: Terminal,
  gatherers: Gatherers,
  options: Omit<DoctorOptions, "checks" | "fix">,
): Promise<boolean> {
  const named = new Set(PROOFS.flatMap(({ check }) => check ?? []));
  const checks = CHECKS.filter(({ id }) => named.has(id));
  const examinations = await lookWith(terminal, gatherers, { ...options, checks });
  const proofs = standingOf(PROOFS, examinations);
  printProofs(terminal, proofs);
  const ok = isWell(examinations);
  terminal.result({ ok, customer: options.customer, proofs });
  return ok;
}
