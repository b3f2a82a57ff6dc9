import type { Look } from "./look";

/** What a teardown leaves in writing. */
export interface Receipt {
  /** Nothing is left but what stays on purpose, and everything was looked at or stands on an earlier receipt. */
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
  /** What became of the deliveries that Pub/Sub still had; undefined where there was no Pub/Sub. */
  readonly messages: string | undefined;
  /** What the stack still holds on purpose: production's protected resources, by type and name. */
  readonly kept: readonly string[];
  /** What was looked for, and what was found. */
  readonly looks: readonly Look[];
  readonly stackRemoved: boolean;
}

export function receiptMarkdown(receipt: Receipt): string {
  const keeps = receipt.kept.length > 0 || receipt.looks.some(({ kept }) => kept.length > 0);
  const verdict = receipt.ok
    ? `nothing is left${keeps ? " but what is kept on purpose" : ""}`
    : "something is left or unseen";
  return [
    `# Teardown of ${receipt.customer}: ${verdict}`,
    "",
    `- ${receipt.environment} store ${receipt.shopDomain}, project ${receipt.project}`,
    `- from ${receipt.startedAt} to ${receipt.finishedAt}`,
    `- last backup: ${receipt.lastBackup}`,
    ...(receipt.messages === undefined ? [] : [`- deliveries in Pub/Sub: ${receipt.messages}`]),
    `- the stack ${receipt.stackWasThere ? (receipt.stackRemoved ? "was removed" : "is still there") : "was gone already"}`,
    "",
    "## Looked for",
    "",
    "| where | what | found |",
    "| --- | --- | --- |",
    ...receipt.looks.map((look) => `| ${look.place} | ${look.what} | ${foundWords(look)} |`),
    "",
    "## Kept on purpose",
    "",
    ...listed([
      ...receipt.looks.flatMap(({ place, what, kept }) => kept.map((name) => `${place}, ${what}: ${name}`)),
      ...receipt.kept.map((resource) => `in the stack: ${resource}`),
    ]),
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

/** A cell of the table: nothing, what was found, or why nothing was seen and what to do about it. */
export function foundWords({ found, because = "", how = "", provenAt }: Look): string {
  if (found !== undefined) return found.length === 0 ? "nothing" : `**${found.join(", ")}**`;
  const why = because.replaceAll("|", "\\|");
  return provenAt === undefined
    ? `**could not be looked at**: ${why}. To look: ${how}`
    : `nothing on ${provenAt}, says the receipt of that time; could not be looked at again: ${why}`;
}

function listed(items: readonly string[]): string[] {
  return items.length === 0 ? ["nothing"] : items.map((item) => `- ${item}`);
}
