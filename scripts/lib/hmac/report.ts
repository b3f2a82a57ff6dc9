import type { Terminal } from "../cli/terminal";
import type { HmacJudgement } from "./judge-delivery";

/** Prints a judgement with its evidence. True when there is nothing to fix. */
export function reportJudgement(terminal: Terminal, customer: string, judgement: HmacJudgement): boolean {
  const { verdict, certain, evidence, next } = judgement;
  const isFine = verdict === "fine";
  terminal.verdict(isFine ? "ok" : "bad", certain ? verdict : `${verdict}, as far as can be seen`);
  evidence.forEach((line) => {
    terminal.print(`    ${line}`);
  });
  if (next !== undefined) terminal.print(`    what to do: ${next}.`);
  terminal.result({ ok: isFine, customer, ...judgement });
  return isFine;
}
