import { join } from "node:path";
import type { EnsureContext } from "../ensure-options";
import { isExecutable } from "../executables";
import type { Outcome } from "../first-usable";
import { findGo, fingerprint, goBuild, type GoProgram } from "../go-build";
import { cached } from "../tool-cache";
import { ToolError } from "../tool-error";
import { CADDY_MODULE, CADDY_VERSION, caddyVersion, type Caddy } from "./caddy";

const CADDY: GoProgram = {
  title: `Caddy ${CADDY_VERSION}`,
  module: CADDY_MODULE,
  packagePath: "github.com/caddyserver/caddy/v2/cmd/caddy",
  // Built as a dependency it does not know its own version.
  variables: { "github.com/caddyserver/caddy/v2.CustomVersion": `v${CADDY_VERSION}` },
};

/**
 * Builds Caddy from Go modules and keeps it.
 * @throws ToolError when Go is missing or too old, or when the build or its result fails
 */
export async function builtCaddy(context: EnsureContext): Promise<Outcome<Caddy>> {
  const directory = await cached({
    cacheDirectory: context.cacheDirectory,
    name: `caddy-${CADDY_VERSION}-${fingerprint([CADDY], [])}`,
    isWhole: (entry) => isExecutable(join(entry, "caddy")),
    fill: async (entry) => {
      const go = await findGo([CADDY], context.env);
      await goBuild(CADDY, join(entry, "caddy"), { go, context });
      await proveCaddy(join(entry, "caddy"), context.env);
    },
    onWait: (pid, seconds) => {
      context.say(`waiting for process ${pid}, which builds ${CADDY.title}: ${seconds} s`, true);
    },
  });
  return { tool: { binary: join(directory, "caddy"), version: CADDY_VERSION, directory, origin: "built" } };
}

/**
 * Runs a Caddy that was just made, so that an entry of the cache is known to work on this machine.
 * @throws ToolError when it is not the pinned version
 */
export async function proveCaddy(binary: string, env: NodeJS.ProcessEnv): Promise<void> {
  const version = await caddyVersion(binary, env);
  const trouble = "trouble" in version ? version.trouble : `it says to be version ${version.text}`;
  if ("trouble" in version || version.text !== CADDY_VERSION) {
    throw new ToolError(
      `${CADDY.title} was made but does not work: ${trouble}`,
      "try again, and report it if it happens again",
    );
  }
}
