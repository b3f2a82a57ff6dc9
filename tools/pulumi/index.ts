import { ensureContext, type EnsureContext, type EnsureOptions } from "../ensure-options";
import { firstUsable } from "../first-usable";
import { builtPulumi } from "./built";
import { npmPulumi, resolveNpmPackage } from "./npm-package";
import { pathPulumi } from "./on-path";
import { PULUMI_VERSION, type PulumiCli } from "./pulumi-cli";

export { PULUMI_VERSION, type PulumiCli } from "./pulumi-cli";

export interface EnsurePulumiOptions extends EnsureOptions {
  /** Path of package.json of the npm package `pulumi`. Default: that of the one this project would load, if it is installed. */
  readonly npmPackage?: string;
}

/**
 * Finds a Pulumi CLI that runs this project's program, or makes one: `pulumi` on PATH, the official npm package `pulumi` where it is
 * installed, a build from Go modules, which needs nothing but a module proxy and is kept in the cache (some minutes, once).
 * @throws ToolError when there is none, with every reason and the ways out
 */
export function ensurePulumi(options: EnsurePulumiOptions = {}): Promise<PulumiCli> {
  const npmPackage = options.npmPackage ?? resolveNpmPackage();
  const wanted = {
    title: "Pulumi CLI",
    attempts: [pathPulumi, (context: EnsureContext) => npmPulumi(context, npmPackage), builtPulumi],
    otherwise: `install the Pulumi CLI ${PULUMI_VERSION} and put it on PATH`,
  };
  return firstUsable(wanted, ensureContext(options));
}
