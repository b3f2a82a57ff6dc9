import { looksLikeSecret, MASK } from "../core/secrets";

/** What zod tells about a value that a shape refused; the part of its raw issue that sentences are made of. */
export interface RefusedValue {
  readonly path?: readonly PropertyKey[] | undefined;
  readonly input?: unknown;
}

/** How a refusal goes on after the value. */
export interface Reason {
  /** Follows "which", for example `is not a host name`. */
  readonly which: string;
  /** A valid value, in the notation of YAML: text in double quotes. */
  readonly example: string;
  /** True where the value may be a secret although it has no known shape of one. */
  readonly hidden?: boolean;
}

const LONGEST_SHOWN = 80;
const HIDDEN = "a value that may be a secret (not shown)";

/** What to do where there is no customer at all. */
export const START_OVER = "start from a copy of customers/demo-store.yaml, the documented example";

/** A field's path as an operator reads it, in double quotes: `"erpnext.apps[0].url"`. Keys that look like secrets are masked. */
export function fieldName(path: readonly PropertyKey[]): string {
  const name = path.reduce<string>((left, part) => {
    if (typeof part === "number") return `${left}[${part}]`;
    const key = looksLikeSecret(String(part)) ? MASK : String(part);
    return left === "" ? key : `${left}.${key}`;
  }, "");
  return JSON.stringify(name === "" ? "customer" : shorten(name));
}

/** A value as it may be printed: quoted and shortened, never a secret, never the content of a list or mapping. */
export function shown(value: unknown): string {
  if (typeof value === "string") return looksLikeSecret(value) ? HIDDEN : JSON.stringify(shorten(value));
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return "a mapping";
}

/**
 * The sentence of one refused value: field in double quotes, value unless secret, what is wrong, and at its end a valid
 * example. No full stop, so that the example can be copied and callers can go on.
 */
export function refuse(refused: RefusedValue, reason: Reason): string {
  const field = fieldName(refused.path ?? []);
  const next = `write for example ${reason.example}`;
  if (refused.input === undefined) return `${field} is missing: ${next}`;
  if (refused.input === null) return `${field} is empty: ${next}`;
  const value = reason.hidden === true ? HIDDEN : shown(refused.input);
  return `${field} is ${value}, which ${reason.which}: ${next}`;
}

/** What an unknown key is measured against: the known fields beside it, each with a valid value in YAML notation. */
export type KnownFields = Readonly<Record<string, string>>;

/** The sentence of a key that no field has; it names the field that was probably meant. */
export function refuseUnknownKey(path: readonly PropertyKey[], key: string, known: KnownFields): string {
  const field = fieldName([...path, key]);
  const near = Object.keys(known).find((candidate) => distance(candidate.toLowerCase(), key.toLowerCase()) <= 2);
  if (near !== undefined) {
    return `${field} is not a known field: did you mean "${near}", for example ${near}: ${known[near] ?? ""}`;
  }
  const [first = ""] = Object.keys(known);
  const names = Object.keys(known).join(", ");
  return `${field} is not a known field: remove it or use one of ${names}, for example ${first}: ${known[first] ?? ""}`;
}

function shorten(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}

/** Levenshtein distance: how many characters to insert, delete or replace. Only run once something was refused. */
function distance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 2) return Infinity;
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 0; row < left.length; row += 1) {
    const current = [row + 1];
    for (let column = 0; column < right.length; column += 1) {
      const replaced = (previous[column] ?? 0) + (left[row] === right[column] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? Infinity;
}

/** What is said of a secret that stands in a customer file; a fault goes on with "and" and the next step. */
export const SECRET_EXPOSED =
  "what looks like a secret (not shown), and customer files are committed in clear: remove it, revoke it if it was committed";

/** The command that puts a secret where it belongs: encrypted, into the configuration of the customer's stack. */
export function storeCommand(key: string, slug: string): string {
  return `pulumi config set --secret ${key} -s ${slug}`;
}
