import { dirname } from "node:path";
import type { EnsureContext } from "../ensure-options";
import { findOnPath } from "../executables";
import type { Outcome } from "../first-usable";
import { LEAST_CADDY_VERSION, caddyVersion, type Caddy } from "./caddy";

/** Looks for `caddy` on PATH. */
export async function pathCaddy(context: EnsureContext): Promise<Outcome<Caddy>> {
  const binary = findOnPath("caddy", context.env);
  if (binary === undefined) {
    return { reason: "caddy is not on PATH", noteworthy: false };
  }
  const version = await caddyVersion(binary, context.env);
  if ("trouble" in version) {
    return { reason: `"${binary}" does not work: ${version.trouble}`, noteworthy: true };
  }
  if (!version.compatible) {
    return {
      reason: `"${binary}" is version ${version.text}, not ${LEAST_CADDY_VERSION} or a newer 2.x`,
      noteworthy: true,
    };
  }
  return { tool: { binary, version: version.text, directory: dirname(binary), origin: "path" } };
}
