import { join } from "node:path";
import type { EnsureContext } from "../ensure-options";
import { failure, isExecutable, run } from "../executables";
import type { Outcome } from "../first-usable";
import { cached } from "../tool-cache";
import { ToolError } from "../tool-error";
import { isKept } from "./built";
import { installedVersion } from "./on-path";
import { COMPANIONS, PULUMI_VERSION, type PulumiCli } from "./pulumi-cli";

/** Pulumi's release has some 100 MB. A site that cannot be reached is given up by Node.js after 10 s. */
const DOWNLOAD_TIMEOUT_MS = 300_000;

/** The Automation API's own way to install the CLI of the SDK's version. It has no limit for all of its time, so it is a process of its own. */
const INSTALL = `
require("@pulumi/pulumi/automation").PulumiCommand.install({ root: process.argv[1] }).catch((error) => {
  process.stderr.write(error.message);
  process.exitCode = 1;
});
`;

/**
 * Pulumi's release, as the Automation API installs it, kept in the cache: downloaded where neither it nor an earlier build is kept.
 */
export async function downloadedPulumi(context: EnsureContext, install = INSTALL): Promise<Outcome<PulumiCli>> {
  const name = `pulumi-${PULUMI_VERSION}-release`;
  if (!isWhole(join(context.cacheDirectory, name)) && isKept(context)) {
    return { reason: "no download: an earlier build is kept", noteworthy: false };
  }
  try {
    const root = await cached({
      cacheDirectory: context.cacheDirectory,
      name,
      isWhole,
      fill: (directory) => download(directory, install, context),
      onWait: (pid, seconds) => {
        context.say(`waiting for process ${pid}, which downloads the Pulumi CLI: ${seconds} s`, true);
      },
    });
    const directory = join(root, "bin");
    return { tool: { binary: join(directory, "pulumi"), version: PULUMI_VERSION, directory, origin: "downloaded" } };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { reason: error.what, noteworthy: true };
  }
}

function isWhole(root: string): boolean {
  return ["pulumi", ...COMPANIONS].every((program) => isExecutable(join(root, "bin", program)));
}

/** @throws ToolError when nothing came that works */
async function download(root: string, install: string, { env, say }: EnsureContext): Promise<void> {
  say(`downloading the Pulumi CLI ${PULUMI_VERSION}`);
  const options = { env, timeoutMs: DOWNLOAD_TIMEOUT_MS, cwd: __dirname };
  const ended = await run(process.execPath, ["-e", install, root], options);
  const trouble = ended.code === 0 ? await troubleOf(root, env) : failure(ended);
  if (trouble === undefined) return;
  throw new ToolError(`the Pulumi CLI could not be downloaded: ${trouble}`, "look at the network and try again");
}

async function troubleOf(root: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const installed = await installedVersion(join(root, "bin", "pulumi"), env);
  if ("trouble" in installed) return installed.trouble;
  if (installed.text !== PULUMI_VERSION) return `it says to be version ${installed.text}`;
  return isWhole(root) ? undefined : `it lacks ${COMPANIONS.join(" or ")}`;
}
