import { UserError } from "../../../core/user-error";
import type { Terminal } from "../cli/terminal";
import type { Foundation } from "./foundation";
import { shellWords, type CloudShell } from "./cloud-shell";
import { bootstrapSteps } from "./steps";
import type { Step } from "./step";

/** What became of one step. */
export interface StepResult {
  readonly title: string;
  readonly state: "right" | "made" | "todo" | "by hand" | "stuck";
  /** What was, or is, missing or different. */
  readonly what?: string;
  /** As someone would type them. */
  readonly commands: readonly string[];
}

/** The number of a project. @throws UserError when there is no such project, or it may not be seen */
export async function projectNumber(shell: CloudShell, project: string): Promise<string> {
  const found = (await shell.look(["projects", "describe", project, "--format=json"])) as
    { projectNumber?: string; lifecycleState?: string } | undefined;
  if (found?.projectNumber !== undefined && found.lifecycleState === "ACTIVE") return found.projectNumber;
  throw new UserError({
    what: found === undefined ? `there is no project "${project}"` : `the project "${project}" is being deleted`,
    next: `make it and give it a billing account, or name another one with "--project"`,
  });
}

/** The numbers of a repository and of its owner. @throws UserError when there is none, or it may not be seen */
export async function repositoryIds(
  shell: CloudShell,
  repository: string,
): Promise<{ repositoryId: string; ownerId: string }> {
  const found = (await shell.look(["api", `repos/${repository}`], "gh")) as
    { id?: number; owner?: { id?: number } } | undefined;
  if (found?.id !== undefined && found.owner?.id !== undefined) {
    return { repositoryId: String(found.id), ownerId: String(found.owner.id) };
  }
  throw new UserError({
    what: `GitHub knows no repository "${repository}", or it may not be seen`,
    next: `run "gh auth login" as an administrator of it, or name another one with "--repository"`,
  });
}

/**
 * Goes through the steps in their order. With `apply` what is missing or different is made so, and looked at again; what is
 * right is left alone, so that an interrupted run goes on where it was. A step that no command can do stops it.
 * @throws UserError with the first command that failed
 */
export async function runSteps(
  foundation: Foundation,
  { shell, terminal, apply }: { readonly shell: CloudShell; readonly terminal: Terminal; readonly apply: boolean },
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const step of bootstrapSteps(foundation)) {
    const result = await take(step, shell, apply);
    show(step, result, terminal);
    results.push(result);
    if (apply && result.state === "stuck") break;
  }
  return results;
}

async function take(step: Step, shell: CloudShell, apply: boolean): Promise<StepResult> {
  const { title, program } = step;
  const verdict = step.judge(await shell.look(step.look, program));
  if (verdict.kind === "right") return { title, state: "right", commands: [] };
  if (verdict.kind !== "todo") {
    return { title, state: verdict.kind, what: `${verdict.what}: ${verdict.next}`, commands: [] };
  }
  const { what } = verdict;
  const commands = verdict.commands.map((argv) => shellWords(argv, program));
  if (!apply) return { title, state: "todo", what, commands };
  for (const command of verdict.commands) await shell.apply(command, program);
  const after = step.judge(await shell.look(step.look, program));
  if (after.kind === "right") return { title, state: "made", what, commands };
  return { title, state: "stuck", what: `${after.what}, after the commands for it had run: run it again`, commands };
}

const SIGNS = { right: "ok", made: "ok", todo: "warn", "by hand": "warn", stuck: "bad" } as const;

function show({ title, why }: Step, { state, what, commands }: StepResult, terminal: Terminal): void {
  const before = state === "made" ? "made, because it " : "";
  terminal.verdict(SIGNS[state], `${title}: ${what === undefined ? "is as it should be" : `${before}${what}`}`);
  if (state === "right") return;
  terminal.print(`    ${why}`);
  commands.forEach((command) => {
    terminal.print(`    ${command}`);
  });
}
