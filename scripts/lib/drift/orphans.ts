import { slug } from "../../../customers/shapes";
import type { BackendList, BackendStack } from "../fleet/backend-stacks";

/** A stack without an intake file: no command previews, deploys or checks it, and what it holds costs money. */
export interface Orphan extends BackendStack {
  /** What to do about it, as an imperative without a full stop. */
  readonly next: string;
}

/** What the look for orphans came to. */
export type OrphanSearch =
  | { readonly kind: "searched"; readonly orphans: readonly Orphan[] }
  /** The backend could not list its stacks: `reason` is one line. */
  | { readonly kind: "failed"; readonly reason: string }
  /** Single customers were asked for. */
  | { readonly kind: "skipped" };

/** Those of the backend's stacks that belong to none of the customers, by name. */
export function orphansAmong(list: BackendList, customers: readonly string[]): OrphanSearch {
  if (list.kind === "failed") return list;
  const orphans = list.stacks
    .filter(({ stack }) => !customers.includes(stack))
    .sort((a, b) => (a.stack < b.stack ? -1 : 1));
  return { kind: "searched", orphans: orphans.map((orphan) => ({ ...orphan, next: nextFor(orphan) })) };
}

/** A teardown reads both of a customer's files: whose the stack is, and with which credentials it looks for what is left. */
function nextFor({ stack, resources }: BackendStack): string {
  if (resources === 0) return `run "pulumi stack rm ${stack}"`;
  if (!slug.safeParse(stack).success) {
    return `no customer can have this name: run "pulumi destroy -s ${stack}", then "pulumi stack rm ${stack}"`;
  }
  return `bring customers/${stack}.yaml and customers/Pulumi.${stack}.yaml back, then run "./stack teardown ${stack} --apply"`;
}

/** Whether nothing is abandoned. An empty stack costs nothing, and is only named. */
export function isSettled(search: OrphanSearch): boolean {
  if (search.kind === "searched") return search.orphans.every(({ resources }) => resources === 0);
  return search.kind === "skipped";
}
