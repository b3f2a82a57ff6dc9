import { redact } from "../../../core/secrets";
import type { Terminal } from "../cli/terminal";
import { code, count, inline } from "../fleet/markdown";
import { wentWell, type StackDeploy, type Waves } from "./waves";

/** A customer whose file is gone, while the stack may still be up. */
export function goneSentence(slug: string): string {
  return `customers/${slug}.yaml is gone and nothing was destroyed: if its stack is still up ("./stack drift" says so), put the file back and run "./stack teardown ${slug} --apply"`;
}

/** What became of one stack, in one line. */
export function deployLine(each: StackDeploy): string {
  switch (each.kind) {
    case "deployed":
      return `${each.stack} deployed, ${count(each.changes, "change")}`;
    case "planned":
      return `${each.stack} would get ${count(each.changes, "change")}`;
    case "refused":
      return `${each.stack} refused: ${each.reason}`;
    case "halted":
      return `${each.stack} ${each.reason}`;
    case "failed":
      return `${each.stack} failed: ${each.reason}`;
  }
}

export function printDeploy(results: readonly StackDeploy[], gone: readonly string[], terminal: Terminal): void {
  results.forEach((each) => {
    terminal.verdict(wentWell(each) ? "ok" : each.kind === "halted" ? "skip" : "bad", deployLine(each));
  });
  gone.forEach((slug) => {
    terminal.verdict("warn", goneSentence(slug));
  });
}

/** What a run says of its stacks, in its summary. */
export function deploySummary(results: readonly StackDeploy[], gone: readonly string[]): string {
  const lines = [...results.map(deployLine), ...gone.map(goneSentence)];
  return redact(["## Deploy", "", ...lines.map((line) => `- ${inline(line)}`)].join("\n"));
}

/** What a run is going to deploy, and why. */
export function planSummary(
  waves: Waves,
  { reasons, gone }: { reasons: readonly string[]; gone: readonly string[] },
): string {
  const wave = (name: keyof Waves): string =>
    `- ${name}: ${waves[name].length === 0 ? "none" : waves[name].map(code).join(", ")}`;
  const lines = [wave("test"), wave("production"), ...gone.map((slug) => `- ${inline(goneSentence(slug))}`)];
  return redact(["## To deploy", "", ...lines, "", `<sub>${reasons.map(inline).join("; ")}.</sub>`].join("\n"));
}
