import { createHash } from "node:crypto";

import type { ConfigFailure, InputCheck, ResourceType } from "./resource-type";
import { shapeOf } from "./sdk-shape";
import type { Field, Fields, FieldType } from "./sdk-shape";
import { hasUnknown, isRecord, isUnknown } from "./values";
import type { Path, Properties, Value } from "./values";

/** Length of the hexadecimal tail of a name that the provider makes up. */
const SUFFIX_LENGTH = 7;

/** What Check finds wrong with inputs: unknown and missing keys and wrong kinds by the SDK, then the type's own conditions. */
export function inputFailures(type: ResourceType, inputs: Properties, secrets: readonly Path[]): ConfigFailure[] {
  const failures = fieldFailures(shapeOf(type.token).inputs, inputs, "");
  for (const [path, check] of Object.entries(type.checks ?? {})) {
    failures.push(...conditionFailures(path.split("."), { inputs, value: inputs, at: "", check }));
  }
  const hidden = new Set(secrets.map((path) => String(path[0])));
  return failures.map((failure) =>
    hidden.has(topOf(failure.property))
      ? { ...failure, reason: `"${failure.property}" is not valid (its value is secret)` }
      : failure,
  );
}

/** Inputs that the provider adds: its own defaults, and a name from the logical name and the engine's random seed. */
export function addedInputs(
  type: ResourceType,
  inputs: Properties,
  from: { name: string; olds: Properties; seed: Uint8Array },
): Properties {
  const added: Properties = {};
  for (const [key, value] of Object.entries(type.inputDefaults ?? {}))
    if (inputs[key] === undefined) added[key] = value;
  const named = type.autoname;
  if (named !== undefined && inputs[named] === undefined) {
    const suffix = createHash("sha256").update(from.seed).update(from.name).digest("hex").slice(0, SUFFIX_LENGTH);
    added[named] = from.olds[named] ?? `${from.name}-${suffix}`;
  }
  return added;
}

function fieldFailures(fields: Fields, values: Properties, at: string): ConfigFailure[] {
  const failures: ConfigFailure[] = [];
  for (const [key, value] of Object.entries(values)) {
    const field = fields[key];
    // Engine and SDK add bookkeeping keys such as "__defaults" that no schema names.
    if (key.startsWith("__")) continue;
    if (field === undefined)
      failures.push({ property: at + key, reason: `"${at}${key}" is no input of this resource` });
    else failures.push(...kindFailures(field.type, value, at + key));
  }
  return [...failures, ...missing(fields, values, at)];
}

function missing(fields: Fields, values: Properties, at: string): ConfigFailure[] {
  return Object.entries(fields)
    .filter(([key, field]: [string, Field]) => field.required && (values[key] ?? null) === null)
    .map(([key]) => ({ property: at + key, reason: `"${at}${key}" is required and missing` }));
}

function kindFailures(type: FieldType, value: Value, at: string): ConfigFailure[] {
  if (type.kind === "any" || value === null || isUnknown(value)) return [];
  if (type.kind === "object") {
    return isRecord(value) ? fieldFailures(type.fields(), value, `${at}.`) : [wrongKind(at, "an object", value)];
  }
  if (type.kind === "list") {
    if (!Array.isArray(value)) return [wrongKind(at, "a list", value)];
    return value.flatMap((item, index) => kindFailures(type.element, item, `${at}[${index}]`));
  }
  if (type.kind === "map") {
    if (!isRecord(value)) return [wrongKind(at, "a map", value)];
    return Object.entries(value).flatMap(([key, item]) => kindFailures(type.element, item, `${at}.${key}`));
  }
  // Terraform converts between scalars, so only a scalar that cannot be read as the wanted kind is refused.
  return readableAs(type.kind, value) ? [] : [wrongKind(at, `a ${type.kind}`, value)];
}

function readableAs(kind: "string" | "number" | "boolean", value: Value): boolean {
  if (typeof value === "object") return isAsset(value) && kind === "string";
  if (kind === "number")
    return typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
  if (kind === "boolean") return typeof value === "boolean" || value === "true" || value === "false";
  return true;
}

/** Assets and archives travel as objects with a signature of their own. */
function isAsset(value: Value): boolean {
  return isRecord(value) && "4dabf18193072939515e22adb298388d" in value;
}

function wrongKind(property: string, wanted: string, value: Value): ConfigFailure {
  const got =
    value === null ? "null" : Array.isArray(value) ? "a list" : isRecord(value) ? "an object" : `a ${typeof value}`;
  return { property, reason: `"${property}" must be ${wanted}, not ${got}` };
}

function conditionFailures(
  path: readonly string[],
  from: { inputs: Properties; value: Value; at: string; check: InputCheck },
): ConfigFailure[] {
  const { value, at } = from;
  const [key, ...rest] = path;
  if (key === undefined) {
    if (isUnknown(value) || (!isRecord(value) && hasUnknown(value))) return [];
    const reason = from.check(value, from.inputs);
    return reason === undefined ? [] : [{ property: at, reason: `"${at}" ${reason}` }];
  }
  if (key === "*") {
    const list = Array.isArray(value) ? value : [];
    return list.flatMap((item, index) => conditionFailures(rest, { ...from, value: item, at: `${at}[${index}]` }));
  }
  const next = isRecord(value) ? value[key] : undefined;
  if (next === undefined || next === null) return [];
  return conditionFailures(rest, { ...from, value: next, at: at === "" ? key : `${at}.${key}` });
}

function topOf(property: string): string {
  return property.split(/[.[]/)[0] ?? property;
}
