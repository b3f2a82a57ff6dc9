import { isDeepStrictEqual } from "node:util";

import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/** A property as it looks once secrets are unwrapped: plain JSON, with `UNKNOWN` where a preview does not know yet. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Properties = Record<string, Value>;

/** Keys and indexes from the top of a property bag down to one value. */
export type Path = readonly (string | number)[];

/** Properties, and where in them the secrets are. */
export interface Marked {
  readonly plain: Properties;
  readonly secrets: readonly Path[];
}

/** What the engine writes for a value that a preview does not know (sdk/go/common/resource/plugin/rpc.go, all kinds). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_KINDS = new Set<unknown>([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Reads the engine's properties: secrets unwrapped and remembered by path. */
export function fromWire(struct: Struct | undefined): Marked {
  const secrets: Path[] = [];
  const plain = struct === undefined ? {} : unwrap(struct.toJavaScript(), [], secrets);
  return { plain: plain as Properties, secrets };
}

/** Writes properties for the engine, each path of `secrets` that exists wrapped as a secret. */
export function toWire(marked: Marked): Struct {
  let wrapped: Value = structuredClone(marked.plain);
  // Outermost last: a wrapped parent may hold wrapped children, but a path must not lead through a wrapper.
  for (const path of [...marked.secrets].sort((a, b) => b.length - a.length)) wrapped = wrapAt(wrapped, path);
  return Struct.fromJavaScript(wrapped as Record<string, JavaScriptValue>);
}

export function isUnknown(value: Value | undefined): boolean {
  return value === UNKNOWN;
}

export function hasUnknown(value: Value | undefined): boolean {
  if (isUnknown(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some((item) => hasUnknown(item));
}

export function same(a: Value | undefined, b: Value | undefined): boolean {
  return isDeepStrictEqual(a, b);
}

export function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a dotted path such as "bootDisk.initializeParams.image", without lists on the way. */
export function pick(properties: Properties, dotted: string): Value | undefined {
  let current: Value | undefined = properties;
  for (const key of dotted.split(".")) current = isRecord(current) ? current[key] : undefined;
  return current;
}

/** The string at a dotted path, or "" where there is none. */
export function text(properties: Properties, dotted: string): string {
  const value = pick(properties, dotted);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The objects of the list at a dotted path, or none. */
export function items(properties: Properties, dotted: string): Properties[] {
  const value = pick(properties, dotted);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The strings of the list at a dotted path, or none. */
export function strings(properties: Properties, dotted: string): string[] {
  const value = pick(properties, dotted);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Properties without the named keys. */
export function without(properties: Properties, keys: Iterable<string>): Properties {
  const drop = new Set(keys);
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !drop.has(key)));
}

/** Properties, and at every depth what only the others have. */
export function completed(properties: Properties, others: Properties): Properties {
  const added = Object.entries(others).map(([key, other]) => {
    const own = properties[key];
    return [key, isRecord(own) && isRecord(other) ? completed(own, other) : (own ?? other)];
  });
  return { ...properties, ...Object.fromEntries(added) } as Properties;
}

function unwrap(value: Value, path: Path, secrets: Path[]): Value {
  if (UNKNOWN_KINDS.has(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map((item, index) => unwrap(item, [...path, index], secrets));
  if (!isRecord(value)) return value;
  if (value[SIGNATURE_KEY] === SECRET_SIGNATURE) {
    secrets.push(path);
    return unwrap(value["value"] ?? null, path, secrets);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item, [...path, key], secrets)]));
}

function wrapAt(value: Value, path: Path): Value {
  const [key, ...rest] = path;
  if (key === undefined) return isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
  if (Array.isArray(value) && typeof key === "number") {
    return value.map((item, index) => (index === key ? wrapAt(item, rest) : item));
  }
  const child = isRecord(value) && typeof key === "string" ? value[key] : undefined;
  return child === undefined ? value : { ...(value as Properties), [key]: wrapAt(child, rest) };
}

function isSecret(value: Value): boolean {
  return isRecord(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}
