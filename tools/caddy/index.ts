import { ensureContext, type EnsureContext, type EnsureOptions } from "../ensure-options";
import { firstUsable } from "../first-usable";
import { builtCaddy } from "./built";
import { LEAST_CADDY_VERSION, type Caddy } from "./caddy";
import { pathCaddy } from "./on-path";
import { releasedCaddy } from "./release";

export { CADDY_VERSION, type Caddy } from "./caddy";

/**
 * Finds a Caddy that runs the Caddyfile of host/, or gets one: `caddy` on PATH, a build from Go modules, the official release by checksum.
 * @throws ToolError when there is none, with every reason and the ways out
 */
export function ensureCaddy(options: EnsureOptions = {}): Promise<Caddy> {
  const wanted = {
    title: "Caddy",
    attempts: [pathCaddy, builtCaddy, (context: EnsureContext) => releasedCaddy(context)],
    otherwise: `install Caddy ${LEAST_CADDY_VERSION} or a newer 2.x and put it on PATH`,
  };
  return firstUsable(wanted, ensureContext(options));
}
