import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type Document, LineCounter, parseDocument, visit, type YAMLError } from "yaml";
import { looksLikeSecret, MASK, secretOffsets } from "../core/secrets";
import { SECRET_EXPOSED, START_OVER, storeCommand } from "./refusal";

/** The content of a YAML file, with the faults of its notation: one sentence each, by line and column. */
export interface YamlContent {
  /** The plain data; undefined when the notation is too broken to tell. */
  readonly data: unknown;
  readonly faults: readonly string[];
}

/** Bytes. A customer takes about 5 KB; the bound keeps a wrong file from being parsed at all. */
const LARGEST_FILE = 256 * 1024;

/** How often aliases may be expanded in all; a file that needs more is an attack or a mistake. */
const MOST_ALIASES = 100;

const EXAMPLE = "customers/demo-store.yaml is a valid example";

/** Reads a file as UTF-8. Gives one fault instead of throwing; `undefined` where there is no such file. */
export function readText(path: string, name: string): { text: string } | { fault: string } | undefined {
  try {
    const status = statSync(path);
    if (!status.isFile()) return { fault: `${name} is not a file: ${START_OVER}` };
    if (status.size > LARGEST_FILE) {
      return { fault: `${name} has ${status.size} bytes, where ${LARGEST_FILE} fit: ${START_OVER}` };
    }
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    const reason = code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "is not UTF-8" : `cannot be read (${code})`;
    return { fault: `${name} ${reason}: save it as a readable text file in UTF-8, like customers/demo-store.yaml` };
  }
}

/** Parses YAML 1.2 strictly: one document, no key twice, no tags, no merge keys, a bounded number of aliases. */
export function parseYaml(text: string, name: string): YamlContent {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      version: "1.2",
      schema: "core",
      merge: false,
      uniqueKeys: true,
      stringKeys: true,
      resolveKnownTags: false,
      prettyErrors: false, // pretty ones quote the source, secrets and all
      lineCounter: lines,
    });
    const problems = [...document.errors, ...document.warnings];
    const isBroken = problems.some(({ code }) => code !== "DUPLICATE_KEY");
    const faults = [
      ...problems.map((problem) => ({ offset: problem.pos[0], what: describe(problem, text) })),
      ...secretsOutside(isBroken ? undefined : document, { text, name }),
    ].sort((left, right) => left.offset - right.offset);
    return {
      data: isBroken ? undefined : document.toJS({ maxAliasCount: MOST_ALIASES }),
      faults: faults.map(({ offset, what }) => {
        const { line, col } = lines.linePos(offset);
        return `${name}, line ${line}, column ${col}: ${what}`;
      }),
    };
  } catch (error) {
    // The library throws on unknown aliases, on too many of them, and on nesting deeper than the stack.
    const reason = error instanceof Error ? masked(error.message) : "unknown error";
    return { data: undefined, faults: [`${name} cannot be read as YAML (${reason}): correct the YAML; ${EXAMPLE}`] };
  }
}

function describe(problem: YAMLError, text: string): string {
  if (problem.code === "DUPLICATE_KEY") {
    const key = /^[\w.-]+/.exec(text.slice(problem.pos[0]))?.[0] ?? "key";
    return `the key "${masked(key)}" stands there a second time: keep one of the two; ${EXAMPLE}`;
  }
  if (problem.code === "MULTIPLE_DOCS") {
    return `a second document starts there: keep one customer a file; ${EXAMPLE}`;
  }
  return `${masked(problem.message)}: correct the YAML; ${EXAMPLE}`;
}

interface Place {
  readonly offset: number;
  readonly what: string;
}

/**
 * Secrets outside the data: in comments, anchors and tags, and anywhere in a text whose data cannot be told (no
 * document). Those in keys and values are refused by field, see parse.ts.
 */
function secretsOutside(document: Document | undefined, source: { text: string; name: string }): readonly Place[] {
  const offsets = secretOffsets(source.text);
  if (offsets.length === 0) return [];
  const data: (readonly [number, number])[] = [];
  if (document !== undefined) {
    visit(document, {
      Scalar: (_, { range }) => {
        if (range != null) data.push([range[0], range[1]]);
      },
    });
  }
  const command = storeCommand("shopifyAdminToken", basename(source.name, ".yaml"));
  return offsets
    .filter((offset) => !data.some(([start, end]) => start <= offset && offset < end))
    .map((offset) => ({ offset, what: `there is ${SECRET_EXPOSED}, and run for example ${command}` }));
}

function masked(text: string): string {
  return looksLikeSecret(text) ? MASK : text;
}
