import { UserError } from "../../../components/shared/user-error";
import type { Terminal } from "../cli/terminal";
import type { Foundation } from "./foundation";
import { shellWords, type Gcloud } from "./gcloud";
import { bootstrapSteps } from "./steps";
import type { Argv, Step } from "./step";

/** What became of one step. */
export interface StepResult {
  readonly title: string;
  readonly state: "right" | "made" | "todo" | "stuck";
  /** What was, or is, missing or different. */
  readonly what?: string;
  /** As somebody would type them. */
  readonly commands: readonly string[];
}

/** The number of a project. @throws UserError when there is no such project, or it may not be seen */
export async function projectNumber(gcloud: Gcloud, project: string): Promise<string> {
  const found = (await gcloud.look(["projects", "describe", project, "--format=json"])) as
    { projectNumber?: string; lifecycleState?: string } | undefined;
  if (found?.projectNumber !== undefined && found.lifecycleState === "ACTIVE") return found.projectNumber;
  throw new UserError({
    what: found === undefined ? `there is no project "${project}"` : `the project "${project}" is being deleted`,
    next: `make it and give it a billing account, or name another one with "--project"`,
  });
}

/**
 * Goes through the steps in their order. With `apply` what is missing or different is made so, and looked at again; what is
 * right is left alone, so that an interrupted run goes on where it was. A step that no command mends stops it.
 * @throws UserError with the first command that failed
 */
export async function runSteps(
  foundation: Foundation,
  { gcloud, terminal, apply }: { readonly gcloud: Gcloud; readonly terminal: Terminal; readonly apply: boolean },
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const step of bootstrapSteps(foundation)) {
    const result = await take(step, gcloud, apply);
    show(step, result, terminal);
    results.push(result);
    if (apply && result.state === "stuck") break;
  }
  return results;
}

async function take(step: Step, gcloud: Gcloud, apply: boolean): Promise<StepResult> {
  const { title } = step;
  const verdict = step.judge(await gcloud.look(step.look));
  if (verdict.kind === "right") return { title, state: "right", commands: [] };
  if (verdict.kind === "stuck")
    return { title, state: "stuck", what: `${verdict.what}: ${verdict.next}`, commands: [] };
  const { what } = verdict;
  const commands = verdict.commands.map(shellWords);
  if (!apply) return { title, state: "todo", what, commands };
  await applyAll(verdict.commands, gcloud);
  const after = step.judge(await gcloud.look(step.look));
  if (after.kind === "right") return { title, state: "made", what, commands };
  return { title, state: "stuck", what: `${after.what}, after the commands for it had run: run it again`, commands };
}

async function applyAll(commands: readonly Argv[], gcloud: Gcloud): Promise<void> {
  for (const command of commands) await gcloud.apply(command);
}

const SIGNS = { right: "ok", made: "ok", todo: "warn", stuck: "bad" } as const;

function show({ title, why }: Step, { state, what, commands }: StepResult, terminal: Terminal): void {
  const before = state === "made" ? "made, because it " : "";
  terminal.verdict(SIGNS[state], `${title}: ${what === undefined ? "is as it should be" : `${before}${what}`}`);
  if (state === "right") return;
  terminal.print(`    ${why}`);
  commands.forEach((command) => {
    terminal.print(`    ${command}`);
  });
}
