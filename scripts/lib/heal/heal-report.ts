import { ENGLISH } from "../../../core/messages";
import type { CoverageSummary } from "../../../reconciliation/coverage";
import { reasonOf, toldOf, type Finding } from "../../../reconciliation/finding";
import { printMoney, shareLine } from "../cli/money-table";
import type { Terminal } from "../cli/terminal";
import type { Healed } from "./heal-order";

/** What a heal found and did, for people and machines alike. */
export interface HealReport {
  readonly customer: string;
  readonly applied: boolean;
  readonly coverage: CoverageSummary;
  /** Findings that a delivery may cure, and those of them that `--limit` left out. */
  readonly curable: readonly Finding[];
  readonly left: number;
  /** Findings that no delivery cures. */
  readonly others: readonly Finding[];
  readonly results: readonly Healed[];
}

/** How many rows of a list are printed; `--json` has all. */
const ROWS = 30;

/** Whether nothing is left that could not be done. A look alone is always well. */
export function isWell({ results }: HealReport): boolean {
  return results.every(({ outcome }) => outcome === "healed");
}

function whatOf(finding: Finding): string {
  return finding.kind === "missing" ? `missing: ${finding.reason}` : reasonOf(finding);
}

function nameOf(finding: Finding): string {
  return finding.kind === "orphan" ? "" : finding.shopify.name;
}

function row(finding: Finding): readonly string[] {
  return [finding.id, nameOf(finding), whatOf(finding), ENGLISH.write(toldOf(finding))];
}

export function printReport(terminal: Terminal, report: HealReport): void {
  const { coverage, curable, others, results, left, applied, customer } = report;
  terminal.print(`${customer}: ${shareLine(coverage)}.`);
  coverage.remarks.forEach((remark) => {
    terminal.print(remark);
  });
  printMoney(coverage, terminal);
  printFindings(terminal, "No delivery helps these:", others);
  if (!applied) {
    printFindings(terminal, "These can be delivered again:", curable);
    if (curable.length > 0)
      terminal.print(`Nothing was delivered. "--apply" delivers ${curable.length - left} of them.`);
  }
  for (const { outcome, name, id, why, delivered } of results) {
    const line = `${name} (${id}) ${delivered.join(", ")}`.trim();
    if (outcome === "healed") terminal.verdict("ok", why === "" ? line : `${line}, left for people: ${why}`);
    else terminal.verdict(outcome === "stopped" ? "skip" : "bad", `${line}: ${why}`);
  }
  if (applied && left > 0) terminal.print(`${left} more were left out; raise "--limit" or run it again.`);
}

function printFindings(terminal: Terminal, title: string, findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  terminal.print(title);
  terminal.table(["order", "name", "what", "why"], findings.slice(0, ROWS).map(row));
  const reasons = new Set(findings.slice(0, ROWS).map(reasonOf));
  for (const reason of reasons) terminal.print(`${reason}: ${ENGLISH.t(`advice.${reason}`)}`);
  if (findings.length > ROWS) terminal.print(`and ${findings.length - ROWS} more; "--json" lists all.`);
}

/** The same for a machine, without what the operator does not need of each side. */
export function reportJson(report: HealReport): object {
  const brief = (finding: Finding): object => ({
    id: finding.id,
    name: nameOf(finding),
    reason: whatOf(finding),
    detail: ENGLISH.write(finding.detail),
    cause: finding.cause,
    said: finding.said,
    heal: finding.heal,
    next: ENGLISH.t(`advice.${reasonOf(finding)}`),
  });
  return { ...report, ok: isWell(report), curable: report.curable.map(brief), others: report.others.map(brief) };
}
