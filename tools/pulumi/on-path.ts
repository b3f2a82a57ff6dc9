import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EnsureContext } from "../ensure-options";
import { failure, findOnPath, isExecutable, run } from "../executables";
import type { Outcome } from "../first-usable";
import { formatVersion, isCompatible, parseVersion } from "../version";
import { COMPANIONS, PULUMI_VERSION, type PulumiCli } from "./pulumi-cli";

const ANSWER_TIMEOUT_MS = 30_000;

/** Looks for `pulumi` on PATH: the pinned version or a newer 3.x, with its companions beside it or on PATH too. */
export async function pathPulumi(context: EnsureContext): Promise<Outcome<PulumiCli>> {
  const binary = findOnPath("pulumi", context.env);
  if (binary === undefined) {
    return { reason: "pulumi is not on PATH", noteworthy: false };
  }
  const version = await installedVersion(binary, context.env);
  if ("trouble" in version) {
    return { reason: `"${binary}" does not work: ${version.trouble}`, noteworthy: true };
  }
  if (!version.compatible) {
    return { reason: `"${binary}" is version ${version.text}, not ${PULUMI_VERSION} or a newer 3.x`, noteworthy: true };
  }
  // A package manager's link stands apart from the distribution's other programs.
  const home = dirname(realpathSync(binary));
  const missing = COMPANIONS.filter(
    (name) => !isExecutable(join(home, name)) && findOnPath(name, context.env) === undefined,
  );
  if (missing.length > 0) {
    return { reason: `"${binary}" lacks ${missing.join(" and ")}, which belong beside it`, noteworthy: true };
  }
  return { tool: { binary, version: version.text, directory: dirname(binary), origin: "path" } };
}

/** Asks a `pulumi` for its version. */
export async function installedVersion(
  binary: string,
  env: NodeJS.ProcessEnv,
): Promise<{ text: string; compatible: boolean } | { trouble: string }> {
  const answer = await run(binary, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeoutMs: ANSWER_TIMEOUT_MS,
  });
  const version = parseVersion(answer.stdout);
  const pinned = parseVersion(PULUMI_VERSION);
  if (answer.code !== 0 || version === undefined || pinned === undefined) {
    return { trouble: answer.code === 0 ? "it does not say its version" : failure(answer) };
  }
  return { text: formatVersion(version), compatible: isCompatible(version, pinned) };
}
