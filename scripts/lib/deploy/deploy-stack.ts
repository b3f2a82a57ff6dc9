import { join } from "node:path";

import { Stack, type EngineEvent, type LocalWorkspace } from "@pulumi/pulumi/automation";

import { adopt, isEmpty, lookForUnfinished } from "../adopt/adopt";
import { cloudsOf } from "../adopt/clouds";
import { stateOf } from "../cli/stack-state";
import { lossOf } from "../fleet/danger";
import { previewStack, reasonOf } from "../fleet/preview-stack";
import type { StackPreview } from "../fleet/roll-up";
import { policyPackOf } from "../policy-pack";
import { googleFault, refusalAdvice } from "../update-advice";
import type { StackDeploy } from "./waves";

export interface DeployOptions {
  readonly signal: AbortSignal;
  /** Stacks that may lose what cannot be restored: the operator has said so by name. */
  readonly allowLoss: readonly string[];
  /** False: only look at what would be done. */
  readonly apply: boolean;
}

/**
 * Brings one stack up to what its file and the program say, unless the preview shows a broken policy, or a loss that no one agreed to. Never
 * rejects. It updates also when the preview shows no change: outputs are not changes, and scripts read them.
 */
export async function deployStack(
  workspace: LocalWorkspace,
  stack: string,
  { signal, allowLoss, apply }: DeployOptions,
): Promise<StackDeploy> {
  const first = await previewStack(workspace, stack, { signal, refresh: false });
  if (first.kind === "failed") return { kind: "refused", stack, reason: first.reason };
  const preview = apply ? await afterAdoption(workspace, first, signal) : first;
  if (preview.kind === "failed") return { kind: "refused", stack, reason: preview.reason };
  const refusal = refusalOf(preview, allowLoss);
  if (refusal !== undefined) return { kind: "refused", stack, reason: refusal };
  if (!apply) return { kind: "planned", stack, changes: preview.changes.length };
  const faults: string[] = [];
  const refused: string[] = [];
  try {
    const opened = await Stack.select(stack, workspace);
    await opened.up({
      onEvent: ({ diagnosticEvent }: EngineEvent) => {
        if (diagnosticEvent?.severity === "error") faults.push(diagnosticEvent.message);
        const words = googleFault(diagnosticEvent);
        if (words !== undefined) refused.push(words);
      },
      policyPacks: [policyPackOf(workspace.workDir)],
      signal,
      color: "never",
    });
    return { kind: "deployed", stack, changes: preview.changes.length };
  } catch (error) {
    const advice = refusalAdvice(stack, refused, join(workspace.workDir, "customers"));
    return { kind: "failed", stack, reason: [reasonOf(faults, error), ...advice].join(". ") };
  }
}

/**
 * What an earlier update made and did not write down is taken into the state before the stack is updated: the clouds would refuse to
 * make it once more. Only a stack that has to be made, or made whole, can lack it.
 */
async function afterAdoption(
  workspace: LocalWorkspace,
  preview: Extract<StackPreview, { kind: "previewed" }>,
  signal: AbortSignal,
): Promise<StackPreview> {
  const { stack, changes } = preview;
  if (!changes.some(({ operation }) => operation === "create")) return preview;
  try {
    const config = stateOf(await workspace.getAllConfig(stack), {}).config;
    const asked = { slug: stack, clouds: cloudsOf(config) };
    const seen = await lookForUnfinished(workspace, { ...asked, planned: true });
    if (isEmpty(seen)) return preview;
    await adopt(workspace, asked, seen);
  } catch (error) {
    return { kind: "failed", stack, seconds: preview.seconds, reason: reasonOf([], error) };
  }
  return previewStack(workspace, stack, { signal, refresh: false });
}

/** Why a stack is not deployed: one line; undefined where no policy is broken, and nothing lost but what someone agreed to. */
export function refusalOf(
  { stack, changes, breaches }: Extract<StackPreview, { kind: "previewed" }>,
  allowLoss: readonly string[],
): string | undefined {
  const [breach] = breaches;
  if (breach !== undefined) return `it breaks the policy "${breach.rule}": ${breach.message}`;
  if (allowLoss.includes(stack)) return undefined;
  const [first, ...others] = changes.flatMap((change) => {
    const loss = lossOf(change);
    return loss === undefined ? [] : [`${change.operation} ${change.name}, which loses ${loss}`];
  });
  if (first === undefined) return undefined;
  const more = others.length === 0 ? "" : `, and ${others.length} more losses`;
  return `it would ${first}${more}: if that is meant, deploy it with "--allow-loss ${stack}"`;
}
