import { join } from "node:path";
import type { EnsureContext } from "../ensure-options";
import { isExecutable } from "../executables";
import type { Outcome } from "../first-usable";
import { findGo, fingerprint, goBuild, type GoProgram } from "../go-build";
import { cached } from "../tool-cache";
import { ToolError } from "../tool-error";
import { ACTIONLINT_MODULE, ACTIONLINT_VERSION, actionlintVersion, type Actionlint } from "./actionlint";

const ACTIONLINT: GoProgram = {
  title: `actionlint ${ACTIONLINT_VERSION}`,
  module: ACTIONLINT_MODULE,
  packagePath: "github.com/rhysd/actionlint/cmd/actionlint",
};

const BINARY = "actionlint";

/**
 * Builds actionlint from Go modules and keeps it.
 * @throws ToolError when Go is missing or too old, or when the build or its result fails
 */
export async function builtActionlint(context: EnsureContext): Promise<Outcome<Actionlint>> {
  const directory = await cached({
    cacheDirectory: context.cacheDirectory,
    name: `actionlint-${ACTIONLINT_VERSION}-${fingerprint([ACTIONLINT], [])}`,
    isWhole: (entry) => isExecutable(join(entry, BINARY)),
    mayFill: context.mayBuild,
    fill: async (entry) => {
      const go = await findGo([ACTIONLINT], context.env);
      await goBuild(ACTIONLINT, join(entry, BINARY), { go, context });
      await proveActionlint(join(entry, BINARY), context.env);
    },
    onWait: (pid, seconds) => {
      context.say(`waiting for process ${pid}, which builds ${ACTIONLINT.title}: ${seconds} s`, true);
    },
  });
  return { tool: { binary: join(directory, BINARY), version: ACTIONLINT_VERSION, directory, origin: "built" } };
}

async function proveActionlint(binary: string, env: NodeJS.ProcessEnv): Promise<void> {
  const version = await actionlintVersion(binary, env);
  if ("trouble" in version || version.text !== ACTIONLINT_VERSION) {
    const trouble = "trouble" in version ? version.trouble : `it says to be version ${version.text}`;
    const next = "try again, and report it if it happens again";
    throw new ToolError(`${ACTIONLINT.title} was made but does not work: ${trouble}`, next);
  }
}
