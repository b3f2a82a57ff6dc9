import { gunzipSync, gzipSync } from "node:zlib";

import type { Doc } from "../../erpnext";
import { ProgramError } from "../programs/call";

type Tables = Readonly<Record<string, readonly Doc[]>>;

const ROW = /^INSERT INTO `([^`]+)` VALUES \((.*)\);$/;

/** A dump as `mariadb-dump | gzip` would leave it: a row a line, and the line that tells that it is whole. */
export function dump(tables: Tables, now: Date): Buffer {
  const rows = Object.entries(tables).flatMap(([doctype, docs]) =>
    docs.map((doc) => `INSERT INTO \`${doctype}\` VALUES (${JSON.stringify(doc)});`),
  );
  const time = now.toISOString().slice(0, 19).replace("T", " ");
  return gzipSync(["-- MariaDB dump 10.19", ...rows, `-- Dump completed on ${time}`, ""].join("\n"));
}

/** Throws what bench does with a file that is no whole dump. */
export function readDump(content: Buffer): Record<string, Doc[]> {
  const lines = unzipped(content).split("\n");
  if (lines.at(-2)?.startsWith("-- Dump completed") !== true) throw new ProgramError("The dump is not complete.");
  const tables: Record<string, Doc[]> = {};
  for (const line of lines) {
    const [, doctype = "", row = ""] = ROW.exec(line) ?? [];
    if (doctype !== "") (tables[doctype] ??= []).push(JSON.parse(row) as Doc);
  }
  return tables;
}

function unzipped(content: Buffer): string {
  try {
    return gunzipSync(content).toString();
  } catch {
    throw new ProgramError("gzip: database.sql.gz: not in gzip format");
  }
}
