import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { stringify } from "yaml";

import { knownReleases, readRelease, recipeOf } from "../../../customers/release";
import { keepRecipe, recipeIn } from "./recipe";
import { refreshRecipe } from "./refresh";

let root: string;
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "recipe-"));
  write("image/Containerfile", "FROM apps\n");
  write("image/app/hooks.py", "name = 1\n");
  write("image/tests/test_app.py", "");
  write("image/README.md", "");
  write("releases/recipes/.keep", "");
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test("a recipe is what a build reads: no tests, no texts", () => {
  expect(recipeIn(root).files).toEqual(["image/Containerfile", "image/app/hooks.py"]);
  write("deliveries/store.py", "");
  write("deliveries/tests/test_store.py", "");
  expect(recipeIn(root).files).toContain("deliveries/store.py");
});

test("its name changes with every content, path and executable bit, and with nothing else", () => {
  const { name } = recipeIn(root);
  write("image/README.md", "more");
  expect(recipeIn(root).name).toBe(name);
  write("image/app/hooks.py", "name = 2\n");
  const other = recipeIn(root).name;
  expect(other).not.toBe(name);
  write("image/app/hooks.py", "name = 1\n");
  expect(recipeIn(root).name).toBe(name);
  chmodSync(join(root, "image/app/hooks.py"), 0o755);
  expect(recipeIn(root).name).not.toBe(name);
});

test("what is kept has the same name, and is kept once", () => {
  const { name } = keepRecipe(root, join(root, "releases"));
  expect(recipeIn(join(root, "releases/recipes", name)).name).toBe(name);
  expect(keepRecipe(root, join(root, "releases")).name).toBe(name);
  expect(readdirSync(join(root, "releases/recipes")).filter((entry) => entry !== ".keep")).toEqual([name]);
});

test("a release that has not run takes the recipe as it is, and one that has run does not", () => {
  const releases = join(root, "releases");
  const { name } = keepRecipe(root, releases);
  const like = readRelease("1.0");
  if (like === undefined || !("release" in like)) throw new Error("1.0 is no release");
  write("releases/1.0.yaml", stringify({ ...like.release, recipe: name }));
  write("image/Containerfile", "FROM other\n");
  const where = { root, releases, apply: true };
  const next = recipeIn(root).name;
  expect(refreshRecipe("1.0", { ...where, apply: false })).toEqual({ before: name, recipe: next });
  expect(refreshRecipe("1.0", where)).toEqual({ before: name, recipe: next });
  expect(readRelease("1.0", releases)).toMatchObject({ release: { recipe: next } });
  expect(existsSync(join(releases, "recipes", name))).toBe(false);
  write("releases/1.0.yaml", JSON.stringify({ ...like.release, recipe: next, digest: `sha256:${"d".repeat(64)}` }));
  expect(() => refreshRecipe("1.0", where)).toThrow(/^the release "1\.0" has run as sha256:d+: make another one/);
  expect(() => refreshRecipe("0.9", where)).toThrow("there is no releases/0.9.yaml");
});

test("no one has edited what this repository's releases keep", () => {
  for (const version of knownReleases()) {
    const read = readRelease(version);
    if (read === undefined || !("release" in read)) throw new Error(`${version} is no release`);
    expect(recipeIn(recipeOf(read.release)).name).toBe(read.release.recipe);
  }
});
