import type { Command } from "commander";

import { loadCustomer } from "../customers/load";
import { act, type CommandContext } from "./lib/cli/command";
import { PROJECT_DIRECTORY } from "./lib/cli/open-customer";
import { deployStack, type DeployOptions } from "./lib/deploy/deploy-stack";
import { lastDeployed } from "./lib/deploy/last-deployed";
import { deploySummary, planSummary, printDeploy } from "./lib/deploy/report";
import { inWaves, matrixOutputs, wavesOf, wentWell, type Waves } from "./lib/deploy/waves";
import type { Affected } from "./lib/fleet/affected-stacks";
import { changeCommand, CUSTOMERS, reachedStacks } from "./lib/fleet/fleet-command";
import { overStacks } from "./lib/fleet/over-stacks";
import { GitHubRun } from "./lib/github/run";

interface Options {
  readonly since?: string;
  readonly jobs: number;
  readonly allowLoss?: string[];
  readonly apply: boolean;
  readonly matrix: boolean;
  readonly github: boolean;
}

/** `./stack deploy [customer…]`: what a merge runs. Test stacks first, production only when they went well. */
export function deployCommand(): Command {
  return changeCommand(
    "deploy",
    "Update stacks: test customers first, production only when those succeeded.",
    "acme --apply",
  )
    .option("--apply", "do it; without it, preview them and say what would be done", false)
    .option("--allow-loss <customers...>", "stacks that may lose data, an address or a name")
    .option("--matrix", "only print the waves, as JSON for GitHub's strategy.matrix; needs no cloud", false)
    .option(
      "--github",
      "in a run of GitHub Actions: its summary and outputs; --matrix then starts at the last deployment",
      false,
    )
    .action(act(deploy));
}

async function deploy(context: CommandContext, slugs: readonly string[], options: Options): Promise<boolean> {
  const since =
    options.since ??
    (options.matrix && options.github ? await lastDeployed(new GitHubRun(process.env).client()) : undefined);
  const affected = reachedStacks(context.terminal, { slugs, since });
  const waves = wavesOf(affected.stacks, (slug) => loadCustomer(slug, CUSTOMERS));
  return options.matrix
    ? printMatrix(context, { waves, affected }, options)
    : runWaves(context, { waves, affected }, options);
}

interface Plan {
  readonly waves: Waves;
  readonly affected: Affected;
}

function printMatrix({ terminal }: CommandContext, { waves, affected }: Plan, { github }: Options): boolean {
  const outputs = matrixOutputs(waves);
  terminal.print(JSON.stringify(waves));
  terminal.result({ ...waves, gone: affected.gone, reasons: affected.reasons });
  if (github) {
    const run = new GitHubRun(process.env);
    run.output(outputs);
    run.summarize(planSummary(waves, affected));
  }
  return true;
}

async function runWaves(
  { terminal, signal }: CommandContext,
  { waves, affected: { gone } }: Plan,
  { jobs, apply, allowLoss = [], github }: Options,
): Promise<boolean> {
  const how: DeployOptions = { signal, apply, allowLoss };
  const doing = apply ? "deploying stacks" : "previewing stacks";
  const results = await inWaves(waves, (stacks) =>
    overStacks({ directory: PROJECT_DIRECTORY, stacks, jobs, doing }, terminal, (workspace, stack) =>
      deployStack(workspace, stack, how),
    ),
  );
  printDeploy(results, gone, terminal);
  if (!apply && results.length > 0) terminal.print(`Nothing was done: "--apply" does it.`);
  if (github) new GitHubRun(process.env).summarize(deploySummary(results, gone));
  const ok = results.every(wentWell);
  terminal.result({ ok, applied: apply, results, gone });
  return ok;
}
