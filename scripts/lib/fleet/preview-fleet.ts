import type { LocalWorkspace } from "@pulumi/pulumi/automation";
import pLimit from "p-limit";

import { openWorkspace } from "../cli/stack-state";
import { progressTo } from "../../../tools/progress";
import type { Terminal } from "../cli/terminal";
import { previewStack, type PreviewOptions } from "./preview-stack";
import type { StackPreview } from "./roll-up";

export interface FleetOptions extends PreviewOptions {
  /** The project's directory. */
  readonly directory: string;
  readonly stacks: readonly string[];
  /** How many previews run at the same time; each is an engine and a program, about 400 MB. */
  readonly jobs: number;
}

/** Previews stacks side by side, in their order of names. */
export async function previewFleet(options: FleetOptions, terminal: Terminal): Promise<readonly StackPreview[]> {
  if (options.stacks.length === 0) return [];
  const workspace = withoutSelection(await openWorkspace(options.directory, progressTo(process.stderr)));
  const limit = pLimit(options.jobs);
  const progress = terminal.progress("previewing stacks", options.stacks.length);
  let done = 0;
  try {
    return await Promise.all(
      options.stacks.map((stack) =>
        limit(async () => {
          const preview = await previewStack(workspace, stack, options);
          progress.update(++done, stack);
          return preview;
        }),
      ),
    );
  } finally {
    progress.end();
  }
}

/**
 * Every command names its stack by `--stack`. Selecting it besides would change which stack the operator's next plain
 * `pulumi` command works on, and two previews at once would write the same file.
 */
function withoutSelection(workspace: LocalWorkspace): LocalWorkspace {
  return Object.assign(workspace, { selectStack: () => Promise.resolve() });
}
