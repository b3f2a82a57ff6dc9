import { FRAPPE_DOCKER_COMMIT } from "../../customers/compatibility";
import type { ImageSource } from "../../customers/image-contents";
import * as recipe from "./image-recipe";
import { UserError } from "../../core/user-error";

const APPS = [
  { url: "https://github.com/frappe/erpnext", branch: "version-15" },
  { url: "https://github.com/frappe/ecommerce_integrations.git", branch: "main" },
];

test("the recipe is pinned to one commit everywhere", () => {
  const commit = "4b9d35666abd84157ffadbf67558bbd3e1e39de7";
  expect(FRAPPE_DOCKER_COMMIT).toBe(commit);
  expect(recipe.frappeDockerContext(commit)).toBe(`https://github.com/frappe/frappe_docker.git#${commit}`);
  expect(recipe.layeredContainerfile(commit)).toBe(
    `https://raw.githubusercontent.com/frappe/frappe_docker/${commit}/images/layered/Containerfile`,
  );
});

test("apps.json holds url and branch and nothing else", () => {
  expect(recipe.appsJson("acme", [{ ...APPS[0]!, token: "shpat_canary" } as ImageSource])).toBe(
    '[{"url":"https://github.com/frappe/erpnext","branch":"version-15"}]',
  );
});

test.each(["https://user:ghp_canary@github.com/acme/app", "https://ghp_canary@github.com/acme/app"])(
  "refuses a credential in a URL without repeating it",
  (url) => {
    const problem = {
      what: '"erpnext.apps[1].url" carries a user name or a token',
      customer: "acme",
      next: "name a repository that can be read without one, and revoke the token",
    };
    expect(() => recipe.appsJson("acme", [APPS[0]!, { url, branch: "main" }])).toThrow(new UserError(problem));
    expect(new UserError(problem).message).not.toContain("canary");
  },
);

test("the cache is left behind when the apps or the tag change, and only then", () => {
  const bust = recipe.cacheBust("[]", "1.0");
  expect(bust).toMatch(/^[0-9a-f]{64}$/);
  expect(recipe.cacheBust("[]", "1.0")).toBe(bust);
  expect(recipe.cacheBust("[{}]", "1.0")).not.toBe(bust);
  expect(recipe.cacheBust("[]", "1.1")).not.toBe(bust);
});

test("the label names each app with its branch", () => {
  expect(recipe.appsLabel(APPS)).toBe("erpnext@version-15 ecommerce_integrations@main");
});

const DIGESTS = { build: `sha256:${"b".repeat(64)}`, base: `sha256:${"c".repeat(64)}` };

test("base images are named with their digests, or by their tags alone", () => {
  expect(recipe.baseReferences("version-15", DIGESTS)).toEqual([
    `frappe/build:version-15@${DIGESTS.build}`,
    `frappe/base:version-15@${DIGESTS.base}`,
  ]);
  expect(recipe.baseReferences("version-16")).toEqual(["frappe/build:version-16", "frappe/base:version-16"]);
});

test("BuildKit is told the digest of each image that the recipe's FROM lines name", () => {
  expect(recipe.baseContexts("version-15", DIGESTS)).toEqual({
    "frappe/build:version-15": { location: `docker-image://docker.io/frappe/build:version-15@${DIGESTS.build}` },
    "frappe/base:version-15": { location: `docker-image://docker.io/frappe/base:version-15@${DIGESTS.base}` },
  });
});

test("an image that cannot be read back is named, with the provider's own words", () => {
  const error = recipe.unreadable(
    "acme",
    "registry.example/acme/erpnext:1.0",
    new Error("Requested image was not found.\n"),
  );
  expect(error.message).toBe(
    'the image registry.example/acme/erpnext:1.0 cannot be read back (Requested image was not found) for customer "acme": push it under that tag, or have this stack build it with erpnext.build: true.',
  );
});

test("what is read back is what the release says that the canary ran, where it says so", () => {
  const [one, other] = [`sha256:${"1".repeat(64)}`, `sha256:${"2".repeat(64)}`];
  const link = `europe-west3-docker.pkg.dev/acme-project/acme-erpnext/acme/erpnext@${one}`;
  expect(recipe.releasedDigest(link, undefined)).toBe(one);
  expect(recipe.releasedDigest(link, one)).toBe(one);
  expect(() => recipe.releasedDigest(link, other)).toThrow(`it is ${one}, and its release says ${other}`);
});
