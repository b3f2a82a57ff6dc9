import { writeFileSync } from "node:fs";

import type { Command } from "commander";

import { act, type CommandContext } from "./lib/cli/command";
import { PROJECT_DIRECTORY } from "./lib/cli/open-customer";
import type { Terminal } from "./lib/cli/terminal";
import { abandonedAmong } from "./lib/fleet/abandoned";
import type { Affected } from "./lib/fleet/affected-stacks";
import { listBackend } from "./lib/fleet/backend-stacks";
import { headCommit } from "./lib/fleet/choose-stacks";
import { COMMENT_MARKER, renderAffected, renderComment } from "./lib/fleet/comment";
import { changeCommand, CUSTOMERS, reachedStacks } from "./lib/fleet/fleet-command";
import { printFleet } from "./lib/fleet/fleet-report";
import { ownWords } from "./lib/fleet/own-words";
import { overStacks } from "./lib/fleet/over-stacks";
import { previewStack } from "./lib/fleet/preview-stack";
import { isRed, rollUp } from "./lib/fleet/roll-up";
import { GitHubRun } from "./lib/github/run";
import { stickComment } from "./lib/github/sticky-comment";

interface PreviewCommandOptions {
  readonly since?: string;
  readonly jobs: number;
  readonly refresh: boolean;
  readonly comment?: string;
  readonly github: boolean;
  readonly list: boolean;
}

/** `./stack preview [customer…]`: what would change in many stacks at once, the dangerous first. Writes nothing anywhere. */
export function previewCommand(): Command {
  return changeCommand(
    "preview",
    "Preview many stacks at once, and show the dangerous changes first; writes nothing.",
    "--since origin/main",
  )
    .option("--refresh", "ask every provider what is really there, so that drift shows", false)
    .option("--list", "only say which stacks, and why; needs no cloud", false)
    .option("--comment <file>", "write the comment for the pull request into this file")
    .option("--github", "in a run of GitHub Actions: the pull request's one comment, and the run's summary", false)
    .action(act(preview));
}

async function preview(
  { terminal, signal }: CommandContext,
  slugs: readonly string[],
  options: PreviewCommandOptions,
): Promise<boolean> {
  const affected = reachedStacks(terminal, { slugs, since: options.since });
  if (options.list) return list(affected, options, terminal);
  const { stacks, gone } = affected;
  const { jobs, refresh } = options;
  const run = { directory: PROJECT_DIRECTORY, stacks, jobs, refresh, signal };
  const previews = await overStacks({ ...run, doing: "previewing stacks" }, terminal, (workspace, stack) =>
    previewStack(workspace, stack, run),
  );
  const abandoned = gone.length === 0 ? [] : abandonedAmong(gone, await listBackend(PROJECT_DIRECTORY));
  const fleet = rollUp(previews, (slug) => ownWords(slug, CUSTOMERS), abandoned);
  printFleet(fleet, terminal);
  terminal.result({ ...affected, ...fleet, red: isRed(fleet) });
  if (options.comment !== undefined || options.github) {
    const comment = renderComment(fleet, { ...affected, commit: headCommit(PROJECT_DIRECTORY) });
    if (options.comment !== undefined) writeFileSync(options.comment, `${comment}\n`);
    if (options.github) await publish(comment, terminal);
  }
  return !isRed(fleet);
}

/** For a pull request from a fork, whose code gets no identity that could look at a stack. */
function list(affected: Affected, { github }: PreviewCommandOptions, terminal: Terminal): boolean {
  affected.stacks.forEach((stack) => {
    terminal.print(stack);
  });
  terminal.result(affected);
  if (github) new GitHubRun(process.env).summarize(renderAffected(affected));
  return true;
}

/** A pull request from a fork has no token that may write: there the run's summary has to do. */
async function publish(comment: string, terminal: Terminal): Promise<void> {
  const run = new GitHubRun(process.env);
  run.summarize(comment);
  const { pullRequest } = run;
  if (pullRequest === undefined || pullRequest.fork) {
    terminal.say(`no comment, because this is ${pullRequest === undefined ? "no pull request" : "one from a fork"}`);
    return;
  }
  const { number } = pullRequest;
  const stuck = await stickComment(run.client(), { pullRequest: number, marker: COMMENT_MARKER, body: comment });
  terminal.say(`the comment of pull request #${number} is ${stuck}`);
}
