import type { FileChange } from "./changes";

/** Which stacks a change reaches. */
export interface Affected {
  /** Stacks to preview, by name. */
  readonly stacks: readonly string[];
  /** Customers whose file is gone: their stacks, if they are still up, are managed by nobody any more. */
  readonly gone: readonly string[];
  /** Why: one line each, for the log and the comment. With no stack at all, it says which files were taken for harmless. */
  readonly reasons: readonly string[];
}

/** A customer's two files. A stack file alone, without an intake file, is no customer. */
const CUSTOMER_FILE = /^customers\/(?:Pulumi\.)?([a-z0-9-]+)\.yaml$/;

/**
 * Files that no stack is made from. Everything else is shared by all of them, also what nobody has thought of yet: a preview
 * too many costs seconds, one too few hides a change.
 */
const HARMLESS: readonly RegExp[] = [
  /\.md$/,
  /(^|\/)LICENSE$/,
  /\.test\.ts$/,
  /\/testing\//,
  /^sandbox\//,
  /^image\/tests\//,
  /^host\/test\//,
  /^\.github\//,
  /^\.ci\//,
  /^customers\/customer\.schema\.json$/,
  /^(eslint|jest)\.config\.js$/,
  /^\.(editorconfig|gitignore|prettierignore|prettierrc\.json)$/,
];

/** Longest list of files in a reason. */
const NAMED_FILES = 3;

/**
 * Decides from the changed files and the customers that there are now. Shared code affects all stacks; a customer's file its
 * own; what is harmless none, which is then said and not passed over in silence.
 */
export function affectedStacks(changes: readonly FileChange[], customers: readonly string[]): Affected {
  const paths = [...new Set(changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])))];
  const slugs = new Set(paths.flatMap((path) => CUSTOMER_FILE.exec(path)?.[1] ?? []));
  const gone = [...slugs].filter((slug) => !customers.includes(slug)).sort();
  const own = [...slugs].filter((slug) => customers.includes(slug)).sort();
  const shared = paths.filter((path) => !CUSTOMER_FILE.test(path) && !HARMLESS.some((shape) => shape.test(path)));
  const reasons = gone.map((slug) => `customers/${slug}.yaml is gone: nobody manages its stack any more`);
  if (shared.length > 0) {
    reasons.push(`all ${customers.length} stacks, because they share ${listed(shared)}`);
    return { stacks: [...customers].sort(), gone, reasons };
  }
  reasons.push(...own.map((slug) => `"${slug}", because its own files changed`));
  if (own.length === 0 && gone.length === 0) {
    reasons.push(paths.length === 0 ? "no file changed" : `no stack is made from what changed: ${listed(paths)}`);
  }
  return { stacks: own, gone, reasons };
}

function listed(paths: readonly string[]): string {
  const shown = [...paths].sort().slice(0, NAMED_FILES).join(", ");
  return paths.length > NAMED_FILES ? `${shown} and ${paths.length - NAMED_FILES} more` : shown;
}
