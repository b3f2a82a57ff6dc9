import { dirname } from "node:path";
import type { EnsureContext } from "../ensure-options";
import { findOnPath } from "../executables";
import type { Outcome } from "../first-usable";
import { ACTIONLINT_VERSION, actionlintVersion, type Actionlint } from "./actionlint";

/** Looks for `actionlint` on PATH. */
export async function pathActionlint(context: EnsureContext): Promise<Outcome<Actionlint>> {
  const binary = findOnPath("actionlint", context.env);
  if (binary === undefined) {
    return { reason: "actionlint is not on PATH", noteworthy: false };
  }
  const version = await actionlintVersion(binary, context.env);
  if ("trouble" in version) {
    return { reason: `"${binary}" does not work: ${version.trouble}`, noteworthy: true };
  }
  if (!version.compatible) {
    return {
      reason: `"${binary}" is version ${version.text}, not ${ACTIONLINT_VERSION} or a newer 1.x`,
      noteworthy: true,
    };
  }
  return { tool: { binary, version: version.text, directory: dirname(binary), origin: "path" } };
}
