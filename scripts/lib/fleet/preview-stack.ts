import { join } from "node:path";

import { CommandError, Stack, type EngineEvent, type LocalWorkspace } from "@pulumi/pulumi/automation";

import { redact } from "../../../core/secrets";
import { loadCustomer } from "../../../customers/load";
import { StepReader, type ResourceChange } from "./resource-change";
import type { StackPreview } from "./roll-up";
import { StackJudge } from "./stack-judge";

export interface PreviewOptions {
  readonly signal: AbortSignal;
  /** Ask the providers what really is there first, so that drift shows. */
  readonly refresh: boolean;
}

/** Why a stack was not previewed that was still waiting for its turn. */
const INTERRUPTED = "interrupted before its turn";

/**
 * Previews one stack. Never rejects: a stack that cannot be previewed is a result, so that the others still are. Of the
 * engine's events only what changes and what breaks a policy is kept, each already masked and cut, so that a hundred stacks fit into memory; the
 * engine's debug messages, which hold secrets in clear, are dropped where they arrive.
 */
export async function previewStack(
  workspace: LocalWorkspace,
  name: string,
  options: PreviewOptions,
): Promise<StackPreview> {
  const started = performance.now();
  const seconds = (): number => Math.round((performance.now() - started) / 100) / 10;
  if (options.signal.aborted) return { kind: "failed", stack: name, seconds: 0, reason: INTERRUPTED };
  const customer = loadCustomer(name, join(workspace.workDir, "customers"));
  const seen = new Seen(new StackJudge(customer.ok ? customer.customer : undefined));
  try {
    const stack = await Stack.select(name, workspace);
    await stack.preview({
      onEvent: (event) => {
        seen.take(event);
      },
      refresh: options.refresh,
      signal: options.signal,
      color: "never",
    });
    return {
      kind: "previewed",
      stack: name,
      seconds: seconds(),
      changes: seen.changes,
      breaches: seen.judge.breaches(),
    };
  } catch (error) {
    return { kind: "failed", stack: name, seconds: seconds(), reason: reasonOf(seen.faults, error) };
  }
}

/** What is kept of the engine's events. */
class Seen {
  readonly changes: ResourceChange[] = [];
  readonly faults: string[] = [];
  readonly #steps = new StepReader();

  constructor(readonly judge: StackJudge) {}

  take({ resourcePreEvent, diagnosticEvent }: EngineEvent): void {
    if (resourcePreEvent !== undefined) {
      const change = this.#steps.read(resourcePreEvent.metadata);
      if (change !== undefined) this.changes.push(change);
      this.judge.take(resourcePreEvent.metadata);
    }
    if (diagnosticEvent?.severity === "error") this.faults.push(diagnosticEvent.message);
  }
}

/** One line: the engine's own first error, else the last thing that the command printed. */
export function reasonOf(faults: readonly string[], error: unknown): string {
  const printed = error instanceof CommandError || error instanceof Error ? error.message : String(error);
  const lines = (faults[0] ?? printed).split("\n").map((line) => line.trim());
  const line = lines.find((candidate) => candidate.startsWith("error:")) ?? lines.find((candidate) => candidate !== "");
  return redact((line ?? "it gave no reason").replace(/^error: /, ""));
}
