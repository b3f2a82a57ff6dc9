import type { StackSummary } from "@pulumi/pulumi/automation";

import { progressTo } from "../../../tools/progress";
import { openWorkspace } from "../cli/stack-state";
import { reasonOf } from "./preview-stack";

/** A stack that the backend has. */
export interface BackendStack {
  /** Its name; a customer's is the slug. */
  readonly stack: string;
  /** How many resources its state holds; 0 of one that was never up, or was destroyed. */
  readonly resources: number;
}

/** The backend's answer. `reason` is one line: a list that cannot be had keeps no stack from being looked at. */
export type BackendList =
  | { readonly kind: "listed"; readonly stacks: readonly BackendStack[] }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * The stacks of this project, no matter who made them. The CLI leaves out those of other projects in the same bucket; in a bucket of
 * the layout without projects (PULUMI_DIY_BACKEND_LEGACY_LAYOUT) it cannot tell them. @throws UserError when there is no CLI
 */
export async function listBackend(directory: string): Promise<BackendList> {
  const workspace = await openWorkspace(directory, progressTo(process.stderr));
  try {
    return { kind: "listed", stacks: stacksOf(await workspace.listStacks()) };
  } catch (error) {
    return { kind: "failed", reason: reasonOf([], error) };
  }
}

/** Pure part of {@link listBackend}. Names may be qualified: "organization/erpnext/acme". */
export function stacksOf(summaries: readonly StackSummary[]): readonly BackendStack[] {
  return summaries.map(({ name, resourceCount = 0 }) => ({
    stack: name.split("/").at(-1) ?? name,
    resources: resourceCount,
  }));
}
