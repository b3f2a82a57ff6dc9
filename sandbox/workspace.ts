import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** What a deployment is made of; everything else in the repository is tests, tools and text. */
const PRODUCT = [
  "Pulumi.yaml",
  "Pulumi.README.md",
  "package.json",
  "tsconfig.json",
  "clients",
  "components",
  "console",
  "core",
  "customers",
  "deliveries",
  "host",
  "image",
  "infra",
  "reconciliation",
  "releases",
  "scripts",
  "stack",
  "tools",
] as const;

/** The repository's root. */
export const REPOSITORY = resolve(__dirname, "..");

/**
 * Makes a working copy of this very program, with its own customers/ to write to, so that neither the demo nor a test
 * leaves a stack file or an edited intake file in the repository.
 */
export function makeWorkspace(directory: string): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const entry of PRODUCT) {
    cpSync(join(REPOSITORY, entry), join(directory, entry), { recursive: true, filter: (path) => !isTest(path) });
  }
  symlinkSync(join(REPOSITORY, "node_modules"), join(directory, "node_modules"), "dir");
  return directory;
}

function isTest(path: string): boolean {
  return /\.test\.ts$/.test(path) || /\/test(ing)?$/.test(dirname(path));
}
