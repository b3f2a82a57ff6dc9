import type { Terminal } from "../cli/terminal";
import type { Layout, Member, NextStep, Sighting } from "./plan";

/** Shows waves, who is in them and how they are, who is left out, and what comes next. */
export function printRollout(
  layout: Layout,
  { image, step, seen }: { image: string; step: NextStep; seen: ReadonlyMap<string, Sighting> },
  terminal: Terminal,
): void {
  layout.waves.forEach(({ title, members }, index) => {
    terminal.print(`wave ${index + 1}, ${title}`);
    members.forEach((member) => {
      terminal.verdict(...memberLine(member, image, seen.get(member.slug)));
    });
  });
  if (layout.skipped.length > 0) terminal.print("left out");
  layout.skipped.forEach(({ slug, because }) => {
    terminal.verdict("skip", `${slug}: ${because}`);
  });
  terminal.print();
  if (step.kind === "done") terminal.verdict("ok", `everyone has "${image}"`);
  if (step.kind === "halt") terminal.verdict("bad", `halted: ${haltLine(step)}`);
}

function memberLine(
  { slug, tag }: Member,
  image: string,
  sighting: Sighting | undefined,
): readonly ["ok" | "warn" | "bad" | "skip", string] {
  if (tag !== image) return ["skip", `${slug}: "${tag}", gets "${image}"`];
  if (sighting === undefined) return ["skip", `${slug}: its file has "${image}"`];
  if (sighting.kind === "healthy") return ["ok", `${slug}: runs "${image}"`];
  return [sighting.kind === "behind" ? "warn" : "bad", `${slug}: its file has "${image}", ${sighting.reason}`];
}

function haltLine({ wave, because }: Extract<NextStep, { kind: "halt" }>): string {
  const reasons = because.map(({ slug, because: reason }) => `${slug}: ${reason}`).join("; ");
  return `wave ${wave} has to be deployed and healthy first (${reasons})`;
}
