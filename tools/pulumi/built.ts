import { chmodSync, copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EnsureContext } from "../ensure-options";
import { failure, isExecutable, run } from "../executables";
import type { Outcome } from "../first-usable";
import { findGo, fingerprint, goBuild, type GoProgram } from "../go-build";
import { ToolError } from "../tool-error";
import { cached } from "../tool-cache";
import { installedVersion } from "./on-path";
import { CLI_MODULE, COMPANIONS, LANGUAGE_HOST_MODULE, PULUMI_VERSION, type PulumiCli } from "./pulumi-cli";

const CLI: GoProgram = {
  title: `the Pulumi CLI ${PULUMI_VERSION}`,
  module: CLI_MODULE,
  packagePath: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${PULUMI_VERSION}` },
};

const LANGUAGE_HOST: GoProgram = {
  title: "Pulumi's language host for Node.js",
  module: LANGUAGE_HOST_MODULE,
  packagePath: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
};

/** The directory of an entry that goes on PATH. What is not to be taken for a plugin is kept out of it. */
const PUBLIC = "bin";
const [LANGUAGE_HOST_NAME, LAUNCHER_NAME] = COMPANIONS;
/** The language host itself, which the wrapper of the same name starts. */
const LANGUAGE_HOST_BINARY = join("lib", LANGUAGE_HOST_NAME);
const WRAPPER = join(__dirname, "language-host", "wrapper.sh");
const LAUNCHER = require.resolve(`@pulumi/pulumi/${LAUNCHER_NAME}`);
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * Builds the CLI and the Node.js language host from Go modules, puts the launcher of dynamic providers beside them and keeps all of it.
 * @throws ToolError when Go is missing or too old, or when the build or its result fails
 */
export async function builtPulumi(context: EnsureContext): Promise<Outcome<PulumiCli>> {
  const entry = await cached({
    cacheDirectory: context.cacheDirectory,
    name: entryName(),
    isWhole,
    fill: (directory) => fill(directory, context),
    onWait: (pid, seconds) => {
      context.say(`waiting for process ${pid}, which builds ${CLI.title}: ${seconds} s`, true);
    },
  });
  const directory = join(entry, PUBLIC);
  return { tool: { binary: join(directory, "pulumi"), version: PULUMI_VERSION, directory, origin: "built" } };
}

/** Whether an earlier build is kept. */
export function isKept({ cacheDirectory }: EnsureContext): boolean {
  return isWhole(join(cacheDirectory, entryName()));
}

function entryName(): string {
  const ingredients = [WRAPPER, LAUNCHER].map((path) => readFileSync(path, "utf8"));
  return `pulumi-${PULUMI_VERSION}-${fingerprint([CLI, LANGUAGE_HOST], ingredients)}`;
}

function isWhole(directory: string): boolean {
  const names = [...["pulumi", ...COMPANIONS].map((name) => join(PUBLIC, name)), LANGUAGE_HOST_BINARY];
  return names.every((name) => isExecutable(join(directory, name)));
}

async function fill(directory: string, context: EnsureContext): Promise<void> {
  const build = { go: await findGo([CLI, LANGUAGE_HOST], context.env), context };
  for (const name of [PUBLIC, "lib"]) {
    mkdirSync(join(directory, name));
  }
  await goBuild(LANGUAGE_HOST, join(directory, LANGUAGE_HOST_BINARY), build);
  place(WRAPPER, join(directory, PUBLIC, LANGUAGE_HOST_NAME));
  place(LAUNCHER, join(directory, PUBLIC, LAUNCHER_NAME));
  await goBuild(CLI, join(directory, PUBLIC, "pulumi"), build);
  await prove(directory, context.env);
}

function place(source: string, target: string): void {
  copyFileSync(source, target);
  chmodSync(target, 0o755);
}

/** Runs what was built, so that an entry of the cache is known to work on this machine. */
async function prove(directory: string, env: NodeJS.ProcessEnv): Promise<void> {
  const again = "try again, and report it with this output if it happens again";
  const version = await installedVersion(join(directory, PUBLIC, "pulumi"), env);
  if ("trouble" in version) {
    throw new ToolError(`${CLI.title} was built but does not work: ${version.trouble}`, again);
  }
  if (version.text !== PULUMI_VERSION) {
    throw new ToolError(`${CLI.title} was built but says to be version ${version.text}`, again);
  }
  const host = await run(join(directory, PUBLIC, LANGUAGE_HOST_NAME), ["-help"], { env, timeoutMs: ANSWER_TIMEOUT_MS });
  if (host.code !== 0 || !host.stderr.includes("-nodeargs")) {
    throw new ToolError(`${LANGUAGE_HOST.title} was built but does not work: ${failure(host)}`, again);
  }
}
