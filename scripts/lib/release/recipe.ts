import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, join, relative } from "node:path";

/** The directories that an image is built from; one that is not there is no part of the recipe. */
const ROOMS = ["image", "deliveries"] as const;

/** What no build reads: tests, texts, and what Python leaves behind. */
const LEFT_OUT = /(^|\/)(tests|__pycache__|\.pytest_cache)(\/|$)|\.(md|pyc)$/;

/** A recipe: everything that a build reads of this repository. */
export interface Recipe {
  /** 16 hexadecimal digits of a hash over paths, executable bits and contents. */
  readonly name: string;
  /** Paths from the repository's root, sorted. */
  readonly files: readonly string[];
}

/** The recipe as a directory holds it: the repository, or what a release has kept. */
export function recipeIn(root: string): Recipe {
  const files = ROOMS.filter((room) => existsSync(join(root, room))).flatMap((room) => filesBelow(root, room));
  const hash = createHash("sha256");
  for (const file of files) {
    const path = join(root, file);
    const executable = (statSync(path).mode & 0o111) !== 0;
    hash
      .update(`${file}\0${executable ? "x" : "-"}\0`)
      .update(readFileSync(path))
      .update("\0");
  }
  return { name: hash.digest("hex").slice(0, 16), files };
}

function filesBelow(root: string, room: string): readonly string[] {
  return readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((path) => !LEFT_OUT.test(path))
    .sort();
}

/**
 * Keeps the repository's recipe in `<releases>/recipes/<name>`, whole or not at all. Recipes are named by what they hold, so one that is
 * there already is the same.
 */
export function keepRecipe(root: string, releases: string): Recipe {
  const recipe = recipeIn(root);
  const kept = join(releases, "recipes", recipe.name);
  if (existsSync(kept)) return recipe;
  const half = mkdtempSync(join(releases, "recipes", `.${basename(kept)}-`));
  try {
    for (const file of recipe.files) cpSync(join(root, file), join(half, file), { recursive: true });
    chmodSync(half, 0o755);
    renameSync(half, kept);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    throw error;
  }
  return recipe;
}
