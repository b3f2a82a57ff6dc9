import { join } from "node:path";
import type { EnsureContext } from "../ensure-options";
import { isExecutable } from "../executables";
import type { Outcome } from "../first-usable";
import { findGo, fingerprint, goBuild, type GoProgram } from "../go-build";
import { cached } from "../tool-cache";
import { ToolError } from "../tool-error";
import { COMPOSE_MODULE, COMPOSE_VERSION, composeVersion, type Compose } from "./compose";

const COMPOSE: GoProgram = {
  title: `Docker Compose ${COMPOSE_VERSION}`,
  module: COMPOSE_MODULE,
  packagePath: "github.com/docker/compose/v2/cmd",
  // Built as a dependency it does not know its own version.
  variables: { "github.com/docker/compose/v2/internal.Version": `v${COMPOSE_VERSION}` },
};

/** Docker's plugin is a program that also runs by itself, under this name. */
const BINARY = "docker-compose";

/**
 * Builds Docker Compose from Go modules and keeps it.
 * @throws ToolError when Go is missing or too old, or when the build or its result fails
 */
export async function builtCompose(context: EnsureContext): Promise<Outcome<Compose>> {
  const directory = await cached({
    cacheDirectory: context.cacheDirectory,
    name: `compose-${COMPOSE_VERSION}-${fingerprint([COMPOSE], [])}`,
    isWhole: (entry) => isExecutable(join(entry, BINARY)),
    mayFill: context.mayBuild,
    fill: async (entry) => {
      const go = await findGo([COMPOSE], context.env);
      await goBuild(COMPOSE, join(entry, BINARY), { go, context });
      await proveCompose(join(entry, BINARY), context.env);
    },
    onWait: (pid, seconds) => {
      context.say(`waiting for process ${pid}, which builds ${COMPOSE.title}: ${seconds} s`, true);
    },
  });
  const binary = join(directory, BINARY);
  return { tool: { command: [binary], binary, version: COMPOSE_VERSION, directory, origin: "built" } };
}

async function proveCompose(binary: string, env: NodeJS.ProcessEnv): Promise<void> {
  const version = await composeVersion([binary], env);
  if ("trouble" in version || version.text !== COMPOSE_VERSION) {
    const trouble = "trouble" in version ? version.trouble : `it says to be version ${version.text}`;
    const next = "try again, and report it if it happens again";
    throw new ToolError(`${COMPOSE.title} was made but does not work: ${trouble}`, next);
  }
}
