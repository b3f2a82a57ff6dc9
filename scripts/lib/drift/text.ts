import { redact } from "../../../core/secrets";
import type { Terminal } from "../cli/terminal";
import { changeLines, type Verb } from "../fleet/change-lines";
import { code, count, diffBlock, inline } from "../fleet/markdown";
import { markerOf } from "../github/issues";
import { worstWords, type Drifted, type FleetDrift } from "./drift";
import type { Orphan, OrphanSearch } from "./orphans";

/** By this label drift's issues are found; setting it needs write access to the repository. */
export const DRIFT_LABEL = "drift";

/** A refresh speaks of what is there already. */
const verb: Verb = (operation) => (operation === "delete" ? "gone" : "changed");

/** Stands in the marker of the one issue about orphans instead of a customer; no customer can be called so. */
export const ORPHANS = "(orphans)";

export function issueTitle({ stack }: Drifted): string {
  return `Drift: ${stack} is not as its stack says`;
}

/** The issue of one customer. Lines with a minus are what the stack says, those with a plus what is there. */
export function issueBody(drift: Drifted, commit: string): string {
  const { stack, fingerprint } = drift;
  const lines = [
    markerOf(DRIFT_LABEL, { subject: stack, fingerprint }),
    `${count(drift.changes.length, "resource")} of ${code(stack)} changed outside of Pulumi: ${worstWords(drift)}.`,
    "What the stack says has a minus, what is there a plus.",
    "",
    ...diffBlock(changeLines(drift.changes, verb)),
    "",
    `To put it back: ${code(`pulumi refresh -s ${stack}`)}, then ${code(`pulumi up -s ${stack}`)}.`,
    `To keep it: write it into ${code(`customers/${stack}.yaml`)} first, then the same two commands.`,
    "",
    `<sub>Seen at commit ${code(commit.slice(0, 12))}. This issue is closed by itself once nothing differs any more.</sub>`,
  ];
  return redact(lines.join("\n"));
}

export const ORPHANS_TITLE = "Stacks that belong to no customer";

/** The one issue about orphans. */
export function orphansBody(orphans: readonly Orphan[], { fingerprint, commit }: OrphansSeen): string {
  const have = orphans.length === 1 ? "has" : "have";
  const lines = [
    markerOf(DRIFT_LABEL, { subject: ORPHANS, fingerprint }),
    `${count(orphans.length, "stack")} in the backend ${have} no file in ${code("customers/")}: no command previews, deploys or watches such a stack, and what it holds costs money.`,
    "",
    ...orphans.map((orphan) => `- ${code(orphan.stack)}, ${contents(orphan)}: ${inline(orphan.next)}`),
    "",
    "A customer whose file waits in an open pull request is named until that is merged.",
    "",
    `<sub>Seen at commit ${code(commit.slice(0, 12))}. This issue is closed by itself once each stack has its file, or is gone.</sub>`,
  ];
  return redact(lines.join("\n"));
}

interface OrphansSeen {
  readonly fingerprint: string;
  readonly commit: string;
}

function contents({ resources }: Orphan): string {
  return resources === 0 ? "empty" : count(resources, "resource");
}

/** What a run says of the whole fleet, in its summary. */
export function driftSummary(fleet: FleetDrift): string {
  const lines = [
    `## Drift: ${title(fleet)}`,
    "",
    ...fleet.failed.map(({ stack, reason }) => `- ${code(stack)} **could not be looked at**: ${inline(reason)}`),
    ...fleet.drifted.map(
      ({ stack, changes }) =>
        `- ${code(stack)}: ${changes.map(({ name, operation }) => `${code(name)} ${verb(operation)}`).join(", ")}`,
    ),
    ...orphanLines(fleet.orphans).map(({ line }) => `- ${inline(line)}`),
  ];
  return redact(lines.join("\n").trimEnd());
}

function title({ drifted, failed, inOrder, notUp }: FleetDrift): string {
  const looked = drifted.length + inOrder.length + notUp.length;
  const unseen = failed.length === 0 ? "" : `, ${failed.length} could not be looked at`;
  return `${drifted.length} of ${count(looked, "stack")}${unseen}`;
}

/** What there is to say of orphans, a line each; nothing where there are none. */
function orphanLines(search: OrphanSearch): readonly { readonly sign: "bad" | "warn"; readonly line: string }[] {
  if (search.kind === "failed") {
    return [{ sign: "bad", line: `stacks that belong to no customer could not be looked for: ${search.reason}` }];
  }
  if (search.kind === "skipped") return [];
  return search.orphans.map((orphan) => ({
    sign: orphan.resources === 0 ? "warn" : "bad",
    line: `${orphan.stack} (${contents(orphan)}) belongs to no customer: ${orphan.next}`,
  }));
}

/** Shows in a terminal what was found: the worst last, because a terminal shows its end. */
export function printDrift(fleet: FleetDrift, terminal: Terminal): void {
  if (fleet.inOrder.length > 0) terminal.verdict("ok", `in order: ${fleet.inOrder.join(", ")}`);
  if (fleet.notUp.length > 0) terminal.verdict("skip", `not up: ${fleet.notUp.join(", ")}`);
  for (const drift of [...fleet.drifted].reverse()) {
    terminal.print();
    terminal.verdict("bad", `${drift.stack} is not as its stack says: ${worstWords(drift)}`);
    changeLines(drift.changes, verb).forEach((line) => {
      terminal.print(`    ${line}`);
    });
  }
  fleet.failed.forEach(({ stack, reason }) => {
    terminal.verdict("bad", `${stack} could not be looked at: ${reason}`);
  });
  orphanLines(fleet.orphans).forEach(({ sign, line }) => {
    terminal.verdict(sign, line);
  });
}
