import type { Look } from "./look";

/** What a teardown leaves in writing. */
export interface Receipt {
  /** Nothing is left, and everything could be looked at. */
  readonly ok: boolean;
  readonly customer: string;
  readonly environment: "production" | "test";
  readonly shopDomain: string;
  readonly project: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Whether the stack was there when this began. */
  readonly stackWasThere: boolean;
  /** Resources that this run deleted: their type and name. */
  readonly deleted: readonly string[];
  /** Webhook topics whose subscriptions the destroy had left, and that were deleted afterwards. */
  readonly subscriptionsDeleted: readonly string[];
  /** Name of the last backup with its bucket; what the destroy said of it. */
  readonly lastBackup: string;
  /** Resources that stay on purpose: production's protected ones. */
  readonly kept: readonly string[];
  /** What was looked for, and what was found. */
  readonly looks: readonly Look[];
  readonly stackRemoved: boolean;
}

/** Whether a receipt proves that nothing is left. */
export function provesAbsence(looks: readonly Look[]): boolean {
  return looks.every(({ found }) => found?.length === 0);
}

export function receiptMarkdown(receipt: Receipt): string {
  const verdict = receipt.ok
    ? "nothing is left"
    : receipt.kept.length > 0
      ? "some is kept"
      : "something is left or unseen";
  return [
    `# Teardown of ${receipt.customer}: ${verdict}`,
    "",
    `- ${receipt.environment} store ${receipt.shopDomain}, project ${receipt.project}`,
    `- from ${receipt.startedAt} to ${receipt.finishedAt}`,
    `- last backup: ${receipt.lastBackup}`,
    `- the stack ${receipt.stackWasThere ? (receipt.stackRemoved ? "was removed" : "is still there") : "was gone already"}`,
    "",
    "## Looked for",
    "",
    "| where | what | found |",
    "| --- | --- | --- |",
    ...receipt.looks.map(({ place, what, found, because }) => `| ${place} | ${what} | ${foundWords(found, because)} |`),
    "",
    "## Kept on purpose",
    "",
    ...listed(receipt.kept),
    "",
    "## Deleted",
    "",
    ...listed([...receipt.deleted, ...receipt.subscriptionsDeleted.map((topic) => `webhook subscription ${topic}`)]),
    "",
  ].join("\n");
}

/** `teardown-acme-20261126-204501`, without an ending. */
export function receiptName(customer: string, startedAt: string): string {
  return `teardown-${customer}-${startedAt.slice(0, 19).replace(/[-:]/g, "").replace("T", "-")}`;
}

export function foundWords(found: readonly string[] | undefined, because = ""): string {
  if (found === undefined) return `**could not be looked at**: ${because.replaceAll("|", "\\|")}`;
  return found.length === 0 ? "nothing" : `**${found.join(", ")}**`;
}

function listed(items: readonly string[]): string[] {
  return items.length === 0 ? ["nothing"] : items.map((item) => `- ${item}`);
}
