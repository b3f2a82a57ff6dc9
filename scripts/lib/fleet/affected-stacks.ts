import type { FileChange } from "./changes";

/** Which stacks a change reaches. */
export interface Affected {
  /** Stacks to preview, by name. */
  readonly stacks: readonly string[];
  /** Customers whose intake file is gone. Nothing destroys their stacks for it, and no one manages them any more. */
  readonly gone: readonly string[];
  /** Why: one line each, for the log and the comment. With no stack at all, it says which files were taken for harmless. */
  readonly reasons: readonly string[];
}

/** A customer's two files. A stack file alone, without an intake file, is no customer. */
const CUSTOMER_FILE = /^customers\/(?:Pulumi\.)?([a-z0-9-]+)\.yaml$/;
const INTAKE_FILE = /^customers\/([a-z0-9-]+)\.yaml$/;

/**
 * Files that no stack is made from. Everything else is shared by all of them, also what no rule covers yet: a preview
 * too many costs seconds, one too few hides a change.
 */
const HARMLESS: readonly RegExp[] = [
  /\.md$/,
  /(^|\/)LICENSE$/,
  /\.test\.ts$/,
  /\/testing\//,
  /^sandbox\//,
  /^examples\//,
  /^image\/tests\//,
  /^host\/test\//,
  /^\.github\//,
  /^\.ci\//,
  /^customers\/customer\.schema\.json$/,
  /^(eslint|jest)\.config\.js$/,
  /^\.(editorconfig|gitignore|prettierignore|prettierrc\.json)$/,
];

/** Longest list of files, or of stacks, in a reason. */
const NAMED = 3;

/**
 * Decides from the changed files and the customers that there are now. Shared code affects all stacks; a customer's file its
 * own; what is harmless none, which is then said and not passed over in silence.
 */
export function affectedStacks(changes: readonly FileChange[], customers: readonly string[]): Affected {
  const paths = [...new Set(changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])))];
  const slugs = new Set(paths.flatMap((path) => CUSTOMER_FILE.exec(path)?.[1] ?? []));
  const own = [...slugs].filter((slug) => customers.includes(slug)).sort();
  const gone = removedCustomers(changes).filter((slug) => !customers.includes(slug));
  const left = gone.map((slug) => `not "${slug}", whose file is gone: nothing destroys its stack for that`);
  const shared = paths.filter((path) => !CUSTOMER_FILE.test(path) && !HARMLESS.some((shape) => shape.test(path)));
  if (shared.length > 0) {
    const all = `all ${customers.length} stacks, because they share ${listed(shared)}`;
    return { stacks: [...customers].sort(), gone, reasons: [all, ...left] };
  }
  return {
    stacks: own,
    gone,
    reasons: [...(own.length + gone.length === 0 ? [harmless(paths)] : because(own)), ...left],
  };
}

function removedCustomers(changes: readonly FileChange[]): readonly string[] {
  const removed = changes.map(({ kind, path, from }) => (kind === "deleted" ? path : from));
  return [...new Set(removed.flatMap((path) => INTAKE_FILE.exec(path ?? "")?.[1] ?? []))].sort();
}

function because(own: readonly string[]): readonly string[] {
  const [first, ...others] = own;
  if (first === undefined) return [];
  return others.length === 0
    ? [`"${first}", because its own files changed`]
    : [`${own.length} stacks, because their own files changed: ${listed(own)}`];
}

function harmless(paths: readonly string[]): string {
  return paths.length === 0 ? "no file changed" : `no stack is made from what changed: ${listed(paths)}`;
}

function listed(names: readonly string[]): string {
  const shown = [...names].sort().slice(0, NAMED).join(", ");
  return names.length > NAMED ? `${shown} and ${names.length - NAMED} more` : shown;
}
