import { delimiter } from "node:path";

import { LocalWorkspace, PulumiCommand, type ConfigMap, type OutputMap } from "@pulumi/pulumi/automation";

import { UserError } from "../../../core/user-error";
import { stackOutputsSchema, type StackOutputs } from "../../../infra/outputs";
import { ensurePulumi } from "../../../tools/pulumi";
import { PULUMI_ENVIRONMENT } from "../pulumi-environment";
import type { EnsureOptions } from "../../../tools/ensure-options";

/** Prefix of this project's own keys in a stack's configuration. */
const PROJECT = "erpnext";

/** What a customer's stack is just now. */
export interface StackState {
  /** Configuration by key, without the project's prefix: "shopifyAdminToken", "cloudflare:apiToken". Secrets are in clear. */
  readonly config: Readonly<Record<string, string>>;
  /** Which of the keys are secret. */
  readonly secretKeys: readonly string[];
  /** Undefined while the stack has never been up, or was destroyed. */
  readonly outputs: StackOutputs | undefined;
  /** What an update that was cut short has left: outputs that are not all there. */
  readonly partialOutputs: Readonly<Record<string, unknown>>;
}

export interface StackLocation {
  /** Slug of the customer, which is the stack's name. */
  readonly slug: string;
  /** The project's directory. */
  readonly directory: string;
}

/**
 * Reads a stack's configuration and outputs through the Pulumi CLI, which knows the backend and the secrets provider.
 * Undefined where there is no such stack. @throws UserError
 */
export async function readStack(
  { slug, directory }: StackLocation,
  progress: EnsureOptions = {},
): Promise<StackState | undefined> {
  const workspace = await openWorkspace(directory, progress);
  try {
    const stacks = await workspace.listStacks();
    if (!stacks.some(({ name }) => name.split("/").at(-1) === slug)) return undefined;
    const [config, outputs] = [await workspace.getAllConfig(slug), await workspace.stackOutputs(slug)];
    return stateOf(config, outputs);
  } catch (error) {
    throw new UserError({
      what: `the stack could not be read (${describePulumiFailure(error)})`,
      customer: slug,
      next: `check "pulumi stack output -s ${slug}": the backend (pulumi login), and the passphrase or key of its secrets`,
    });
  }
}

/** The project as the Automation API sees it, with whichever CLI is found. */
export async function openWorkspace(directory: string, progress: EnsureOptions = {}): Promise<LocalWorkspace> {
  const cli = await ensurePulumi(progress);
  // The CLI finds its language host beside itself and on PATH.
  const path = (process.env["PATH"] ?? "").split(delimiter);
  if (path[0] !== cli.directory) process.env["PATH"] = [cli.directory, ...path].join(delimiter);
  Object.assign(process.env, { ...PULUMI_ENVIRONMENT, ...process.env });
  const pulumiCommand = await PulumiCommand.get({ skipVersionCheck: true });
  return LocalWorkspace.create({ workDir: directory, pulumiCommand });
}

/** Pure part of {@link readStack}. */
export function stateOf(config: ConfigMap, outputs: OutputMap): StackState {
  const entries = Object.entries(config).map(([key, entry]) => [key.replace(`${PROJECT}:`, ""), entry] as const);
  const partialOutputs = Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value as unknown]));
  const parsed = stackOutputsSchema.safeParse(partialOutputs);
  return {
    config: Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
    secretKeys: entries.filter(([, { secret = false }]) => secret).map(([key]) => key),
    outputs: parsed.success ? parsed.data : undefined,
    partialOutputs,
  };
}

/** Why the CLI failed, in its own last words. */
export function describePulumiFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").map((line) => line.trim());
  return lines.findLast((line) => /^error:/.test(line)) ?? lines.find((line) => line !== "") ?? "no reason given";
}
