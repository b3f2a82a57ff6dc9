import type { Breach } from "../../../infra/policy/rules";
import { isPremature, type Abandoned } from "./abandoned";
import { byDanger, DANGERS, worstOf, type Danger } from "./danger";
import type { ResourceChange } from "./resource-change";

/** What the preview of one stack came to. */
export type StackPreview = { readonly stack: string; readonly seconds: number } & (
  | {
      readonly kind: "previewed";
      readonly changes: readonly ResourceChange[];
      /** Policies that the stack breaks. */
      readonly breaches: readonly Breach[];
    }
  /** It could not be previewed: `reason` is one line. */
  | { readonly kind: "failed"; readonly reason: string }
);

/** Stacks whose changes are the same but for their own names. */
export interface Group {
  readonly stacks: readonly string[];
  /** The changes of the first of them. */
  readonly changes: readonly ResourceChange[];
  readonly danger: Danger;
}

/** A policy that the same stacks break in the same words. */
export interface SharedBreach extends Breach {
  readonly stacks: readonly string[];
}

/** All stacks at a glance. */
export interface FleetPreview {
  /** The dangerous ones first, then the larger ones. */
  readonly groups: readonly Group[];
  readonly unchanged: readonly string[];
  readonly failed: readonly { readonly stack: string; readonly reason: string }[];
  readonly breaches: readonly SharedBreach[];
  readonly abandoned: readonly Abandoned[];
}

/** The words of a customer's that stand for the same thing in every stack: slug, hosts, project, shop. */
export type OwnWords = Readonly<Record<string, string>>;

/** What differs between stacks although nothing does: digests, ids and addresses. */
const INCIDENTAL: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{64}\b/g, "<digest>"],
  [/\b[0-9a-f]{32}\b/g, "<id>"],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uuid>"],
  [/\b\d{1,3}(\.\d{1,3}){3}\b/g, "<address>"],
];

/** Folds identical changes, and puts what is dangerous first. `words` are each stack's own. */
export function rollUp(
  previews: readonly StackPreview[],
  words: (stack: string) => OwnWords,
  abandoned: readonly Abandoned[] = [],
): FleetPreview {
  const groups = new Map<string, { stacks: string[]; changes: readonly ResourceChange[] }>();
  const fleet = { unchanged: [] as string[], failed: [] as { stack: string; reason: string }[] };
  for (const preview of [...previews].sort((a, b) => (a.stack < b.stack ? -1 : 1))) {
    if (preview.kind === "failed") {
      fleet.failed.push({ stack: preview.stack, reason: preview.reason });
      continue;
    }
    if (preview.changes.length === 0) {
      fleet.unchanged.push(preview.stack);
      continue;
    }
    const changes = [...preview.changes].sort(byDanger);
    const key = fingerprint(changes, words(preview.stack));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { stacks: [preview.stack], changes });
    else group.stacks.push(preview.stack);
  }
  const ranked = [...groups.values()].map((group) => ({ ...group, danger: worstOf(group.changes) ?? "adds" }));
  ranked.sort((a, b) => DANGERS.indexOf(a.danger) - DANGERS.indexOf(b.danger) || b.stacks.length - a.stacks.length);
  return { ...fleet, groups: ranked, breaches: foldBreaches(previews), abandoned };
}

/** The policies that most stacks break first. */
function foldBreaches(previews: readonly StackPreview[]): readonly SharedBreach[] {
  const folded = new Map<string, Breach & { stacks: string[] }>();
  for (const preview of previews) {
    if (preview.kind === "failed") continue;
    for (const breach of preview.breaches) {
      const key = `${breach.rule} ${breach.message}`;
      const same = folded.get(key);
      if (same === undefined) folded.set(key, { ...breach, stacks: [preview.stack] });
      else same.stacks.push(preview.stack);
    }
  }
  for (const { stacks } of folded.values()) stacks.sort();
  return [...folded.values()].sort((a, b) => b.stacks.length - a.stacks.length || (a.message < b.message ? -1 : 1));
}

/** The same text for the same change in two stacks, values included: a value of its own keeps a stack out of the fold. */
function fingerprint(changes: readonly ResourceChange[], words: OwnWords): string {
  const own = Object.entries(words)
    .filter(([, word]) => word !== "")
    .sort(([, a], [, b]) => b.length - a.length);
  const withoutWords = own.reduce(
    (text, [meaning, word]) => text.split(word).join(`<${meaning}>`),
    JSON.stringify(changes),
  );
  return INCIDENTAL.reduce((text, [shape, name]) => text.replace(shape, name), withoutWords);
}

/** Whether a pull request may not be merged without a second look. */
export function isRed(fleet: FleetPreview): boolean {
  if (fleet.failed.length > 0 || fleet.breaches.length > 0 || fleet.abandoned.some(isPremature)) return true;
  return fleet.groups.some(({ danger }) => danger === "loses");
}
