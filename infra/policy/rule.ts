import type { Customer } from "../../customers/schema";

/** Where a value stands that is not known before the update: a rule judges it when it is. */
export const UNKNOWN = Symbol("known after the update");

/** Where a value stands that the stack keeps secret. */
export const SECRET = Symbol("secret");

/** A resource as the program registers it. */
export interface PolicyResource {
  /** Pulumi's type token, for example "gcp:compute/disk:Disk". */
  readonly type: string;
  /** Name in the program, for example "server-data". */
  readonly name: string;
  /** With {@link UNKNOWN} and {@link SECRET} in place of values, at any depth. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /**
   * The inputs that it was made from, where this run would change it. Only a preview knows them: the engine tells its policy packs nothing of
   * what there was before.
   */
  readonly before?: Readonly<Record<string, unknown>>;
  /** Whether Pulumi refuses to delete it. */
  readonly protect: boolean;
}

/** What a resource must not be, whatever the program says. */
export interface Rule {
  readonly name: string;
  /** The failure that it prevents, one sentence. */
  readonly why: string;
  /** What is wrong, in words that follow the resource's name, and what to do; undefined where nothing is. */
  faultOf(resource: PolicyResource, customer: Customer): string | undefined;
}

/** Whether a value is {@link UNKNOWN} or {@link SECRET}, of which a rule says nothing. */
export function isHidden(value: unknown): boolean {
  return typeof value === "symbol";
}

/** A known text; undefined of anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The known elements of a list; undefined where the list itself is not there or not known. */
export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as readonly unknown[]) : undefined;
}

/** The fields of an object; none where it is not there or not known. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** A value with its path, for example `metadata["erpnext-env"]`, at every depth of an object. */
export function* leavesOf(value: unknown, path = ""): Generator<readonly [path: string, value: unknown]> {
  if (typeof value !== "object" || value === null) {
    yield [path, value];
    return;
  }
  for (const [key, inner] of Object.entries(value)) yield* leavesOf(inner, joined(path, key, Array.isArray(value)));
}

function joined(path: string, key: string, isIndex: boolean): string {
  if (isIndex) return `${path}[${key}]`;
  if (!/^[A-Za-z_]\w*$/.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}
