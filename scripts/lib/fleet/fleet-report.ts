import type { Terminal } from "../cli/terminal";
import { abandonedSentence, isPremature } from "./abandoned";
import { changeLines } from "./change-lines";
import type { FleetPreview } from "./roll-up";

/** Shows in a terminal what a fleet's preview came to: what is safe last, because a terminal shows its end. */
export function printFleet(fleet: FleetPreview, terminal: Terminal): void {
  if (fleet.unchanged.length > 0) terminal.verdict("ok", `unchanged: ${fleet.unchanged.join(", ")}`);
  for (const group of [...fleet.groups].reverse()) {
    terminal.print();
    terminal.verdict(group.danger === "loses" ? "bad" : "warn", `${group.danger}: ${group.stacks.join(", ")}`);
    changeLines(group.changes).forEach((line) => {
      terminal.print(`    ${line}`);
    });
  }
  fleet.breaches.forEach(({ rule, message, stacks }) => {
    terminal.verdict("bad", `policy ${rule}: ${message} (${stacks.join(", ")})`);
  });
  fleet.failed.forEach(({ stack, reason }) => {
    terminal.verdict("bad", `${stack} could not be previewed: ${reason}`);
  });
  fleet.abandoned.forEach((each) => {
    terminal.verdict(isPremature(each) ? "bad" : "warn", abandonedSentence(each));
  });
}
