import { redact } from "../../../components/shared/redact";
import type { Affected } from "./affected-stacks";
import { changeLines } from "./change-lines";
import { lossOf, type Danger } from "./danger";
import type { Operation } from "./resource-change";
import { code, count, diffBlock, inline } from "./markdown";
import { isRed, type FleetPreview, type Group } from "./roll-up";

/** By this line the comment of an earlier run is found again: one comment for the whole fleet. */
export const COMMENT_MARKER = "<!-- erpnext-fleet-preview -->";

/** GitHub takes 65,536 characters; the margin covers what it counts in another way than we do. */
export const COMMENT_LIMIT = 60_000;

/** Names of stacks that are written out before the rest becomes a number. */
const NAMED_STACKS = 8;

/** Where the comment comes from. */
export interface CommentFooter {
  /** The commit that was previewed. */
  readonly commit: string;
  /** Why these stacks (scripts/lib/fleet/affected-stacks.ts). */
  readonly reasons: readonly string[];
  /** Customers whose file is gone. */
  readonly gone: readonly string[];
}

/** The one comment of a pull request, at most {@link COMMENT_LIMIT} characters. */
export function renderComment(fleet: FleetPreview, footer: CommentFooter): string {
  const head = [COMMENT_MARKER, `## ${title(fleet)}`, "", ...alarms(fleet, footer), ...overview(fleet)];
  const tail = ["", ...footerLines(footer)];
  const fixed = [...head, ...tail].join("\n").length;
  const blocks = fit(fleet.groups, COMMENT_LIMIT - fixed);
  return redact([...head, ...blocks, ...tail].join("\n"));
}

/** Which stacks a change reaches, without what it does to them. */
export function renderAffected({ stacks, gone, reasons }: Affected): string {
  const lines = [
    `## ${count(stacks.length, "stack")} affected`,
    "",
    ...stacks.map((stack) => `- ${code(stack)}`),
    ...gone.map((slug) => `- ${code(slug)} has no file any more`),
    "",
    `<sub>Not previewed. ${reasons.map(inline).join("; ")}.</sub>`,
  ];
  return redact(lines.join("\n"));
}

function title(fleet: FleetPreview): string {
  const changed = fleet.groups.reduce((sum, { stacks }) => sum + stacks.length, 0);
  const all = changed + fleet.unchanged.length + fleet.failed.length;
  if (all === 0) return "Preview: no stack is affected";
  if (changed === 0 && fleet.failed.length === 0) return `Preview: nothing changes in ${count(all, "stack")}`;
  return `Preview: ${changed} of ${count(all, "stack")} ${changed === 1 ? "changes" : "change"}`;
}

function alarms(fleet: FleetPreview, { gone }: CommentFooter): readonly string[] {
  const lines = [
    ...fleet.failed.map(({ stack, reason }) => `- ${code(stack)} **could not be previewed**: ${inline(reason)}`),
    ...fleet.breaches.map(
      ({ rule, message, stacks }) => `- policy ${code(rule)} **refuses** ${names(stacks)}: ${inline(message)}`,
    ),
    ...fleet.groups.flatMap(losses),
    ...gone.map((slug) => `- ${code(slug)} has no file any more: end it with ${code(`npm run teardown -- ${slug}`)}`),
  ];
  if (lines.length === 0) return [];
  const lead = isRed(fleet) ? "**Do not merge before these are understood:**" : "**Note:**";
  return [lead, "", ...lines, ""];
}

function losses(group: Group): readonly string[] {
  return group.changes.flatMap((change) => {
    const loss = lossOf(change);
    const what = change.operation === "delete" ? "deletes" : "replaces";
    return loss === undefined ? [] : [`- ${names(group.stacks)} **${what} ${code(change.name)}**, which loses ${loss}`];
  });
}

const COLUMNS: readonly (readonly [string, readonly Operation[]])[] = [
  ["added", ["create", "import"]],
  ["changed", ["update"]],
  ["replaced", ["replace"]],
  ["deleted", ["delete"]],
];

function overview(fleet: FleetPreview): readonly string[] {
  if (fleet.groups.length === 0) return [];
  const rows = fleet.groups.map((group) => {
    const numbers = COLUMNS.map(([, operations]) => {
      const found = group.changes.filter(({ operation }) => operations.includes(operation)).length;
      return found === 0 ? "" : String(found);
    });
    return `| ${emphasis(group.danger)} | ${names(group.stacks)} | ${numbers.join(" | ")} |`;
  });
  const unchanged = fleet.unchanged.length === 0 ? [] : [`Unchanged: ${names(fleet.unchanged)}.`, ""];
  return [
    `| worst | stacks | ${COLUMNS.map(([heading]) => heading).join(" | ")} |`,
    "| --- | --- | --: | --: | --: | --: |",
    ...rows,
    "",
    ...unchanged,
  ];
}

function emphasis(danger: Danger): string {
  return danger === "loses" || danger === "interrupts" ? `**${danger}**` : danger;
}

/** The dangerous groups in full, as many as there is room for; the rest is named, never dropped in silence. */
function fit(groups: readonly Group[], room: number): readonly string[] {
  const kept: string[] = [];
  let left = room;
  for (const [index, group] of groups.entries()) {
    const block = details(group).join("\n");
    const notice = `\n${count(groups.length - index, "more diff")} left out, for want of room: run ${code("npm run preview")}.`;
    if (block.length + notice.length + 1 > left) return [...kept, notice];
    kept.push(block);
    left -= block.length + 1;
  }
  return kept;
}

function details(group: Group): readonly string[] {
  const example = group.stacks.length === 1 ? "" : `, with the values of ${group.stacks[0] ?? ""}`;
  const open = group.danger === "loses" ? " open" : "";
  return [
    `<details${open}><summary>${plainNames(group.stacks)}${example}</summary>`,
    "",
    ...diffBlock(changeLines(group.changes)),
    "",
    "</details>",
  ];
}

function footerLines({ commit, reasons }: CommentFooter): readonly string[] {
  return [`<sub>Commit ${code(commit.slice(0, 12))}. Previewed: ${reasons.map(inline).join("; ")}.</sub>`];
}

function names(stacks: readonly string[]): string {
  const first = stacks.slice(0, NAMED_STACKS).map(code).join(", ");
  const rest = stacks.length - NAMED_STACKS;
  return rest > 0 ? `${first} and ${rest} more` : first;
}

function plainNames(stacks: readonly string[]): string {
  return names(stacks).replaceAll("`", "");
}
