import { join } from "node:path";
import { requiredVersion } from "../go-build";
import { failure, run } from "../executables";
import { formatVersion, isCompatible, parseVersion } from "../version";

/** The module whose go.mod and go.sum pin Caddy. */
export const CADDY_MODULE = join(__dirname, "module");

/** The pinned version, without a leading v. */
export const CADDY_VERSION = requiredVersion(CADDY_MODULE, "github.com/caddyserver/caddy/v2");

/** The one of Debian 12; the Caddyfile of host/ is written to run under it. */
export const LEAST_CADDY_VERSION = "2.6.2";

export interface Caddy {
  /** Absolute path of the `caddy` executable. */
  readonly binary: string;
  /** As in `2.11.4`. */
  readonly version: string;
  /** Absolute path of the directory that holds the binary; to be put first on PATH of what starts it. */
  readonly directory: string;
  readonly origin: "path" | "downloaded" | "built";
}

const ANSWER_TIMEOUT_MS = 30_000;

/** Asks a `caddy` for its version, which it prints as `v2.11.4 h1:…` or, as Debian's, `2.6.2`. */
export async function caddyVersion(
  binary: string,
  env: NodeJS.ProcessEnv,
): Promise<{ text: string; compatible: boolean } | { trouble: string }> {
  const answer = await run(binary, ["version"], { env, timeoutMs: ANSWER_TIMEOUT_MS });
  const version = parseVersion(answer.stdout);
  const least = parseVersion(LEAST_CADDY_VERSION);
  if (answer.code !== 0 || version === undefined || least === undefined) {
    return { trouble: answer.code === 0 ? "it does not say its version" : failure(answer) };
  }
  return { text: formatVersion(version), compatible: isCompatible(version, least) };
}
