import { linkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Document, isMap, isScalar, isSeq, type Pair, Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { z } from "zod";

import { UserError } from "../../../core/user-error";
import { parseCustomer } from "../../../customers/parse";
import { customerSchema, type Customer } from "../../../customers/schema";
import { compareFields, schemaAt } from "../../../customers/sections";
import { parseYaml } from "../../../customers/yaml-file";

type Path = readonly PropertyKey[];

/**
 * A customer as the text of its file: every field in the schema's order with the schema's own description of it, as in
 * customers/demo-store.yaml.
 */
export function customerYaml(customer: Customer): string {
  const document = new Document(ordered(customer, []));
  annotate(document.contents as YAMLMap, []);
  const head = [
    "# yaml-language-server: $schema=./customer.schema.json",
    "#",
    `# No secrets here: they are encrypted in Pulumi.${customer.slug}.yaml (pulumi config set --secret …).`,
    "",
    "",
  ].join("\n");
  const body = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  const text = head + separated(body);
  const { data } = parseYaml(text, `${customer.slug}.yaml`);
  const parsed = parseCustomer(data, customer.slug);
  if (!parsed.ok || !same(parsed.customer, customer))
    throw new Error("the customer's YAML does not say what it should");
  return text;
}

/** Puts the customer's file in its place, whole. @throws UserError when someone else's stands there already */
export function writeCustomer(customer: Customer, directory: string): string {
  const name = `customers/${customer.slug}.yaml`;
  const target = join(directory, name);
  const beside = `${target}.${process.pid}.new`;
  writeFileSync(beside, customerYaml(customer));
  try {
    // A link, unlike a rename, never replaces what is there.
    linkSync(beside, target);
    return name;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw appeared(customer.slug);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Two operators had the same customer. */
export function appeared(slug: string): UserError {
  return new UserError({
    what: `customers/${slug}.yaml has appeared meanwhile and is left as it is`,
    customer: slug,
    next: `see who made it (git log), then run "./stack intake ${slug} --check"`,
  });
}

/** The same data with its keys in the order of the schema, and without what is undefined. */
function ordered(value: unknown, path: Path): unknown {
  if (Array.isArray(value)) return value.map((element, index) => ordered(element, [...path, index]));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([left], [right]) => compareFields(customerSchema, [...path, left], [...path, right]));
  return Object.fromEntries(entries.map(([key, field]) => [key, ordered(field, [...path, key])]));
}

function annotate(map: YAMLMap, path: Path): void {
  for (const { key, value } of map.items as Pair<Scalar<string>>[]) {
    const here = [...path, key.value];
    const comment = descriptionAt(here);
    if (isScalar(value)) annotateScalar(value, comment);
    if (isSeq(value)) annotateList(value, here, comment);
    if (!isMap(value)) continue;
    if (comment !== undefined) value.commentBefore = comment;
    annotate(value, here);
  }
}

function annotateScalar(scalar: Scalar, comment: string | undefined): void {
  if (comment !== undefined) scalar.comment = comment;
  // YAML reads 1.0 as a number; the library quotes it, but only once it is told the style that the examples have.
  if (typeof scalar.value === "string" && /^[\d.]+$/.test(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
}

/** Topics stand on one line, as does a list without elements; the first of several mappings explains them all. */
function annotateList(list: YAMLSeq, path: Path, comment: string | undefined): void {
  list.flow = list.items.length === 0 || path.at(-1) === "topics";
  if (comment !== undefined) list[list.flow ? "comment" : "commentBefore"] = comment;
  const [first] = list.items;
  if (isMap(first)) annotate(first, [...path, 0]);
}

/** A field's description as a comment, without its full stop. */
function descriptionAt(path: Path): string | undefined {
  const description = fieldDescription(path);
  return description === undefined ? undefined : ` ${description.replace(/\.$/, "")}`;
}

/** What a field is, in the schema's own words. */
export function fieldDescription(path: Path): string | undefined {
  return describe(schemaAt(customerSchema, path));
}

function describe(schema: z.core.$ZodType | undefined): string | undefined {
  if (schema === undefined) return undefined;
  const own = z.globalRegistry.get(schema)?.description;
  if (own !== undefined) return own;
  const wrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wrapped ? describe(schema.unwrap()) : undefined;
}

/** A section's comment stands behind its key, and a blank line before each section. */
function separated(body: string): string {
  return body.replace(/^( *)(- )?(\w+):\n +#/gm, "$1$2$3: #").replace(/^(?=\w+:(?: #.*)?\n )/gm, "\n");
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(ordered(left, [])) === JSON.stringify(ordered(right, []));
}
