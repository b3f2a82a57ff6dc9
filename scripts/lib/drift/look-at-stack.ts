import { Stack, type EngineEvent, type LocalWorkspace, type StepEventMetadata } from "@pulumi/pulumi/automation";

import { reasonOf } from "../fleet/preview-stack";
import { resourceChange, type ResourceChange } from "../fleet/resource-change";
import type { StackDrift } from "./drift";

/** Why a stack was not looked at that was still waiting for its turn. */
const INTERRUPTED = "interrupted before its turn";

/**
 * Compares what a stack's state says with what the clouds, Shopify and ERPNext say, and changes neither: the program does not
 * run, the state is not locked. Never rejects: a stack that cannot be looked at is a result, so that the others still are.
 */
export async function lookAtStack(workspace: LocalWorkspace, stack: string, signal: AbortSignal): Promise<StackDrift> {
  if (signal.aborted) return { kind: "failed", stack, reason: INTERRUPTED };
  const seen = new Seen();
  try {
    const opened = await Stack.select(stack, workspace);
    await opened.previewRefresh({
      onEvent: (event) => {
        seen.take(event);
      },
      signal,
      color: "never",
    });
    return { kind: "looked", stack, resources: seen.resources, changes: seen.changes };
  } catch (error) {
    return { kind: "failed", stack, reason: reasonOf(seen.faults, error) };
  }
}

/** What is kept of the engine's events: each change already masked and cut. */
export class Seen {
  readonly changes: ResourceChange[] = [];
  readonly faults: string[] = [];
  resources = 0;

  /** What a resource has become is told after it was read; before that the engine only says that it will read it. */
  take({ resOutputsEvent, diagnosticEvent }: EngineEvent): void {
    if (resOutputsEvent !== undefined) {
      this.resources += 1;
      const change = resourceChange(comparable(resOutputsEvent.metadata));
      if (change !== undefined && !change.type.startsWith("pulumi:providers:")) this.changes.push(change);
    }
    if (diagnosticEvent?.severity === "error") this.faults.push(diagnosticEvent.message);
  }
}

/** Where the inputs are the same, the difference is in what the provider says the resource has become. */
function comparable(step: StepEventMetadata): StepEventMetadata {
  // The engine says null where there is nothing, whatever the types say.
  const [old, next] = [step.old ?? undefined, step.new ?? undefined];
  if (old === undefined || next === undefined) return step;
  if (JSON.stringify(old.inputs) !== JSON.stringify(next.inputs)) return step;
  return { ...step, old: { ...old, inputs: old.outputs }, new: { ...next, inputs: next.outputs } };
}
