import { ensureContext, type EnsureContext, type EnsureOptions } from "../ensure-options";
import { firstUsable } from "../first-usable";
import { builtPulumi } from "./built";
import { downloadedPulumi } from "./downloaded";
import { pathPulumi } from "./on-path";
import { PULUMI_VERSION, type PulumiCli } from "./pulumi-cli";

export { PULUMI_VERSION, type PulumiCli } from "./pulumi-cli";

export interface EnsurePulumiOptions extends EnsureOptions {
  /** What Node.js runs to download Pulumi's release into the directory that is its argument; tests hand in their own. */
  readonly install?: string;
}

/**
 * Finds a Pulumi CLI that runs this project's program, or makes one: `pulumi` on PATH, Pulumi's release, or where that cannot be
 * downloaded a build from Go modules, which needs nothing but a module proxy and is kept in the cache (some minutes, once).
 * @throws ToolError when there is none, with every reason and the ways out
 */
export function ensurePulumi(options: EnsurePulumiOptions = {}): Promise<PulumiCli> {
  const wanted = {
    title: "Pulumi CLI",
    attempts: [pathPulumi, (context: EnsureContext) => downloadedPulumi(context, options.install), builtPulumi],
    otherwise: `install the Pulumi CLI ${PULUMI_VERSION} and put it on PATH`,
  };
  return firstUsable(wanted, ensureContext(options));
}
