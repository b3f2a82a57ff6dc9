import type { StepEventMetadata } from "@pulumi/pulumi/automation";

import { redact } from "../../../core/secrets";

/** What an update would do to a resource. A replacement deletes the old one. */
export type Operation = "create" | "update" | "replace" | "delete" | "import";

/** One property that would change. Values are text, masked and cut. */
export interface PropertyChange {
  /** For example `metadata["erpnext-env"]`. */
  readonly path: string;
  /** Undefined where there was no value. */
  readonly before?: string;
  /** Undefined where the value goes. */
  readonly after?: string;
}

/** One resource that would change. */
export interface ResourceChange {
  readonly operation: Operation;
  /** Name in the program, for example "server-data". */
  readonly name: string;
  /** Pulumi's type token, for example "gcp:compute/disk:Disk". */
  readonly type: string;
  /** In the order of their paths; empty for creations and deletions. */
  readonly properties: readonly PropertyChange[];
  /** Properties that force the replacement. */
  readonly because: readonly string[];
  /** Only of a replacement whose old resource is deleted before the new one is made: when that fails, neither is there. */
  readonly isGoneFirst?: true;
}

/** Reads the engine's steps in their sequence. Of a replacement it tells the deletion first only where it is done first. */
export class StepReader {
  readonly #deleted = new Set<string>();

  /** What a step means; undefined as with {@link resourceChange}. */
  read(step: StepEventMetadata): ResourceChange | undefined {
    if (step.op === "delete-replaced") this.#deleted.add(step.urn);
    const change = resourceChange(step);
    return change?.operation === "replace" && this.#deleted.has(step.urn) ? { ...change, isGoneFirst: true } : change;
  }
}

/** Pulumi's signature of a wrapped value, and the kind of wrapping that is a secret (sdk/go/common/resource). */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Pulumi's stand-in for a value that is not known before the update. */
export const NOT_KNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Longest value that is shown (characters), and how many changed lines of a text. */
const VALUE_LIMIT = 120;
const LINES_LIMIT = 6;

/** A replacement is three steps of the engine's, of which this one says it all. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  import: "import",
  "import-replacement": "replace",
};

/** What says nothing to an operator: how a dynamic provider is found, and the gcp provider's own record of a resource. */
const INTERNAL = new Set(["__provider", "__meta"]);

/** Outputs of the gcp provider that follow from `labels`, which is shown. */
const FOLLOWS_LABELS = new Set(["effectiveLabels", "pulumiLabels"]);

/** What a step of the engine's means for a resource; undefined when it changes nothing or is part of another step. */
export function resourceChange(step: StepEventMetadata): ResourceChange | undefined {
  const operation = OPERATIONS[step.op];
  if (operation === undefined || step.type === "pulumi:pulumi:Stack" || isDefaultProvider(step)) return undefined;
  const changes = operation === "update" || operation === "replace";
  const properties = changes ? propertyChanges(step) : [];
  return {
    operation,
    name: nameOf(step.urn),
    type: step.type,
    properties,
    because: operation === "replace" ? reasonsOf(step, properties) : [],
  };
}

/** What replaces it. The gcp provider names no input where its value alone does: then it is one of those that change. */
function reasonsOf({ keys }: StepEventMetadata, properties: readonly PropertyChange[]): readonly string[] {
  const named = (keys ?? []).filter((key) => !INTERNAL.has(key));
  const onlyInternal = named.length === 0 && (keys ?? []).length > 0;
  return [...new Set(onlyInternal ? properties.map(({ path }) => top(path)) : named)].sort();
}

/** One that the program did not write: the engine makes it by itself, and the CLI shows it neither. */
function isDefaultProvider({ type, urn }: StepEventMetadata): boolean {
  return type.startsWith("pulumi:providers:") && /^default(_|$)/.test(nameOf(urn));
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/**
 * Compares the inputs, leaf by leaf. Drift, which only the provider sees, is no difference of inputs: then its own list of
 * properties is shown, without values.
 */
function propertyChanges(step: StepEventMetadata): readonly PropertyChange[] {
  const found = compare("", step.old?.inputs ?? {}, step.new?.inputs ?? {});
  const named = new Set(
    [...Object.keys(step.detailedDiff ?? {}), ...(step.diffs ?? [])].filter((path) => !INTERNAL.has(path)),
  );
  const isEcho = (path: string): boolean =>
    FOLLOWS_LABELS.has(top(path)) &&
    [...named, ...found.map((change) => change.path)].some((one) => top(one) === "labels");
  const unseen = [...named].filter((path) => !isEcho(path) && !found.some((change) => overlaps(change.path, path)));
  const changes = [...found, ...unseen.map((path) => ({ path }))];
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function top(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

function overlaps(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

function compare(path: string, before: unknown, after: unknown): PropertyChange[] {
  if (same(before, after)) return [];
  const [old, next] = [opened(before), opened(after)];
  if (isRecord(old) && isRecord(next)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])].filter((key) => !INTERNAL.has(key));
    return keys.flatMap((key) => compare(joined(path, key), old[key], next[key]));
  }
  if (isText(old) && isText(next)) return [{ path, ...changedLines(old, next) }];
  return [
    {
      path,
      ...(before === undefined ? {} : { before: shown(before) }),
      ...(after === undefined ? {} : { after: shown(after) }),
    },
  ];
}

/** A text that is a JSON object is compared like one: the server's files travel as such. Arrays by their indices. */
function opened(value: unknown): unknown {
  if (Array.isArray(value)) return Object.fromEntries(value.map((item, index) => [`[${index}]`, item as unknown]));
  if (typeof value !== "string" || !value.startsWith("{")) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !(SIGNATURE in value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.includes("\n");
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function joined(path: string, key: string): string {
  if (key.startsWith("[")) return `${path}${key}`;
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key);
  if (path === "") return plain ? key : `["${key}"]`;
  return plain ? `${path}.${key}` : `${path}["${key}"]`;
}

/** The lines that only one of two texts has, and how many more there are. */
function changedLines(before: string, after: string): { before: string; after: string } {
  const [old, next] = [before.split("\n"), after.split("\n")];
  const [had, has] = [new Set(old), new Set(next)];
  return {
    before: listed(old.filter((line) => !has.has(line))),
    after: listed(next.filter((line) => !had.has(line))),
  };
}

function listed(lines: readonly string[]): string {
  const first = lines.slice(0, LINES_LIMIT).map((line) => cut(redact(line)));
  const rest = lines.length - first.length;
  return [...first, ...(rest > 0 ? [`and ${rest} more lines`] : [])].join("\n");
}

/** A value as text. A secret is never one, in whichever of its shapes the engine hands it over. */
function shown(value: unknown): string {
  const plain = withoutSecrets(value);
  const text = typeof plain === "string" ? plain : JSON.stringify(plain);
  return text === NOT_KNOWN ? "known after the update" : cut(redact(text));
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value === NOT_KNOWN ? "known after the update" : value;
  if (SIGNATURE in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}

/** The tail says more than the middle: digests and file names differ at their ends. */
function cut(text: string): string {
  if (text.length <= VALUE_LIMIT) return text;
  const half = Math.floor((VALUE_LIMIT - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}
