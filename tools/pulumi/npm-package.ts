import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { EnsureContext } from "../ensure-options";
import { failure, isExecutable, run } from "../executables";
import type { Outcome } from "../first-usable";
import { installedVersion } from "./on-path";
import { PULUMI_VERSION, type PulumiCli } from "./pulumi-cli";

/** The package downloads the CLI the first time it is run, from a site that is not in reach everywhere. */
const DOWNLOAD_TIMEOUT_MS = 180_000;

/**
 * Looks for the official npm package `pulumi` at the pinned version. It keeps the CLI it downloads in
 * `<PULUMI_HOME or ~/.pulumi>/versions/<version>/bin` (the package's README, "Cache location").
 * @param packageJson the package's manifest, where it is installed
 */
export async function npmPulumi(context: EnsureContext, packageJson: string | undefined): Promise<Outcome<PulumiCli>> {
  if (packageJson === undefined) {
    return { reason: 'the npm package "pulumi" is not installed', noteworthy: false };
  }
  const { version } = JSON.parse(readFileSync(packageJson, "utf8")) as { version: string };
  if (version !== PULUMI_VERSION) {
    return { reason: `the npm package "pulumi" is version ${version}, not ${PULUMI_VERSION}`, noteworthy: true };
  }
  const { env } = context;
  const home = env["PULUMI_HOME"] ?? join(env["HOME"] ?? homedir(), ".pulumi");
  const directory = join(home, "versions", PULUMI_VERSION, "bin");
  const binary = join(directory, "pulumi");
  if (!isExecutable(binary)) {
    context.say(`the npm package "pulumi" downloads the Pulumi CLI ${PULUMI_VERSION}`);
    const launcher = join(dirname(packageJson), "run.js");
    const download = await run(process.execPath, [launcher, "version"], { env, timeoutMs: DOWNLOAD_TIMEOUT_MS });
    if (download.code !== 0 || !isExecutable(binary)) {
      return { reason: `the npm package "pulumi" could not download the CLI: ${failure(download)}`, noteworthy: true };
    }
  }
  const installed = await installedVersion(binary, env);
  if ("trouble" in installed || installed.text !== PULUMI_VERSION) {
    const trouble = "trouble" in installed ? installed.trouble : `it says to be version ${installed.text}`;
    return { reason: `the CLI of the npm package "pulumi" does not work: ${trouble}`, noteworthy: true };
  }
  return { tool: { binary, version: PULUMI_VERSION, directory, origin: "npm" } };
}

/** The manifest of the package that this project would load, if there is one. */
export function resolveNpmPackage(): string | undefined {
  try {
    return require.resolve("pulumi/package.json");
  } catch {
    return undefined;
  }
}
