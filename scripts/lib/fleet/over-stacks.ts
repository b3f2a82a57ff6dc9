import type { LocalWorkspace } from "@pulumi/pulumi/automation";
import pLimit from "p-limit";

import { progressTo } from "../../../tools/progress";
import { openWorkspace } from "../cli/stack-state";
import type { Terminal } from "../cli/terminal";

/** Many stacks that one thing is done to. */
export interface StacksAtOnce {
  /** The project's directory. */
  readonly directory: string;
  readonly stacks: readonly string[];
  /** How many at the same time; each is an engine and a program, about 400 MB. */
  readonly jobs: number;
  /** For the progress, for example "previewing stacks". */
  readonly doing: string;
}

/** Does one thing to many stacks side by side; the results are in the order of the stacks. */
export async function overStacks<T>(
  { directory, stacks, jobs, doing }: StacksAtOnce,
  terminal: Terminal,
  each: (workspace: LocalWorkspace, stack: string) => Promise<T>,
): Promise<readonly T[]> {
  if (stacks.length === 0) return [];
  const workspace = withoutSelection(await openWorkspace(directory, progressTo(process.stderr)));
  const limit = pLimit(jobs);
  const progress = terminal.progress(doing, stacks.length);
  let done = 0;
  try {
    return await Promise.all(
      stacks.map((stack) =>
        limit(async () => {
          const result = await each(workspace, stack);
          progress.update(++done, stack);
          return result;
        }),
      ),
    );
  } finally {
    progress.end();
  }
}

/**
 * Every command names its stack by `--stack`. Selecting it besides would change which stack the operator's next plain
 * `pulumi` command works on, and two commands at once would write the same file.
 */
function withoutSelection(workspace: LocalWorkspace): LocalWorkspace {
  return Object.assign(workspace, { selectStack: () => Promise.resolve() });
}
