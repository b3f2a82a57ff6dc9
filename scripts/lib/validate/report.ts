import type { Tidied } from "./drive";
import { allHeld, type MatrixRow, type RowStatus } from "./matrix-row";

/** All that a run came to; what `--json` prints and `--report` writes. */
export interface ValidationReport {
  readonly ok: boolean;
  readonly customer: string;
  readonly shopDomain: string;
  readonly environment: "test";
  /** Who let things happen, and what that does not prove. */
  readonly drive: string;
  readonly driveProves: string;
  readonly image: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly rows: readonly MatrixRow[];
  readonly tidied: Tidied;
}

export const SIGNS: Readonly<Record<RowStatus, "ok" | "bad" | "skip">> = { ok: "ok", failed: "bad", skipped: "skip" };

const WORDS: Readonly<Record<RowStatus, string>> = { ok: "yes", failed: "**no**", skipped: "not tried" };

/** Makes the report, whose `ok` follows from the rows. */
export function reportOf(parts: Omit<ValidationReport, "ok">): ValidationReport {
  return { ok: allHeld(parts.rows), ...parts };
}

/** For example "6 proven, 1 failed, 1 not tried". */
export function tally(rows: readonly MatrixRow[]): string {
  const count = (status: RowStatus): number => rows.filter((row) => row.status === status).length;
  return `${count("ok")} proven, ${count("failed")} failed, ${count("skipped")} not tried`;
}

/** The report as a page that can be handed on. */
export function reportMarkdown(report: ValidationReport): string {
  const rows = report.rows.map(({ scenario, expected, status, evidence, seconds }) =>
    [scenario, expected, WORDS[status], cell(evidence), `${seconds} s`].join(" | "),
  );
  const lines = [
    `# Golden matrix of ${report.customer}: ${report.ok ? "holds" : "does not hold"}`,
    "",
    `- store: ${report.shopDomain} (${report.environment})`,
    `- image: ${report.image}`,
    `- from ${report.startedAt} to ${report.finishedAt}`,
    `- driven by ${report.drive}: ${report.driveProves}`,
    `- ${tally(report.rows)}`,
    "",
    "| scenario | expected | proven | evidence | took |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row} |`),
    "",
    "## Tidied up",
    "",
    ...listed(report.tidied.done, "nothing"),
    "",
    "## Left",
    "",
    ...listed(report.tidied.left, "nothing"),
    "",
  ];
  return lines.join("\n");
}

/** `validate-acme-20261126-204501`, without an ending. */
export function reportName(customer: string, startedAt: string): string {
  return `validate-${customer}-${startedAt.slice(0, 19).replace(/[-:]/g, "").replace("T", "-")}`;
}

function listed(items: readonly string[], none: string): string[] {
  return items.length === 0 ? [none] : items.map((item) => `- ${item}`);
}

/** A bar would end the cell. */
function cell(textOfCell: string): string {
  return textOfCell.replaceAll("|", "\\|").replace(/\s+/g, " ");
}
