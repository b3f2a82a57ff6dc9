import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

import { CloudError } from "../cloud-error";
import { isUnknown } from "../values";

/** A context with more files than this is a mistake (node_modules, a whole checkout), and reading it would stall the sandbox. */
const MOST_FILES = 1000;

export interface BuildContext {
  /** Directory or URL; "" for the directory of the program. */
  readonly location: string;
  /** Path of the Dockerfile; "" for the context's own or an inline one. */
  readonly dockerfile: string;
  /** Further contexts by name: directory, URL or "docker-image://…". */
  readonly named: Readonly<Record<string, string>>;
}

/** Changes when anything does that a build could read: paths, contents and executable bits. URLs count by their text. */
export function contextHash(directory: string, context: BuildContext): string {
  const hash = createHash("sha256");
  const places = [context.location, ...Object.entries(context.named).flat(), context.dockerfile];
  for (const place of places) {
    hash.update(`\0${place}\0`);
    if (place !== "" && !isUnknown(place) && !isRemote(place)) addPath(hash, resolve(directory, place));
  }
  return hash.digest("hex");
}

function isRemote(place: string): boolean {
  return /^[a-z+-]+:\/\/|^git@|^-$/.test(place);
}

function addPath(hash: ReturnType<typeof createHash>, path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  // A name of a named context is no path; a missing directory is the builder's to refuse.
  if (stats === undefined) return;
  const files = stats.isDirectory() ? filesBelow(path) : [path];
  for (const file of files) {
    const executable = (statSync(file).mode & 0o111) !== 0;
    hash.update(`${file.slice(path.length)}\0${executable ? "x" : "-"}\0`).update(readFileSync(file));
  }
}

function filesBelow(directory: string): string[] {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length > MOST_FILES) {
    throw new CloudError(
      400,
      `The build context ${directory} holds ${files.length} files, more than ${MOST_FILES}; give a smaller directory.`,
    );
  }
  return files;
}
