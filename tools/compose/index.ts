import { ensureContext, type EnsureOptions } from "../ensure-options";
import { firstUsable } from "../first-usable";
import { builtCompose } from "./built";
import { LEAST_COMPOSE_VERSION, type Compose } from "./compose";
import { pathCompose } from "./on-path";

export { COMPOSE_VERSION, type Compose } from "./compose";

/**
 * Finds a Docker Compose that merges the files of host/, or gets one: from PATH, or a build from Go modules. It needs no
 * Docker for that.
 * @throws ToolError when there is none, with every reason and the ways out
 */
export function ensureCompose(options: EnsureOptions = {}): Promise<Compose> {
  const wanted = {
    title: "Docker Compose",
    attempts: [pathCompose, builtCompose],
    otherwise: `install Docker Compose ${LEAST_COMPOSE_VERSION} or a newer 2.x`,
  };
  return firstUsable(wanted, ensureContext(options));
}
