import { homedir } from "node:os";
import { join } from "node:path";
import type { EnsureContext } from "../ensure-options";
import { failure, isExecutable, run } from "../executables";
import type { Outcome } from "../first-usable";
import { isKept } from "./built";
import { installedVersion } from "./on-path";
import { PULUMI_VERSION, type PulumiCli } from "./pulumi-cli";

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
 * Pulumi's release, as the Automation API installs it: in `<PULUMI_HOME or ~/.pulumi>/versions/<version>`. It is downloaded where
 * neither it nor an earlier build is kept.
 */
export async function downloadedPulumi(context: EnsureContext, install = INSTALL): Promise<Outcome<PulumiCli>> {
  const { env } = context;
  const root = join(env["PULUMI_HOME"] ?? join(env["HOME"] ?? homedir(), ".pulumi"), "versions", PULUMI_VERSION);
  const directory = join(root, "bin");
  const found = {
    binary: join(directory, "pulumi"),
    version: PULUMI_VERSION,
    directory,
    origin: "downloaded",
  } as const;
  if ((await troubleOf(found.binary, env)) === undefined) return { tool: found };
  if (isKept(context)) return { reason: "no download: an earlier build is kept", noteworthy: false };
  context.say(`downloading the Pulumi CLI ${PULUMI_VERSION}`);
  const download = await run(process.execPath, ["-e", install, root], {
    env,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
    cwd: __dirname,
  });
  const trouble = download.code === 0 ? await troubleOf(found.binary, env) : failure(download);
  if (trouble === undefined) return { tool: found };
  return { reason: `the Pulumi CLI could not be downloaded: ${trouble}`, noteworthy: true };
}

async function troubleOf(binary: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (!isExecutable(binary)) return "it is not there";
  const installed = await installedVersion(binary, env);
  if ("trouble" in installed) return installed.trouble;
  return installed.text === PULUMI_VERSION ? undefined : `it says to be version ${installed.text}`;
}
