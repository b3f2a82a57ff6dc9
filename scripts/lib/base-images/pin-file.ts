import { isMap, isScalar, parseDocument, type Document } from "yaml";

/** The base images' digests, by their fields in `erpnext.baseImages`. */
export interface BasePins {
  readonly build: string;
  readonly base: string;
}

const FIELDS = ["build", "base"] as const;

/** What a customer's file says about its base images. */
export interface PinnedFile {
  /** `erpnext.frappeBranch`, whatever it is. */
  readonly frappeBranch: unknown;
  /** `erpnext.imageTag`, whatever it is. */
  readonly imageTag: unknown;
  /** The digests that stand there. */
  readonly pins: Partial<BasePins>;
}

/** Reads only what pinning needs: a production customer without digests is no whole customer yet. */
export function readPins(text: string): PinnedFile {
  const document = parseDocument(text);
  const pin = (field: keyof BasePins): Partial<BasePins> => {
    const value: unknown = document.getIn(["erpnext", "baseImages", field]);
    return typeof value === "string" ? { [field]: value } : {};
  };
  return {
    frappeBranch: document.getIn(["erpnext", "frappeBranch"]),
    imageTag: document.getIn(["erpnext", "imageTag"]),
    pins: { ...pin("build"), ...pin("base") },
  };
}

/**
 * The file with these digests, everything else as it was, comments and spacing too: the YAML library would write all of it
 * again. Undefined where the file is written in a way that leaves no place for them.
 */
export function withPins(text: string, pins: BasePins): string | undefined {
  const document = parseDocument(text);
  const edited = document.hasIn(["erpnext", "baseImages"])
    ? replaced(text, document, pins)
    : inserted(text, document, pins);
  return edited !== undefined && holds(edited, document, pins) ? edited : undefined;
}

/** From the back, so that no replacement moves the place of the other. */
function replaced(text: string, document: Document, pins: BasePins): string | undefined {
  const places = FIELDS.map((field) => ({ field, node: document.getIn(["erpnext", "baseImages", field], true) }));
  let edited = text;
  for (const { field, node } of places.sort((left, right) => startOf(right.node) - startOf(left.node))) {
    if (!isScalar(node) || node.range == null) return undefined;
    edited = `${edited.slice(0, node.range[0])}${pins[field]}${edited.slice(node.range[1])}`;
  }
  return edited;
}

function startOf(node: unknown): number {
  return isScalar(node) ? (node.range?.[0] ?? 0) : 0;
}

/** Behind the line of frappeBranch, whose images they are, and as deep as that. */
function inserted(text: string, document: Document, pins: BasePins): string | undefined {
  const erpnext = document.get("erpnext", true);
  const pair = isMap(erpnext)
    ? erpnext.items.find(({ key }) => isScalar(key) && key.value === "frappeBranch")
    : undefined;
  if (!isScalar(pair?.key) || pair.key.range == null) return undefined;
  const start = text.lastIndexOf("\n", pair.key.range[0]) + 1;
  const indent = text.slice(start, pair.key.range[0]);
  const lineEnd = text.indexOf("\n", pair.key.range[1]);
  if (indent.trim() !== "" || lineEnd === -1) return undefined;
  const newline = text[lineEnd - 1] === "\r" ? "\r\n" : "\n";
  const lines = [
    `${indent}baseImages: # what the image is built on; by npm run pin-base-images`,
    ...FIELDS.map((field) => `${indent}${indent}${field}: ${pins[field]}`),
  ];
  return `${text.slice(0, lineEnd + 1)}${lines.map((line) => line + newline).join("")}${text.slice(lineEnd + 1)}`;
}

/** Whether the edited file says just what the old one does, and the digests. */
function holds(edited: string, before: Document, pins: BasePins): boolean {
  const after = parseDocument(edited);
  if (after.errors.length > 0) return false;
  before.setIn(["erpnext", "baseImages"], { ...pins });
  return JSON.stringify(sorted(after.toJS())) === JSON.stringify(sorted(before.toJS()));
}

/** The same data with the keys of every mapping in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
