import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import type { ProviderName } from "./records";
import { sdkVersion } from "./sdk-shape";

/** Every provider that has a stand-in. */
export const PROVIDERS: readonly ProviderName[] = ["gcp", "cloudflare", "docker-build", "command"];

/**
 * Environment variable: a directory with real plugins, `pulumi-resource-<provider>` each, which take the places of the stand-ins. A real one
 * talks to whatever the stack's configuration and the environment name (docs/testing.md).
 */
export const REAL_PLUGINS = "SANDBOX_REAL_PLUGINS";

/** File in the sandbox's directory that holds a provider's port. */
export function portFile(dir: string, provider: ProviderName): string {
  return join(dir, "ports", provider);
}

/** Directory in which the launchers leave the directories they were started in. */
export function callersDirectory(dir: string): string {
  return join(dir, "callers");
}

/** File in which a provider's launcher leaves its working directory for an engine's address. */
export function callerFile(dir: string, provider: ProviderName, engineAddress: string): string {
  return join(callersDirectory(dir), `${engineAddress}.${provider}`);
}

/** File that holds the process id of the program that serves the ports. */
export function ownerFile(dir: string): string {
  return join(dir, "ports", "pid");
}

/**
 * Puts a launcher for every stand-in where the engine looks for plugins. A launcher is a shell script and not Node: it only tells the
 * engine the port of the resident host, and five Node processes would be most of what a preview costs.
 *
 * @param pulumiHome the sandbox's own PULUMI_HOME
 * @param dir the directory that `startCloud` was given
 */
export function installPlugins(pulumiHome: string, dir: string): void {
  for (const provider of PROVIDERS) {
    const folder = join(pulumiHome, "plugins", `resource-${provider}-v${sdkVersion(provider)}`);
    const plugin = join(folder, `pulumi-resource-${provider}`);
    mkdirSync(folder, { recursive: true });
    rmSync(plugin, { force: true });
    const real = realPlugin(provider);
    if (real === undefined) writeFileSync(plugin, launcher(provider, dir), { mode: 0o755 });
    else symlinkSync(real, plugin);
  }
}

function realPlugin(provider: ProviderName): string | undefined {
  const directory = process.env[REAL_PLUGINS];
  if (directory === undefined || directory === "") return undefined;
  const file = join(resolve(directory), `pulumi-resource-${provider}`);
  return existsSync(file) ? file : undefined;
}

function launcher(provider: ProviderName, dir: string): string {
  return `#!/bin/sh
# Stand-in for the Pulumi plugin "${provider}": its provider lives in the sandbox's own process.
set -eu
port=${quoted(portFile(dir, provider))}
callers=${quoted(callersDirectory(dir))}
if ! { [ -s "$port" ] && kill -0 "$(cat ${quoted(ownerFile(dir))})"; } 2>/dev/null; then
  echo "The sandbox in "${quoted(dir)}" is not running, so its stand-in for ${provider} cannot answer; start the sandbox first." >&2
  exit 1
fi
# The engine's address is the last argument. Relative paths in inputs mean the directory that plugins are started in.
for engine; do :; done
mkdir -p "$callers"
pwd >"$callers/$engine.${provider}"
cat "$port"
# The engine holds the other end of standard input: this ends when the engine does, even killed.
exec cat
`;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
