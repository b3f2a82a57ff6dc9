import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { z } from "zod";

import { gitBranch, gitUrl, imageDigest, imageTag } from "./erpnext-shapes";
import { list, section } from "./sections";
import { text } from "./text-shape";
import { parseYaml, readText } from "./yaml-file";

/** Where releases are, beside the customers. */
export const RELEASES = join(__dirname, "../releases");

/** A commit of a git repository, by its whole SHA-1. */
const commit = text({
  pattern: /^[0-9a-f]{40}$/,
  kind: "a git commit of 40 hexadecimal digits",
  example: "4b9d35666abd84157ffadbf67558bbd3e1e39de7",
});

/** Major and minor number of a program, e.g. "3.11". */
const minor = text({ pattern: /^\d+\.\d+$/, kind: "a major and minor version", example: "3.11" });

const source = {
  url: gitUrl.describe("https address of the repository."),
  branch: gitBranch.describe("Branch or tag that is cloned."),
  line: gitBranch.optional().describe("Branch that the next release looks at; without it, the branch that is cloned."),
  commit: commit
    .optional()
    .describe("What that must be; the build fails on another. Only a release for tests may leave it open."),
};

const app = section("An app of the image.", {
  name: text({ pattern: /^[a-z][a-z0-9_]{0,62}$/, kind: "the name of a Python package", example: "erpnext" }).describe(
    "Name of the app's Python package, by which bench installs it on a site.",
  ),
  ...source,
});

const schema = section("One release of the image: what every image under its tag holds.", {
  version: imageTag.describe("The tag, and the name of this file."),
  recipe: text({
    pattern: /^[0-9a-f]{16}$/,
    kind: "the name of a recipe of 16 hexadecimal digits",
    example: "0123456789abcdef",
  }).describe("The recipe as it was when the release was made: releases/recipes/<recipe>, named by what it holds."),
  frappeDocker: commit.describe("Commit of frappe_docker: the first build's recipe, and the server's Compose files."),
  frappe: section("The framework.", source),
  apps: list(app, "makes an image without ERPNext").describe("Apps that every site has, in order of installation."),
  localizations: list(app)
    .default([])
    .describe("Apps of single countries: in every image, installed where a customer asks."),
  bases: section("frappe_docker's prebuilt images.", {
    build: imageDigest.describe("Digest of frappe/build."),
    base: imageDigest.describe("Digest of frappe/base."),
  }).optional(),
  runtimes: section("What it was tested on; the build fails on another.", {
    python: list(minor, "leaves no Python"),
    node: list(minor, "leaves no Node"),
  }),
  digest: imageDigest.optional().describe("What the canary ran; every customer of this release runs this digest."),
});

/** A release, parsed. */
export type Release = z.infer<typeof schema>;

/** A release, or why there is none: every fault of its file, or nothing where there is no such file. */
export type ReadRelease = { readonly release: Release } | { readonly faults: readonly string[] } | undefined;

/** Reads `<directory>/<version>.yaml`. Never throws for bad input. */
export function readRelease(version: string, directory: string = RELEASES): ReadRelease {
  if (!imageTag.safeParse(version).success) return undefined;
  const name = `releases/${version}.yaml`;
  const read = readText(join(directory, `${version}.yaml`), name);
  if (read === undefined) return undefined;
  if ("fault" in read) return { faults: [read.fault] };
  const { data, faults } = parseYaml(read.text, name);
  if (faults.length > 0) return { faults };
  const parsed = schema.safeParse(data, { jitless: true });
  if (!parsed.success) return { faults: parsed.error.issues.map(({ message }) => `${name}: ${message}`) };
  const release = parsed.data;
  if (release.version !== version)
    return { faults: [`${name}: "version" is "${release.version}", not the file's name`] };
  if (!existsSync(recipeOf(release, directory)))
    return { faults: [`${name}: releases/recipes/${release.recipe} is missing`] };
  return { release };
}

/** The directory of a release's recipe. */
export function recipeOf({ recipe }: Pick<Release, "recipe">, directory: string = RELEASES): string {
  return join(directory, "recipes", recipe);
}

/** Whether images of a release hold our app shopify_books, which came after the first recipes. */
export function holdsBooksApp(release: Pick<Release, "recipe">, directory: string = RELEASES): boolean {
  return existsSync(join(recipeOf(release, directory), "image", "shopify_books"));
}

/** The releases of a directory, oldest first by number. */
export function knownReleases(directory: string = RELEASES): readonly string[] {
  try {
    const files = readdirSync(directory).filter((file) => file.endsWith(".yaml"));
    return files
      .map((file) => basename(file, ".yaml"))
      .sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  } catch {
    return [];
  }
}
