import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { contentsOf } from "./image-contents";
import { knownReleases, readRelease, recipeOf, RELEASES } from "./release";
import { demoStore } from "./testing/refusals";

const COMMIT = "4f6ccae1f263a30dc49d116a02ee35e34d920755";
const PINNED = `version: "2.0"
recipe: 0123456789abcdef
frappeDocker: ${COMMIT}
frappe: { url: https://github.com/frappe/frappe, branch: v15.92.0, commit: ${COMMIT} }
apps:
  - { name: erpnext, url: https://github.com/frappe/erpnext, branch: v15.92.1, commit: ${COMMIT} }
localizations:
  - { name: india_compliance, url: https://github.com/resilient-tech/india-compliance, branch: version-15, commit: ${COMMIT} }
bases: { build: "sha256:${"b".repeat(64)}", base: "sha256:${"c".repeat(64)}" }
runtimes: { python: ["3.11"], node: ["20.19"] }
`;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "releases-"));
  mkdirSync(join(directory, "recipes/0123456789abcdef"), { recursive: true });
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const written = (text: string, version = "2.0"): ReturnType<typeof readRelease> => {
  writeFileSync(join(directory, `${version}.yaml`), text);
  return readRelease(version, directory);
};

test("every release of this repository is one, and keeps its recipe", () => {
  expect(knownReleases()).toContain("1.0");
  for (const version of knownReleases()) expect(readRelease(version)).toHaveProperty("release.version", version);
});

test("a release is read whole, and one that is not there is undefined", () => {
  expect(written(PINNED)).toMatchObject({ release: { version: "2.0", apps: [{ name: "erpnext", commit: COMMIT }] } });
  expect(readRelease("2.1", directory)).toBeUndefined();
  expect(readRelease("../2.0", directory)).toBeUndefined();
  expect(recipeOf({ recipe: "0123456789abcdef" })).toBe(join(RELEASES, "recipes/0123456789abcdef"));
});

test.each([
  ["an unknown field", PINNED.replace("recipe:", "recepie:"), /releases\/2\.0\.yaml: "recepie" is not a known field/],
  ["half a commit", PINNED.replace(COMMIT, "4f6ccae"), /which is not a git commit of 40 hexadecimal digits/],
  ["another's version", PINNED.replace('"2.0"', '"2.1"'), /"version" is "2\.1", not the file's name/],
  [
    "a recipe that is not kept",
    PINNED.replace("0123456789abcdef", "fedcba9876543210"),
    /recipes\/fedcba9876543210 is missing/,
  ],
  ["broken YAML", "version: [", /^releases\/2\.0\.yaml, line 1, column/],
])("a release with %s is refused", (_title, text, fault) => {
  const read = written(text);
  expect(read !== undefined && "faults" in read ? read.faults.join("\n") : "").toMatch(fault);
});

test("releases are in the order of their numbers", () => {
  for (const version of ["2026.9", "2026.12", "2026.10"]) written(PINNED, version);
  expect(knownReleases(directory)).toEqual(["2026.9", "2026.10", "2026.12"]);
});

test("a customer's image holds what its release says; under another tag, what its own file lists", () => {
  const customer = demoStore();
  const released = contentsOf(customer);
  expect(released).toMatchObject({ frappe: { branch: "version-15" }, leftOut: [], bases: undefined });
  expect(released.recipe).toMatch(/^[0-9a-f]{16}$/);
  customer.erpnext.imageTag = "own-1";
  const own = contentsOf(customer);
  expect([own.recipe, own.apps]).toEqual([undefined, customer.erpnext.apps]);
});
