import type { Command } from "commander";

import { act, operatorCommand, type CommandContext } from "./lib/cli/command";
import type { Terminal } from "./lib/cli/terminal";
import {
  defaultBucket,
  githubVariables,
  refuseNames,
  secretsProvider,
  type Foundation,
} from "./lib/bootstrap/foundation";
import { Gcloud } from "./lib/bootstrap/gcloud";
import { projectNumber, runSteps } from "./lib/bootstrap/run";

interface Options {
  readonly project: string;
  readonly location: string;
  readonly repository: string;
  readonly bucket?: string;
  readonly customerProject?: string[];
  readonly apply: boolean;
}

/** `stack bootstrap`: what has to exist before the first stack. Says it, does it when told to, and looks whether it is so. */
export function bootstrapCommand(): Command {
  return operatorCommand(
    "bootstrap",
    "state bucket, key, federation and roles: what has to exist before the first stack",
  )
    .requiredOption("--project <id>", "Google Cloud project of state, key and federation; not a customer's")
    .requiredOption("--location <region>", "where bucket and key are, for example europe-west3")
    .requiredOption("--repository <owner/name>", "this repository at GitHub: nobody else's runs get in")
    .option("--bucket <name>", "the state bucket; without it <project>-pulumi-state")
    .option("--customer-project <ids...>", "customers' projects, in which the roles are given; again for each new one")
    .option("--apply", "do it; without it, say what would be done, and with which commands", false)
    .action(act(bootstrap));
}

async function bootstrap({ terminal, signal }: CommandContext, options: Options): Promise<boolean> {
  const { project, location, repository, apply, customerProject: customerProjects = [] } = options;
  const names = { project, location, repository, customerProjects, bucket: options.bucket ?? defaultBucket(project) };
  refuseNames(names);
  const gcloud = new Gcloud({ environment: process.env, signal });
  const foundation: Foundation = { ...names, projectNumber: await projectNumber(gcloud, project) };
  const results = await runSteps(foundation, { gcloud, terminal, apply });
  const todo = results.filter(({ state }) => state === "todo").length;
  const ok = results.every(({ state }) => state === "right" || state === "made");
  if (ok) explain(foundation, terminal);
  else if (todo > 0) terminal.print(`\nNothing was done: "--apply" does these ${todo} steps.`);
  const next = { variables: githubVariables(foundation), secretsProvider: secretsProvider(foundation) };
  terminal.result({ ok, applied: apply, steps: results, ...next });
  return ok || (!apply && results.every(({ state }) => state !== "stuck"));
}

function explain(foundation: Foundation, terminal: Terminal): void {
  terminal.print();
  terminal.print("At GitHub, under Settings > Secrets and variables > Actions > Variables. None of them is a secret:");
  for (const [name, value] of Object.entries(githubVariables(foundation))) terminal.print(`    ${name} = ${value}`);
  terminal.print(
    `Under Settings > Environments "test" and "production": only the branch main; reviewers for "production".`,
  );
  terminal.print("On this machine:");
  terminal.print(`    pulumi login gs://${foundation.bucket}`);
  terminal.print(`    npm run intake -- <slug> --secrets-provider "${secretsProvider(foundation)}"`);
  if (foundation.customerProjects.length === 0) {
    terminal.print(`No customer's project was named: "--customer-project <id>" gives the roles in one.`);
  }
}
