import { z } from "zod";
import { refuse, refuseUnknownKey, type KnownFields, type RefusedValue } from "./refusal";

/** Mappings and lists of a customer file, and what can be read off them: known fields, their order, a valid example. */

interface RefusedMapping extends RefusedValue {
  readonly code?: string | undefined;
  readonly keys?: readonly string[];
}

/** A mapping in which every key must be known. */
export function section<Shape extends z.ZodRawShape>(
  description: string,
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const schema: z.ZodObject<Shape, z.core.$strict> = z.strictObject(shape, {
    error: (issue: RefusedMapping) =>
      issue.code === "unrecognized_keys"
        ? (issue.keys ?? []).map((key) => refuseUnknownKey(issue.path ?? [], key, knownFields(schema))).join("; ")
        : refuse(issue, { which: "is not a mapping of fields", example: exampleOf(schema) }),
  });
  return schema.describe(description);
}

/** A list; `atLeastOne` says what an empty one would mean, following "which". */
export function list<Element extends z.ZodType>(element: Element, atLeastOne?: string): z.ZodArray<Element> {
  const example = (): string => `[${exampleOf(element)}]`;
  const schema = z.array(element, {
    error: (issue: RefusedValue) => refuse(issue, { which: "is not a list", example: example() }),
  });
  if (atLeastOne === undefined) return schema;
  return schema.min(1, { error: (issue: RefusedValue) => refuse(issue, { which: atLeastOne, example: example() }) });
}

/** A valid value of a schema in YAML's flow notation, made of the examples of its fields; required fields only. */
export function exampleOf(schema: z.core.$ZodType): string {
  const bare = unwrap(schema);
  const examples = z.globalRegistry.get(schema)?.examples ?? z.globalRegistry.get(bare)?.examples;
  if (Array.isArray(examples)) return flow(examples[0]);
  if (bare instanceof z.ZodArray) return `[${exampleOf(bare.element)}]`;
  const required = Object.entries(fieldsOf(bare)).filter(([, field]) => !isOptional(field));
  return `{ ${required.map(([key, field]) => `${key}: ${exampleOf(field)}`).join(", ")} }`;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, field]) => `${key}: ${flow(field)}`)
    .join(", ")} }`;
}

/** The fields of a mapping, each with a valid example; empty where the schema is no mapping. */
export function knownFields(schema: z.core.$ZodType): KnownFields {
  return Object.fromEntries(Object.entries(fieldsOf(schema)).map(([key, field]) => [key, exampleOf(field)]));
}

/** The schema of what stands at a path; undefined where the path leaves the schema. */
export function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>((parent, part) => {
    const bare = parent === undefined ? undefined : unwrap(parent);
    if (bare instanceof z.ZodArray) return typeof part === "number" ? bare.element : undefined;
    return bare === undefined ? undefined : fieldsOf(bare)[String(part)];
  }, schema);
}

/** Orders two paths as their fields stand in the schema; unknown keys follow the known ones of their mapping. */
export function compareFields(
  schema: z.core.$ZodType,
  left: readonly PropertyKey[],
  right: readonly PropertyKey[],
): number {
  for (const [depth, part] of left.entries()) {
    const other = right[depth];
    if (other === undefined) return 1;
    if (part === other) continue;
    const mapping = schemaAt(schema, left.slice(0, depth));
    return position(mapping, part) - position(mapping, other);
  }
  return left.length - right.length;
}

function position(mapping: z.core.$ZodType | undefined, part: PropertyKey): number {
  if (typeof part === "number") return part;
  const keys = mapping === undefined ? [] : Object.keys(fieldsOf(mapping));
  const index = keys.indexOf(String(part));
  return index === -1 ? keys.length : index;
}

function fieldsOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const bare = unwrap(schema);
  return bare instanceof z.ZodObject ? bare.shape : {};
}

function isOptional(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap());
  }
  return schema;
}
