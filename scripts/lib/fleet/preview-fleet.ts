import type { Terminal } from "../cli/terminal";
import { overStacks, type StacksAtOnce } from "./over-stacks";
import { previewStack, type PreviewOptions } from "./preview-stack";
import type { StackPreview } from "./roll-up";

export type FleetOptions = PreviewOptions & Omit<StacksAtOnce, "doing">;

/** Previews stacks side by side, in their order of names. */
export function previewFleet(options: FleetOptions, terminal: Terminal): Promise<readonly StackPreview[]> {
  return overStacks({ ...options, doing: "previewing stacks" }, terminal, (workspace, stack) =>
    previewStack(workspace, stack, options),
  );
}
