import type { z } from "zod";
import { hasUrlCredentials, isSecretKey, looksLikeSecret } from "../core/secrets";
import { fieldName, refuseUnknownKey, SECRET_EXPOSED, shown, START_OVER, storeCommand } from "./refusal";
import { customerSchema, type Customer } from "./schema";
import { compareFields, knownFields, schemaAt } from "./sections";

/** A customer, or every fault at once: one sentence each, sorted as the fields stand in the schema, none with a full stop. */
export type ParsedCustomer =
  { readonly ok: true; readonly customer: Customer } | { readonly ok: false; readonly faults: readonly string[] };

/** One refusal: the path of the field to change, and a sentence without a full stop that ends in a valid example. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Parses a customer from untyped data, such as a file's content or the answers of the intake. `slug` is the name the
 * customer is asked for by; the data must carry the same. Never throws.
 */
export function parseCustomer(data: unknown, slug: string): ParsedCustomer {
  const read = readFields(data, slug);
  return read.ok ? read : { ok: false, faults: read.faults.map(({ message }) => message) };
}

/** As {@link parseCustomer}, with the place of every fault: the intake asks for that field again. */
export function customerFaults(data: unknown, slug: string): readonly Fault[] {
  const read = readFields(data, slug);
  return read.ok ? [] : read.faults;
}

type ReadFields = { readonly ok: true; readonly customer: Customer } | { readonly ok: false; readonly faults: Fault[] };

function readFields(data: unknown, slug: string): ReadFields {
  if (!isMapping(data)) return { ok: false, faults: [{ path: [], message: noCustomer(data, slug) }] };
  const secrets = secretFaults(data, slug);
  // A process parses one customer; compiling the schema for it takes longer than it saves.
  const parsed = customerSchema.safeParse(data, { jitless: true });
  const refused = parsed.success ? [] : parsed.error.issues.flatMap(faultsOf);
  const named = slugFault(data, slug).filter(({ path }) => !refused.some((fault) => isAt(fault.path, path)));
  const others = [...refused, ...named].filter(({ path }) => !secrets.some((secret) => isAt(path, secret.path)));
  if (parsed.success && secrets.length === 0 && named.length === 0) return { ok: true, customer: parsed.data };
  const faults = [...secrets, ...others].sort((left, right) => compareFields(customerSchema, left.path, right.path));
  return { ok: false, faults };
}

/** Whether a path is the other one or lies below it. */
export function isAt(path: readonly PropertyKey[], upper: readonly PropertyKey[]): boolean {
  return upper.every((part, depth) => path[depth] === part);
}

/** One fault for each refusal of zod; it reports all unknown keys of a mapping as one. */
function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: issue.message }];
  const known = knownFields(schemaAt(customerSchema, issue.path) ?? customerSchema);
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    message: refuseUnknownKey(issue.path, key, known),
  }));
}

/** A file that is a copy of another customer's would otherwise change that customer's resources. */
function slugFault(data: Mapping, slug: string): readonly Fault[] {
  const inside = data["slug"];
  if (inside === undefined || inside === slug) return [];
  const message = `"slug" is ${shown(inside)}, which is not the name of the file ${slug}.yaml: write for example "${slug}"`;
  return [{ path: ["slug"], message }];
}

/** Refuses every key and value that looks like a secret, wherever it stands. Lists and mappings may contain themselves. */
function secretFaults(data: unknown, slug: string): readonly Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<unknown>();
  const visit = (value: unknown, path: readonly PropertyKey[]): void => {
    const key = path.at(-1);
    if ((typeof key === "string" && isSecret(key)) || (typeof value === "string" && looksLikeSecret(value))) {
      faults.push({ path, message: refuseSecret({ path, value, slug }) });
      return;
    }
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    for (const [part, child] of entries as [PropertyKey, unknown][]) visit(child, [...path, part]);
  };
  visit(data, []);
  return faults;
}

function isSecret(key: string): boolean {
  return isSecretKey(key) || looksLikeSecret(key);
}

function refuseSecret(secret: { path: readonly PropertyKey[]; value: unknown; slug: string }): string {
  const { path, value, slug } = secret;
  const text = typeof value === "string" ? value : "";
  const next = hasUrlCredentials(text)
    ? "write the address without them, for example https://github.com/frappe/erpnext"
    : `run for example ${storeCommand(text.includes("shpss_") ? "shopifyApiSecret" : "shopifyAdminToken", slug)}`;
  return `${fieldName(path)} holds ${SECRET_EXPOSED}, and ${next}`;
}

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(data: unknown): data is Mapping {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function noCustomer(data: unknown, slug: string): string {
  const found = data === undefined || data === null ? "is empty" : `is ${shown(data)} and not a mapping of fields`;
  return `customer "${slug}" ${found}: ${START_OVER}`;
}
