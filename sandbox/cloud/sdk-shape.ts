import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What an input may be. */
export type FieldType =
  | { readonly kind: "any" | "string" | "number" | "boolean" }
  | { readonly kind: "list" | "map"; readonly element: FieldType }
  | { readonly kind: "object"; readonly fields: () => Fields };
export interface Field {
  readonly required: boolean;
  readonly type: FieldType;
}
export type Fields = Readonly<Record<string, Field>>;

/** What the pinned SDK says of a resource type. */
export interface Shape {
  readonly inputs: Fields;
  readonly outputs: ReadonlySet<string>;
}

const shapes = new Map<string, Shape>();
const inputFiles = new Map<string, string>();

/**
 * Inputs and outputs of a type, read from the declarations of its SDK (`@pulumi/<package>`), so that the stand-in refuses what
 * the pinned version's schema refuses without anyone copying that schema.
 *
 * @param token e.g. "gcp:compute/instance:Instance", "docker-build:index:Image"
 */
export function shapeOf(token: string): Shape {
  const known = shapes.get(token);
  if (known !== undefined) return known;
  const [sdk = "", module = "", name = ""] = token.split(":");
  const folder = module.split("/")[0] ?? "";
  const declarations = readDeclarations(join(sdkRoot(sdk), folder === "index" ? "" : folder), name);
  const shape = {
    inputs: members(blockOf(declarations, `export interface ${name}Args {`, "\n}"), sdk),
    outputs: new Set(
      [...declarations.matchAll(/^ {4}readonly (\w+): pulumi\.Output</gm)].map((match) => match[1] ?? ""),
    ),
  };
  shapes.set(token, shape);
  return shape;
}

/** Version of an installed SDK, which is also its plugin's. */
export function sdkVersion(sdk: string): string {
  return (JSON.parse(readFileSync(join(sdkRoot(sdk), "package.json"), "utf8")) as { version: string }).version;
}

function sdkRoot(sdk: string): string {
  return dirname(require.resolve(`@pulumi/${sdk}/package.json`));
}

/** The generator lowers a class name's case in its own way ("iammember", "d1database", "index_"): any case will do. */
function readDeclarations(folder: string, name: string): string {
  const wanted = [`${name}.d.ts`.toLowerCase(), `${name}_.d.ts`.toLowerCase()];
  const found = readdirSync(folder).filter((file) => wanted.includes(file.toLowerCase()));
  const texts = found.map((file) => readFileSync(join(folder, file), "utf8"));
  const own = texts.find((declarations) => declarations.includes(`export interface ${name}Args {`));
  if (own === undefined) throw new Error(`The SDK in ${folder} declares no resource "${name}".`);
  return own;
}

function blockOf(source: string, opening: string, closing: string): string {
  const start = source.indexOf(opening);
  if (start < 0) throw new Error(`The SDK's declarations hold no "${opening}".`);
  return source.slice(start + opening.length, source.indexOf(closing, start));
}

function members(block: string, sdk: string): Fields {
  const code = block.replaceAll(/\/\*\*.*?\*\//gs, "").replaceAll(/\s+/g, " ");
  const fields: Record<string, Field> = {};
  for (const member of splitTop(code, ";")) {
    const match = /^"?(\w+)"?(\?)?: (.+)$/.exec(member.trim());
    if (match?.[1] === undefined) continue;
    fields[match[1]] = { required: match[2] === undefined, type: typeOf(match[3] ?? "", sdk) };
  }
  return fields;
}

function typeOf(written: string, sdk: string): FieldType {
  const alternatives = splitTop(written.trim(), "|").map((part) => part.trim());
  const code = alternatives.find((part) => part !== "undefined") ?? "";
  const input = wrapped(code, /^pulumi\.Input<(.+)>$/);
  if (input !== undefined) return typeOf(input, sdk);
  const element = wrapped(code, /^(.+)\[\]$/);
  if (element !== undefined) return { kind: "list", element: typeOf(element, sdk) };
  const value = wrapped(code, /^\{ \[key: string\]: (.+); \}$/);
  if (value !== undefined) return { kind: "map", element: typeOf(value, sdk) };
  const named = wrapped(code, /^inputs\.(.+)$/);
  if (named !== undefined) return { kind: "object", fields: () => nested(sdk, named) };
  if (code === "number" || code === "boolean" || code === "string") return { kind: code };
  return { kind: /^(enums\.|")/.test(code) ? "string" : "any" };
}

function wrapped(code: string, pattern: RegExp): string | undefined {
  return pattern.exec(code)?.[1];
}

/** @param path e.g. "compute.InstanceBootDisk" (gcp), "BuildContextArgs" (packages without modules) */
function nested(sdk: string, path: string): Fields {
  const source = inputFiles.get(sdk) ?? readFileSync(join(sdkRoot(sdk), "types", "input.d.ts"), "utf8");
  inputFiles.set(sdk, source);
  const [name = "", module] = path.split(".").reverse();
  if (module === undefined) return members(blockOf(source, `export interface ${name} {`, "\n}"), sdk);
  const namespace = source.slice(source.indexOf(`export declare namespace ${module} {`));
  return members(blockOf(namespace, `    interface ${name} {`, "\n    }"), sdk);
}

/** Splits at a separator that stands in no bracket. */
function splitTop(code: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < code.length; at += 1) {
    const char = code.charAt(at);
    if ("<{([".includes(char)) depth += 1;
    if (">})]".includes(char)) depth -= 1;
    if (depth === 0 && char === separator) {
      parts.push(code.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, code.slice(start)].filter((part) => part.trim() !== "");
}
