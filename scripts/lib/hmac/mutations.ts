import { gunzipSync } from "node:zlib";

import { MAX_DELIVERY_BYTES } from "../../../core/delivery-limit";

/** A change that may have been made to a body, and what the body was if it was made. */
export interface Undone {
  /** What happened to the body, for example "a line ending was added at its end". */
  readonly change: string;
  readonly body: Buffer;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The bodies that a captured one may have been before a proxy, an editor or a copy changed it, each with the change. Only
 * changes that can be undone without guessing: what sorts keys or rounds numbers leaves no way back.
 */
export function undoneChanges(body: Buffer): readonly Undone[] {
  const all = [...ofBytes(body), ...ofText(body), ...ofJson(body)];
  return all.filter((one, index) => {
    const isFirst = all.findIndex((other) => other.body.equals(one.body)) === index;
    return isFirst && !one.body.equals(body);
  });
}

function ofBytes(body: Buffer): Undone[] {
  const text = body.toString("latin1");
  const changes: Undone[] = [
    { change: "a byte order mark was put before it", body: body.subarray(0, 3).equals(BOM) ? body.subarray(3) : body },
    { change: "its byte order mark was taken away", body: Buffer.concat([BOM, body]) },
    { change: "white space was added at its end", body: Buffer.from(text.replace(/\s+$/, ""), "latin1") },
    { change: "white space was added around it", body: Buffer.from(text.trim(), "latin1") },
    { change: "the line ending at its end was taken away", body: Buffer.from(`${text}\n`, "latin1") },
    { change: "the line ending at its end was taken away", body: Buffer.from(`${text}\r\n`, "latin1") },
    { change: "LF was made CRLF", body: Buffer.from(text.replaceAll("\r\n", "\n"), "latin1") },
    { change: "CRLF was made LF", body: Buffer.from(text.replace(/\r?\n/g, "\r\n"), "latin1") },
    ...unpacked(body),
  ];
  if (/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)) {
    changes.push({ change: "it was encoded as base64", body: Buffer.from(text, "base64") });
  }
  return changes;
}

function unpacked(body: Buffer): Undone[] {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return [];
  try {
    return [{ change: "it was compressed", body: gunzipSync(body, { maxOutputLength: MAX_DELIVERY_BYTES }) }];
  } catch {
    return [];
  }
}

function ofText(body: Buffer): Undone[] {
  const text = body.toString("utf8");
  return [
    { change: "its characters were composed (NFC)", body: Buffer.from(text.normalize("NFD")) },
    { change: "its characters were decomposed (NFD)", body: Buffer.from(text.normalize("NFC")) },
    { change: "UTF-8 was read as Latin-1 and written as UTF-8 again", body: Buffer.from(text, "latin1") },
    { change: "its quotes were made typographic", body: Buffer.from(text.replace(/[“”„]/g, '"')) },
  ];
}

/** Ways in which JSON writes a character: with a backslash or without. */
const SLASHES = [
  { escaped: true, word: "with \\/" },
  { escaped: false, word: "with /" },
] as const;
const UNICODE = ["none", "html", "all"] as const;

/** JSON that was read and written again: the same values, other spaces and escapes. */
function ofJson(body: Buffer): Undone[] {
  const text = body.toString("utf8");
  if (!/^\s*[[{]/.test(text)) return [];
  const compact = withoutSpaces(text);
  return [compact, text]
    .flatMap((one) =>
      SLASHES.flatMap(({ escaped, word }) =>
        UNICODE.map((unicode) => ({
          change: `its JSON was written again (${one === text ? "escapes" : "spaces, escapes"}; it was ${word}, escapes: ${unicode})`,
          body: Buffer.from(respelled(one, { escaped, unicode })),
        })),
      ),
    )
    .concat({ change: "spaces were put into its JSON", body: Buffer.from(compact) });
}

/** Takes the white space between JSON's tokens away, and leaves strings as they are. */
function withoutSpaces(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/gs, (_all, text: string | undefined) => text ?? "");
}

interface Spelling {
  readonly escaped: boolean;
  /** html: what Rails escapes, & < > and the two line separators. */
  readonly unicode: (typeof UNICODE)[number];
}

/** The same strings, spelled in one way throughout. */
function respelled(json: string, { escaped, unicode }: Spelling): string {
  return json.replace(/"(?:[^"\\]|\\.)*"/gs, (text) => {
    const plain = text
      .replaceAll("\\/", "/")
      .replace(/\\u([0-9a-fA-F]{4})/g, (all, code: string) => unlessControl(all, parseInt(code, 16)));
    const slashed = escaped ? plain.replaceAll("/", "\\/") : plain;
    if (unicode === "none") return slashed;
    return slashed.replace(unicode === "html" ? /[&<>\u2028\u2029]/g : /[&<>]|[^ -~]/g, escapeOf);
  });
}

/** Control characters, quotes and backslashes have no other spelling in JSON. */
function unlessControl(all: string, code: number): string {
  return code < 0x20 || code === 0x22 || code === 0x5c ? all : String.fromCharCode(code);
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
