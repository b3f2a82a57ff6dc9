import { join } from "node:path";
import { failure, run } from "../executables";
import { requiredVersion } from "../go-build";
import { formatVersion, isCompatible, parseVersion } from "../version";

/** The module whose go.mod and go.sum pin Docker Compose. */
export const COMPOSE_MODULE = join(__dirname, "module");

/** The pinned version, without a leading v. */
export const COMPOSE_VERSION = requiredVersion(COMPOSE_MODULE, "github.com/docker/compose/v2");

/** The first whose `!reset` takes a value away that another file gave. */
export const LEAST_COMPOSE_VERSION = "2.24.0";

export interface Compose {
  /** What to run: `docker-compose` by itself, or `docker` with its plugin. */
  readonly command: readonly [binary: string, ...arguments_: string[]];
  /** Absolute path of the executable. */
  readonly binary: string;
  /** As in `2.40.3`. */
  readonly version: string;
  /** Absolute path of the directory that holds the binary; to be put first on PATH of what starts it. */
  readonly directory: string;
  readonly origin: "path" | "built";
}

const ANSWER_TIMEOUT_MS = 30_000;

/** Asks a Compose for its version. */
export async function composeVersion(
  [binary, ...first]: Compose["command"],
  env: NodeJS.ProcessEnv,
): Promise<{ text: string; compatible: boolean } | { trouble: string }> {
  const answer = await run(binary, [...first, "version", "--short"], { env, timeoutMs: ANSWER_TIMEOUT_MS });
  const version = parseVersion(answer.stdout);
  const least = parseVersion(LEAST_COMPOSE_VERSION);
  if (answer.code !== 0 || version === undefined || least === undefined) {
    return { trouble: answer.code === 0 ? "it does not say its version" : failure(answer) };
  }
  return { text: formatVersion(version), compatible: isCompatible(version, least) };
}
