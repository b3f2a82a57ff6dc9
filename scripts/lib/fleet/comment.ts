import { redact } from "../../../core/secrets";
import type { Affected } from "./affected-stacks";
import { alarms, troubles } from "./alarms";
import { changeLines } from "./change-lines";
import type { Danger } from "./danger";
import { code, count, DIFF_LINES, diffBlock, inline, names } from "./markdown";
import type { Operation } from "./resource-change";
import { isRed, type FleetPreview, type Group } from "./roll-up";

/** By this line the comment of an earlier run is found again: one comment for the whole fleet. */
export const COMMENT_MARKER = "<!-- erpnext-fleet-preview -->";

/** GitHub takes 65,536 characters; the margin covers what it counts in another way than we do. */
export const COMMENT_LIMIT = 60_000;

/** Rows of the table before the rest becomes a number, and lines of a diff for which there is no room in full. */
const ROWS = 30;
const SHORT_DIFF_LINES = 24;

/** More stacks than these are a number in the heading of their diff; the table names them. */
const NAMED_IN_HEADING = 3;

/** Where the comment comes from. */
export interface CommentFooter {
  /** The commit that was previewed. */
  readonly commit: string;
  /** Why these stacks (scripts/lib/fleet/affected-stacks.ts). */
  readonly reasons: readonly string[];
}

/** The one comment of a pull request, at most {@link COMMENT_LIMIT} characters: what is wrong, what changes where, then how. */
export function renderComment(fleet: FleetPreview, footer: CommentFooter): string {
  const head = [COMMENT_MARKER, `## Preview: ${title(fleet)}`, "", ...warning(fleet), ...overview(fleet)];
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
    ...gone.map(
      (slug) =>
        `- ${code(slug)} has no file any more, which destroys nothing: a stack that is still up is torn down first`,
    ),
    "",
    `<sub>Not previewed. ${reasons.map(inline).join("; ")}.</sub>`,
  ];
  return redact(lines.join("\n"));
}

function title(fleet: FleetPreview): string {
  return [changing(fleet), ...troubles(fleet)].join(", ");
}

function changing({ groups, unchanged, failed }: FleetPreview): string {
  const changed = groups.reduce((sum, { stacks }) => sum + stacks.length, 0);
  const seen = changed + unchanged.length;
  if (seen + failed.length === 0) return "no stack is affected";
  if (changed > 0)
    return `${changed} of ${count(seen + failed.length, "stack")} ${changed === 1 ? "changes" : "change"}`;
  return seen === 0 ? "nothing could be seen" : `nothing changes in ${count(seen, "stack")}`;
}

function warning(fleet: FleetPreview): readonly string[] {
  const lines = alarms(fleet);
  if (lines.length === 0) return [];
  const lead = isRed(fleet) ? "**Do not merge before these are understood:**" : "**Note:**";
  return [lead, "", ...lines, ""];
}

const COLUMNS: readonly (readonly [string, readonly Operation[]])[] = [
  ["added", ["create", "import"]],
  ["changed", ["update"]],
  ["replaced", ["replace"]],
  ["deleted", ["delete"]],
];

function overview(fleet: FleetPreview): readonly string[] {
  if (fleet.groups.length === 0) return [];
  const rest = fleet.groups.slice(ROWS).reduce((sum, { stacks }) => sum + stacks.length, 0);
  const more =
    rest === 0
      ? []
      : [`| | and ${count(rest, "stack")} more, none of them worse | ${COLUMNS.map(() => "").join(" | ")} |`];
  const unchanged = fleet.unchanged.length === 0 ? [] : [`Unchanged: ${names(fleet.unchanged)}.`, ""];
  return [
    `| worst | stacks | ${COLUMNS.map(([heading]) => heading).join(" | ")} |`,
    "| --- | --- | --: | --: | --: | --: |",
    ...fleet.groups.slice(0, ROWS).map(row),
    ...more,
    "",
    ...unchanged,
  ];
}

function row(group: Group): string {
  const numbers = COLUMNS.map(([, operations]) => {
    const found = group.changes.filter(({ operation }) => operations.includes(operation)).length;
    return found === 0 ? "" : String(found);
  });
  return `| ${emphasis(group.danger)} | ${names(group.stacks)} | ${numbers.join(" | ")} |`;
}

function emphasis(danger: Danger): string {
  return danger === "loses" || danger === "interrupts" ? `**${danger}**` : danger;
}

/** The dangerous groups first, in full or shortened, as many as there is room for; the rest is counted, never dropped in silence. */
function fit(groups: readonly Group[], room: number): readonly string[] {
  const kept: string[] = [];
  let left = room;
  for (const [index, group] of groups.entries()) {
    const notice = `\n${count(groups.length - index, "more diff")} left out, for want of room: run ${code("./stack preview")}.`;
    const fitting = [DIFF_LINES, SHORT_DIFF_LINES]
      .map((lines) => details(group, lines).join("\n"))
      .find((block) => block.length + 1 + notice.length + 1 <= left);
    if (fitting === undefined) return [...kept, notice];
    kept.push(fitting);
    left -= fitting.length + 1;
  }
  return kept;
}

function details({ stacks, changes, danger }: Group, lines: number): readonly string[] {
  return [
    `<details${danger === "loses" ? " open" : ""}><summary>${heading(stacks)}</summary>`,
    "",
    ...diffBlock(changeLines(changes), lines),
    "",
    "</details>",
  ];
}

function heading(stacks: readonly string[]): string {
  const which = stacks.length > NAMED_IN_HEADING ? count(stacks.length, "stack") : stacks.join(", ");
  return stacks.length === 1 ? which : `${which}, with the values of ${stacks[0] ?? ""}`;
}

function footerLines({ commit, reasons }: CommentFooter): readonly string[] {
  return [`<sub>Commit ${code(commit.slice(0, 12))}. Previewed: ${reasons.map(inline).join("; ")}.</sub>`];
}
