import { dirname } from "node:path";
import type { EnsureContext } from "../ensure-options";
import { findOnPath } from "../executables";
import type { Outcome } from "../first-usable";
import { LEAST_COMPOSE_VERSION, composeVersion, type Compose } from "./compose";

/** Looks for Compose on PATH: `docker` with the plugin, or `docker-compose` by itself. */
export async function pathCompose(context: EnsureContext): Promise<Outcome<Compose>> {
  const reasons: string[] = [];
  for (const [name, ...first] of [["docker", "compose"], ["docker-compose"]] as const) {
    const binary = findOnPath(name, context.env);
    if (binary === undefined) {
      reasons.push(`${name} is not on PATH`);
      continue;
    }
    const command = [binary, ...first] as const;
    const version = await composeVersion(command, context.env);
    if ("trouble" in version) {
      reasons.push(`"${command.join(" ")}" does not work: ${version.trouble}`);
    } else if (!version.compatible) {
      reasons.push(`"${command.join(" ")}" is version ${version.text}, not ${LEAST_COMPOSE_VERSION} or a newer 2.x`);
    } else {
      return { tool: { command, binary, version: version.text, directory: dirname(binary), origin: "path" } };
    }
  }
  return { reason: reasons.join(", "), noteworthy: false };
}
