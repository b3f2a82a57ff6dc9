import { join } from "node:path";
import { failure, run } from "../executables";
import { requiredVersion } from "../go-build";
import { formatVersion, isCompatible, parseVersion } from "../version";

/** The module whose go.mod and go.sum pin actionlint. */
export const ACTIONLINT_MODULE = join(__dirname, "module");

/** The pinned version, without a leading v. An older one does not know everything that the workflows use. */
export const ACTIONLINT_VERSION = requiredVersion(ACTIONLINT_MODULE, "github.com/rhysd/actionlint");

export interface Actionlint {
  /** Absolute path of the `actionlint` executable. */
  readonly binary: string;
  /** As in `1.7.12`. */
  readonly version: string;
  /** Absolute path of the directory that holds the binary; to be put first on PATH of what starts it. */
  readonly directory: string;
  readonly origin: "path" | "built";
}

const ANSWER_TIMEOUT_MS = 30_000;

/** Asks an `actionlint` for its version, which is its first line. */
export async function actionlintVersion(
  binary: string,
  env: NodeJS.ProcessEnv,
): Promise<{ text: string; compatible: boolean } | { trouble: string }> {
  const answer = await run(binary, ["-version"], { env, timeoutMs: ANSWER_TIMEOUT_MS });
  const version = parseVersion(answer.stdout.split("\n")[0] ?? "");
  const least = parseVersion(ACTIONLINT_VERSION);
  if (answer.code !== 0 || version === undefined || least === undefined) {
    return { trouble: answer.code === 0 ? "it does not say its version" : failure(answer) };
  }
  return { text: formatVersion(version), compatible: isCompatible(version, least) };
}
