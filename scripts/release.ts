import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { InvalidArgumentError, type Command } from "commander";

import { send } from "../clients/node-http";
import { digestOfTag } from "../clients/registry";
import { imageTag } from "../customers/erpnext-shapes";
import { knownReleases, RELEASES } from "../customers/release";
import { act, operatorCommand, type CommandContext } from "./lib/cli/command";
import { PROJECT_DIRECTORY } from "./lib/cli/open-customer";
import { makeRelease, releaseFile, type MadeRelease } from "./lib/release/make";
import { keepRecipe, recipeIn } from "./lib/release/recipe";
import { refreshRecipe } from "./lib/release/refresh";
import { refsOf } from "./lib/release/sources";
import { tryPatches } from "./lib/release/try-patches";

/** Where frappe_docker publishes its base images: Docker Hub. */
const REGISTRY = "https://registry-1.docker.io";

interface Options {
  readonly from?: string;
  readonly registry: URL;
  readonly refresh: boolean;
  readonly apply: boolean;
}

/** `./stack release <version>`: writes down what the next image holds. */
export function releaseCommand(): Command {
  return operatorCommand(
    "release",
    "Create a release of the image: newest commits, base digests and the current recipe.",
    "2026.12 --apply",
  )
    .argument("<version>", "its tag, for example 2026.12", parseVersion)
    .option("--from <release>", "the release whose branches it goes on from; default: the newest")
    .option("--registry <address>", "a mirror that has frappe/build and frappe/base", parseAddress, new URL(REGISTRY))
    .option("--refresh", "give a release that has not run yet the recipe as it is now, and change nothing else", false)
    .option("--apply", "write releases/<version>.yaml and keep the recipe; without it, say what would be in it", false)
    .action(act(release));
}

async function release({ terminal }: CommandContext, version: string, options: Options): Promise<boolean> {
  const { from = knownReleases().at(-1) ?? "1.0", registry, refresh, apply } = options;
  if (refresh) return refreshed({ terminal }, version, apply);
  const made = await makeRelease({
    version,
    from,
    recipe: recipeIn(PROJECT_DIRECTORY).name,
    releases: RELEASES,
    refsOf,
    digestOf: (image) => digestOfTag(image, { url: registry, send }),
    tryPatches: (connector) => tryPatches(connector, join(PROJECT_DIRECTORY, "image")),
  });
  describe(made, terminal);
  if (apply) {
    keepRecipe(PROJECT_DIRECTORY, RELEASES);
    writeFileSync(releaseFile(version, RELEASES), made.text, { flag: "wx" });
  }
  terminal.print(
    apply
      ? `releases/${version}.yaml is written. Commit it with releases/recipes/${made.release.recipe}; "./stack rollout --image ${version}" gives it to the fleet.`
      : "Nothing was written: --apply does it.",
  );
  terminal.result({ ...made, applied: apply });
  return true;
}

function refreshed({ terminal }: Pick<CommandContext, "terminal">, version: string, apply: boolean): boolean {
  const { before, recipe } = refreshRecipe(version, { root: PROJECT_DIRECTORY, releases: RELEASES, apply });
  if (recipe === before) terminal.print(`The release ${version} has the recipe as it is: ${recipe}.`);
  else if (apply)
    terminal.print(`The release ${version} has the recipe ${recipe} now, and no longer ${before}: commit releases/.`);
  else terminal.print(`The release ${version} would get the recipe ${recipe} in place of ${before}: --apply does it.`);
  terminal.result({ version, before, recipe, applied: apply });
  return true;
}

function describe({ release: made, changes, patches }: MadeRelease, terminal: CommandContext["terminal"]): void {
  terminal.print(`release ${made.version}, recipe ${made.recipe}`);
  for (const { url, branch, before, commit, compare } of changes) {
    const how = before === undefined ? "not pinned before" : (compare ?? "unchanged");
    terminal.verdict("ok", `${url} ${branch} ${commit.slice(0, 12)}: ${how}`);
  }
  for (const { id, state } of patches) terminal.verdict("ok", `patch ${id}: ${state}`);
}

function parseVersion(text: string): string {
  if (!imageTag.safeParse(text).success) throw new InvalidArgumentError("It must be an image tag such as 2026.12.");
  return text;
}

function parseAddress(text: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError("It must be an address such as https://registry.example.");
  }
  return new URL(text);
}
