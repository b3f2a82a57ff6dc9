/** What happened to one file between two commits. */
export interface FileChange {
  readonly kind: "added" | "modified" | "deleted" | "renamed";
  /** The path as it is now; of a deleted file, as it was. */
  readonly path: string;
  /** Where a renamed file was. */
  readonly from?: string;
}

const KINDS: Readonly<Record<string, FileChange["kind"]>> = {
  A: "added",
  C: "added",
  D: "deleted",
  M: "modified",
  R: "renamed",
  T: "modified",
};

/**
 * Reads what `git diff --name-status -z -M` prints: status and path, of renames and copies both paths, each ended by NUL, so
 * that no path is quoted. @throws SyntaxError when it is something else: a change that is overlooked is a stack that is not previewed
 */
export function parseNameStatus(text: string): readonly FileChange[] {
  const fields = text.split("\0");
  if (fields.pop() !== "") throw new SyntaxError("the list of changed files is cut off");
  const changes: FileChange[] = [];
  while (fields.length > 0) {
    const status = fields.shift() ?? "";
    const kind = KINDS[status.charAt(0)];
    const twoPaths = /^[RC]\d+$/.test(status);
    const first = fields.shift();
    const path = twoPaths ? fields.shift() : first;
    if (kind === undefined || first === undefined || path === undefined) {
      throw new SyntaxError(`the list of changed files has "${status}", which is no status with its path`);
    }
    changes.push(kind === "renamed" ? { kind, path, from: first } : { kind, path });
  }
  return changes;
}
