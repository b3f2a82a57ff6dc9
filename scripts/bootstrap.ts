import type { Command } from "commander";

import { act, operatorCommand, type CommandContext } from "./lib/cli/command";
import type { Terminal } from "./lib/cli/terminal";
import {
  defaultBucket,
  githubVariables,
  refuseNames,
  secretsProvider,
  WAVES,
  type Foundation,
  type GithubVariable,
} from "./lib/bootstrap/foundation";
import { CloudShell } from "./lib/bootstrap/cloud-shell";
import { projectNumber, repositoryIds, runSteps } from "./lib/bootstrap/run";

interface Options {
  readonly project: string;
  readonly location: string;
  readonly repository: string;
  readonly bucket?: string;
  readonly customerProject?: string[];
  readonly testProject?: string[];
  readonly apply: boolean;
}

/** `./stack bootstrap`: what has to exist before the first stack. Says it, does it when told to, and looks whether it is so. */
export function bootstrapCommand(): Command {
  return operatorCommand(
    "bootstrap",
    "Create what has to exist before the first stack: state bucket, KMS key, federation and roles.",
    "--project agency-platform --location europe-west3 --repository agency/erpnext",
  )
    .requiredOption("--project <id>", "Google Cloud project of state, key and federation; not a customer's")
    .requiredOption("--location <region>", "where bucket and key are, for example europe-west3")
    .requiredOption("--repository <owner/name>", "this repository at GitHub: no other repository's runs get in")
    .option("--bucket <name>", "the state bucket; without it <project>-pulumi-state")
    .option(
      "--customer-project <ids...>",
      "production customers' projects, in which the roles are given; again for each new one",
    )
    .option("--test-project <ids...>", "the same of test customers")
    .option("--apply", "do it; without it, say what would be done, and with which commands", false)
    .action(act(bootstrap));
}

async function bootstrap({ terminal, signal }: CommandContext, options: Options): Promise<boolean> {
  const { project, location, repository, apply } = options;
  const customerProjects = { test: options.testProject ?? [], production: options.customerProject ?? [] };
  const names = { project, location, repository, customerProjects, bucket: options.bucket ?? defaultBucket(project) };
  refuseNames(names);
  const shell = new CloudShell({ environment: process.env, signal });
  const foundation: Foundation = {
    ...names,
    projectNumber: await projectNumber(shell, project),
    ...(await repositoryIds(shell, repository)),
  };
  const results = await runSteps(foundation, { shell, terminal, apply });
  const todo = results.filter(({ state }) => state === "todo").length;
  const ok = results.every(({ state }) => state === "right" || state === "made");
  if (ok) explain(foundation, terminal);
  else if (todo > 0) terminal.print(`\nNothing was done: "--apply" does these ${todo} steps.`);
  const providers = Object.fromEntries(WAVES.map((wave) => [wave, secretsProvider(foundation, wave)]));
  const next = { variables: githubVariables(foundation), secretsProviders: providers };
  terminal.result({ ok, applied: apply, steps: results, ...next });
  return ok || (!apply && results.every(({ state }) => state !== "stuck"));
}

function explain(foundation: Foundation, terminal: Terminal): void {
  terminal.print();
  terminal.print("At GitHub, the variables of Actions. None of them is a secret:");
  for (const variable of githubVariables(foundation)) terminal.print(`    ${setCommand(variable, foundation)}`);
  terminal.print("On this machine:");
  terminal.print(`    pulumi login gs://${foundation.bucket}`);
  for (const wave of WAVES) {
    terminal.print(`    ./stack intake <slug> --secrets-provider "${secretsProvider(foundation, wave)}"   # ${wave}`);
  }
  if (WAVES.every((wave) => foundation.customerProjects[wave].length === 0)) {
    terminal.print(
      `No customer's project was named: "--customer-project <id>" or "--test-project <id>" gives the roles in one.`,
    );
  }
}

function setCommand({ name, value, environment }: GithubVariable, { repository }: Foundation): string {
  const of = environment === undefined ? "" : ` --env ${environment}`;
  return `gh variable set ${name} --repo ${repository}${of} --body ${value}`;
}
