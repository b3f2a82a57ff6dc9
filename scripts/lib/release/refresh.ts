import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../../core/user-error";
import { knownReleases, readRelease } from "../../../customers/release";
import { keepRecipe, recipeIn } from "./recipe";

/** A release before and after its recipe was taken again. */
export interface Refreshed {
  readonly before: string;
  readonly recipe: string;
}

/**
 * Gives a release that no canary has run yet the recipe as the repository has it now, and removes the one before if no other release keeps it.
 * @throws UserError for a release that has run: its image is what it is
 */
export function refreshRecipe(version: string, where: { root: string; releases: string; apply: boolean }): Refreshed {
  const { root, releases, apply } = where;
  const read = readRelease(version, releases);
  if (read === undefined || !("release" in read)) {
    const why = read === undefined ? `there is no releases/${version}.yaml` : read.faults.join("; ");
    throw new UserError({ what: why, next: `choose among ${knownReleases(releases).join(", ")}` });
  }
  const { recipe: before, digest } = read.release;
  if (digest !== undefined) {
    throw new UserError({
      what: `the release "${version}" has run as ${digest}`,
      next: `make another one, for example with "./stack release ${version}.1 --from ${version}"`,
    });
  }
  const { name: recipe } = recipeIn(root);
  if (!apply || recipe === before) return { before, recipe };
  keepRecipe(root, releases);
  const path = join(releases, `${version}.yaml`);
  // In quotes, or YAML reads some of them as a number.
  const line = new RegExp(`^recipe: ["']?${before}["']?`, "m");
  writeFileSync(path, readFileSync(path, "utf8").replace(line, `recipe: "${recipe}"`));
  const isKept = knownReleases(releases).some((other) => {
    const found = readRelease(other, releases);
    return found !== undefined && "release" in found && found.release.recipe === before;
  });
  if (!isKept) rmSync(join(releases, "recipes", before), { recursive: true });
  return { before, recipe };
}
