import { byDanger, DANGERS, worstOf, type Danger } from "../fleet/danger";
import type { ResourceChange } from "../fleet/resource-change";
import { fingerprintOf } from "../github/issues";
import { isSettled, type OrphanSearch } from "./orphans";

/** What a look at one stack came to. */
export type StackDrift = { readonly stack: string } & (
  | {
      readonly kind: "looked";
      /** How many resources there are; none of a stack that is not up. */
      readonly resources: number;
      readonly changes: readonly ResourceChange[];
    }
  /** It could not be looked at: `reason` is one line. */
  | { readonly kind: "failed"; readonly reason: string }
);

/** One customer who is not as the stack says. */
export interface Drifted {
  readonly stack: string;
  /** The dangerous first. */
  readonly changes: readonly ResourceChange[];
  readonly danger: Danger;
  /** See {@link fingerprintOf}. */
  readonly fingerprint: string;
}

/** All stacks at a glance. */
export interface FleetDrift {
  /** The worst first. */
  readonly drifted: readonly Drifted[];
  readonly inOrder: readonly string[];
  /** Stacks without resources, which cannot drift. */
  readonly notUp: readonly string[];
  readonly failed: readonly { readonly stack: string; readonly reason: string }[];
  /** Stacks that belong to no customer. */
  readonly orphans: OrphanSearch;
}

/** Sorts what was found by how bad it is. */
export function rankDrift(stacks: readonly StackDrift[], orphans: OrphanSearch = { kind: "skipped" }): FleetDrift {
  const fleet = { drifted: [] as Drifted[], inOrder: [] as string[], notUp: [] as string[] };
  const failed: { stack: string; reason: string }[] = [];
  for (const each of [...stacks].sort((a, b) => (a.stack < b.stack ? -1 : 1))) {
    if (each.kind === "failed") failed.push({ stack: each.stack, reason: each.reason });
    else if (each.changes.length > 0) fleet.drifted.push(drifted(each.stack, each.changes));
    else (each.resources === 0 ? fleet.notUp : fleet.inOrder).push(each.stack);
  }
  fleet.drifted.sort((a, b) => DANGERS.indexOf(a.danger) - DANGERS.indexOf(b.danger));
  return { ...fleet, failed, orphans };
}

function drifted(stack: string, found: readonly ResourceChange[]): Drifted {
  const changes = [...found].sort(byDanger);
  return { stack, changes, danger: worstOf(changes) ?? "changes", fingerprint: fingerprintOf(changes) };
}

/** Whether every customer was looked at and is as the stack says, and no stack is abandoned. */
export function isInOrder({ drifted, failed, orphans }: FleetDrift): boolean {
  return drifted.length === 0 && failed.length === 0 && isSettled(orphans);
}

const WORDS: Readonly<Record<Danger, string>> = {
  loses: "something is lost",
  interrupts: "the service is interrupted",
  replaces: "something has to be made again",
  changes: "settings differ",
  adds: "settings differ",
};

/** What the worst of a drift means for the customer. */
export function worstWords({ danger }: Drifted): string {
  return WORDS[danger];
}
