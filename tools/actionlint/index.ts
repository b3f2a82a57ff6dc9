import { ensureContext, type EnsureOptions } from "../ensure-options";
import { firstUsable } from "../first-usable";
import { ACTIONLINT_VERSION, type Actionlint } from "./actionlint";
import { builtActionlint } from "./built";
import { pathActionlint } from "./on-path";

export { ACTIONLINT_VERSION, type Actionlint } from "./actionlint";

/**
 * Finds an actionlint that knows what the workflows use, or gets one: from PATH, or a build from Go modules.
 * @throws ToolError when there is none, with every reason and the ways out
 */
export function ensureActionlint(options: EnsureOptions = {}): Promise<Actionlint> {
  const wanted = {
    title: "actionlint",
    attempts: [pathActionlint, builtActionlint],
    otherwise: `install actionlint ${ACTIONLINT_VERSION} or a newer 1.x`,
  };
  return firstUsable(wanted, ensureContext(options));
}
