import { redact } from "../../../components/shared/redact";
import type { Terminal } from "../cli/terminal";
import { changeLines, type Verb } from "../fleet/change-lines";
import { code, count, diffBlock, inline } from "../fleet/markdown";
import { worstWords, type Drifted, type FleetDrift } from "./drift";

/** By this label drift's issues are found: whoever may not write to the repository cannot set it. */
export const DRIFT_LABEL = "drift";

/** A refresh speaks of what is there already. */
const verb: Verb = (operation) => (operation === "delete" ? "gone" : "changed");

/** The first line of an issue's body: whose it is, and which drift it is about. */
export function markerOf({ stack, fingerprint }: Pick<Drifted, "stack" | "fingerprint">): string {
  return `<!-- erpnext-drift: ${stack} ${fingerprint} -->`;
}

const MARKER = /^<!-- erpnext-drift: ([a-z0-9-]+) ([0-9a-f]{16}) -->/;

/** Reads the marker back; undefined where the body has none. */
export function readMarker(body: string): Pick<Drifted, "stack" | "fingerprint"> | undefined {
  const [, stack, fingerprint] = MARKER.exec(body) ?? [];
  return stack === undefined || fingerprint === undefined ? undefined : { stack, fingerprint };
}

export function issueTitle({ stack }: Drifted): string {
  return `Drift: ${stack} is not as its stack says`;
}

/** The issue of one customer. Lines with a minus are what the stack says, those with a plus what is there. */
export function issueBody(drift: Drifted, commit: string): string {
  const { stack } = drift;
  const lines = [
    markerOf(drift),
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
  ];
  return redact(lines.join("\n").trimEnd());
}

function title({ drifted, failed, inOrder, notUp }: FleetDrift): string {
  const looked = drifted.length + inOrder.length + notUp.length;
  const unseen = failed.length === 0 ? "" : `, ${failed.length} could not be looked at`;
  return `${drifted.length} of ${count(looked, "stack")}${unseen}`;
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
}
