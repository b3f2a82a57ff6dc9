import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Migration } from "../components/providers/d1-migrations";
import { bundleConsole } from "../console/build";

/** What the Sync Console is made from. */
export interface ConsoleSources {
  /** The Worker as one ES module. */
  readonly module: string;
  /** By name. */
  readonly migrations: readonly Migration[];
}

/** Bundles the Worker, beside whatever else the program does meanwhile: esbuild is a process of its own. */
export async function readConsole(directory: string): Promise<ConsoleSources> {
  const migrations = readMigrations(join(directory, "migrations"));
  return { module: await bundleConsole({ directory }), migrations };
}

/** Every `<number>_<what>.sql` of a directory, in order. */
export function readMigrations(directory: string): readonly Migration[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((name) => ({ name, sql: readFileSync(join(directory, name), "utf8") }));
}
