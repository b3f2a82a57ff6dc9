import type { ResourceType, Situation } from "./resource-type";
import { isRecord, same } from "./values";
import type { Properties, Value } from "./values";

export interface Difference {
  /** Where, as Pulumi writes property paths: a.b[0]["x-y"]. */
  readonly path: string;
  /** The input it belongs to. */
  readonly input: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

export interface Comparison {
  readonly situation: Situation;
  readonly before: Properties;
  readonly after: Properties;
  /** Outputs as the engine has them. */
  readonly state: Properties;
  /**
   * Inputs whose change the program wants unseen, all below them too. The engine tells them as the program wrote them, and trusts
   * the provider in a refresh; the provider compares them as texts with {@link bridgePath}.
   */
  readonly unseen: readonly string[];
}

/**
 * What the bridge shows where an input replaces by its values alone: the input is an update, and the replacement is of its own record of the
 * resource, unless another input replaces by itself (seen of the gcp plugin of the sources of 9.35.0, with a subnetwork's narrower range).
 */
const META: Difference = { path: "__meta", input: "__meta", kind: "update", replaces: true };

/** What an update of these inputs would change, and what of it needs a new resource. */
export function differences(type: ResourceType, comparison: Comparison): Difference[] {
  const { before, after, situation, state, unseen } = comparison;
  const ignored = new Set(type.ignores ?? []);
  const replacing = type.replaces ?? [];
  const depending = type.replacesWhen?.(before, after) ?? [];
  const changes = compare(before, after, { path: "", dotted: "", bridged: "" })
    .filter(({ dotted, bridged }) => !ignored.has(dotted) && !unseen.some((prefix) => isBelow(bridged, prefix)))
    .map(({ path, dotted, kind }) => ({
      path,
      input: dotted.split(".")[0] ?? dotted,
      kind,
      replaces: replacing.some((prefix) => isBelow(dotted, prefix)),
    }));
  const byValues = changes.some(({ input }) => depending.includes(input)) && !changes.some(({ replaces }) => replaces);
  if (byValues) changes.push(META);
  const drifted = (type.drifts?.(situation, state) ?? []).filter(
    (input) => !changes.some((change) => change.input === input),
  );
  return [...changes, ...drifted.map((input) => ({ path: input, input, kind: "update" as const, replaces: false }))];
}

/** Whether the old one must go first: two may not bear one given name at a time, and the name stays. */
export function deletesFirst(type: ResourceType, before: Properties, after: Properties): boolean {
  return type.autoname !== undefined && same(before[type.autoname], after[type.autoname]);
}

interface Change {
  readonly path: string;
  /** The path without indexes. */
  readonly dotted: string;
  /** The path as {@link bridgePath} writes it. */
  readonly bridged: string;
  readonly kind: "add" | "delete" | "update";
}

function compare(before: Value | undefined, after: Value | undefined, at: Omit<Change, "kind">): Change[] {
  if (same(before ?? null, after ?? null)) return [];
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)].filter((key) => !key.startsWith("__")));
    return [...keys].flatMap((key) =>
      compare(before[key], after[key], {
        path: join(at.path, key),
        dotted: dot(at.dotted, key),
        bridged: bridgePath(at.bridged, key),
      }),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const longer = Math.max(before.length, after.length);
    return Array.from({ length: longer }).flatMap((_, index) =>
      compare(before[index], after[index], {
        path: `${at.path}[${index}]`,
        dotted: at.dotted,
        bridged: `${at.bridged}[${index}]`,
      }),
    );
  }
  return [{ ...at, kind: kindOf(before, after) }];
}

/** Whether a path is another one, or inside of it. */
function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`);
}

/**
 * What the provider sends in an update for an input that is to be left alone: what the state says, which may be older than what
 * the cloud has. Source: pulumi-terraform-bridge v3.137.0, pkg/tfbridge/provider.go, Update: the planned state is the old one
 * where `newIgnoreChanges` takes the difference away; terraform-provider-google-beta v7.45.0, resource_compute_instance.go,
 * resourceComputeInstanceUpdate: the whole map of the plan is sent, with the fingerprint of the moment.
 */
export function withUnseen(
  inputs: Properties,
  { state, unseen, at = "" }: { state: Properties; unseen: readonly string[]; at?: string },
): Properties {
  const keys = new Set([...Object.keys(inputs), ...Object.keys(state)].filter((key) => !key.startsWith("__")));
  const entries = [...keys].flatMap((key): [string, Value][] => {
    const path = bridgePath(at, key);
    const [wanted, known] = [inputs[key], state[key]];
    if (unseen.includes(path)) return known === undefined ? [] : [[key, known]];
    if (isRecord(wanted) && isRecord(known)) return [[key, withUnseen(wanted, { state: known, unseen, at: path })]];
    return wanted === undefined ? [] : [[key, wanted]];
  });
  return Object.fromEntries(entries);
}

/**
 * A path as the bridge writes it (pulumi-terraform-bridge v3.137.0, pkg/tfbridge/diff.go, visitPropertyValue): `.key`, and
 * `.["key"]` where the key holds a dot, a bracket or a quotation mark. An ignored path that is spelled otherwise matches nothing
 * (computeIgnoreChanges, same file).
 */
function bridgePath(path: string, key: string): string {
  if (path === "") return key;
  return /[."[\]]/.test(key) ? `${path}.["${key.replaceAll('"', '\\"')}"]` : `${path}.${key}`;
}

function kindOf(before: Value | undefined, after: Value | undefined): Change["kind"] {
  if ((before ?? null) === null) return "add";
  return (after ?? null) === null ? "delete" : "update";
}

function join(path: string, key: string): string {
  if (!/^[A-Za-z_]\w*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function dot(dotted: string, key: string): string {
  return dotted === "" ? key : `${dotted}.${key}`;
}
