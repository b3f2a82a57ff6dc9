import * as pulumi from "@pulumi/pulumi";

import { ErpnextImage, type ErpnextImageArgs } from "./erpnext-image";
import { FRAPPE_DOCKER_COMMIT } from "../customers/compatibility";
import type { ImageContents } from "../customers/image-contents";
import { cacheBust } from "./shared/image-recipe";
import { TEST_DIGEST } from "./testing/cloud-outputs";
import { recordResources, Secret } from "./testing/record-resources";
import { valueOf } from "./testing/value-of";

const MEMBER = "serviceAccount:acme-erpnext@acme-project.iam.gserviceaccount.com";
const REGISTRY = "europe-west3-docker.pkg.dev/acme-project/acme-erpnext/acme";
const APPS = [
  { url: "https://github.com/frappe/erpnext", branch: "version-15" },
  { url: "https://github.com/frappe/ecommerce_integrations", branch: "main" },
];
const APPS_JSON =
  '[{"url":"https://github.com/frappe/erpnext","branch":"version-15"},{"url":"https://github.com/frappe/ecommerce_integrations","branch":"main"}]';
const BASE_DIGESTS = { build: `sha256:${"b".repeat(64)}`, base: `sha256:${"c".repeat(64)}` };
const BASES = `frappe/build:version-15@${BASE_DIGESTS.build} frappe/base:version-15@${BASE_DIGESTS.base}`;
const LABELS = {
  "erpnext.apps": "erpnext@version-15 ecommerce_integrations@main",
  "erpnext.bases": BASES,
  "erpnext.customer": "acme",
  "erpnext.frappe": "version-15",
  "erpnext.frappe-docker": FRAPPE_DOCKER_COMMIT,
  "org.opencontainers.image.version": "1.0",
};
const CONTENTS: ImageContents = {
  frappe: { url: "https://github.com/frappe/frappe", branch: "version-15" },
  apps: APPS,
  bases: BASE_DIGESTS,
  frappeDocker: FRAPPE_DOCKER_COMMIT,
  runtimes: { python: ["3.14"], node: ["24.12", "24.13"] },
  leftOut: [],
};
const ARGS: ErpnextImageArgs = {
  slug: "acme",
  project: "acme-project",
  region: "europe-west3",
  labels: { customer: "acme" },
  member: MEMBER,
  tag: "1.0",
  build: true,
  contents: CONTENTS,
  registryToken: pulumi.secret("canary-token"),
  protect: true,
};
const build = (args: Partial<ErpnextImageArgs> = {}) => new ErpnextImage("image", { ...ARGS, ...args });
const readBack = (args: Partial<ErpnextImageArgs> = {}) =>
  recordResources(() => build({ ...args, build: false }), {
    answer: () => ({ selfLink: `${REGISTRY}/erpnext@${TEST_DIGEST}` }),
  });

test("a registry whose tags never move, which the server alone may read", async () => {
  const { named } = await recordResources(build);
  expect(named("image-repository").inputs).toEqual({
    project: "acme-project",
    location: "europe-west3",
    repositoryId: "acme-erpnext",
    format: "DOCKER",
    dockerConfig: { immutableTags: true },
    labels: { customer: "acme" },
  });
  expect(named("image-reader").inputs).toEqual({
    project: "acme-project",
    location: "europe-west3",
    repository: "acme-erpnext",
    role: "roles/artifactregistry.reader",
    member: MEMBER,
  });
});

test.each([true, false])("protect %s is the registry's alone", async (protect) => {
  const { resources } = await recordResources(() => build({ protect }));
  expect(resources.filter((resource) => resource.protect).map(({ name }) => name)).toEqual(
    protect ? ["image-repository"] : [],
  );
});

const COMMON = {
  platforms: ["linux/amd64"],
  push: true,
  buildOnPreview: false,
  labels: LABELS,
  network: "default",
  registries: new Secret([
    { address: "europe-west3-docker.pkg.dev", username: "oauth2accesstoken", password: "canary-token" },
  ]),
};

test("the apps are built by frappe_docker's recipe at its pinned commit, apps.json as a build secret", async () => {
  const { named } = await recordResources(build);
  expect(named("image-apps").inputs).toEqual({
    ...COMMON,
    tags: [`${REGISTRY}/apps:1.0`],
    context: {
      location: `https://github.com/frappe/frappe_docker.git#${FRAPPE_DOCKER_COMMIT}`,
      named: {
        "frappe/build:version-15": {
          location: `docker-image://docker.io/frappe/build:version-15@${BASE_DIGESTS.build}`,
        },
        "frappe/base:version-15": { location: `docker-image://docker.io/frappe/base:version-15@${BASE_DIGESTS.base}` },
      },
    },
    dockerfile: {
      location: `https://raw.githubusercontent.com/frappe/frappe_docker/${FRAPPE_DOCKER_COMMIT}/images/layered/Containerfile`,
    },
    buildArgs: {
      FRAPPE_BRANCH: "version-15",
      FRAPPE_PATH: "https://github.com/frappe/frappe",
      CACHE_BUST: cacheBust(APPS_JSON, "1.0"),
    },
    secrets: new Secret({ apps_json: APPS_JSON }),
  });
});

test("the patches go on top of exactly that image", async () => {
  const { named } = await recordResources(build);
  expect(named("image-erpnext").inputs).toEqual({
    ...COMMON,
    tags: [`${REGISTRY}/erpnext:1.0`],
    context: {
      location: "../image",
      named: { apps: { location: `docker-image://${REGISTRY}/apps:1.0@${TEST_DIGEST}` } },
    },
    dockerfile: { location: "../image/Containerfile" },
    buildArgs: {
      APPS: "erpnext@version-15 ecommerce_integrations@main",
      BASES,
      NODE: "24.12 24.13",
      PYTHON: "3.14",
    },
  });
});

test("without digests the base images are those that their tags point to, and the labels say so", async () => {
  const { named } = await recordResources(() => build({ contents: { ...CONTENTS, bases: undefined } }));
  const bases = "frappe/build:version-15 frappe/base:version-15";
  expect(named("image-apps").inputs["context"]).toEqual({
    location: `https://github.com/frappe/frappe_docker.git#${FRAPPE_DOCKER_COMMIT}`,
  });
  expect(named("image-apps").inputs["labels"]).toEqual({ ...LABELS, "erpnext.bases": bases });
  expect(named("image-erpnext").inputs["labels"]).toEqual({ ...LABELS, "erpnext.bases": bases });
  expect(named("image-erpnext").inputs["buildArgs"]).toMatchObject({ BASES: bases });
});

test("a release is built from what it keeps of the recipe, and its commits are verified", async () => {
  const commit = "4f6ccae1f263a30dc49d116a02ee35e34d920755";
  const contents: ImageContents = {
    ...CONTENTS,
    frappe: { ...CONTENTS.frappe, branch: "v15.92.0", commit },
    apps: [{ ...APPS[0]!, commit }],
    recipe: "0123456789abcdef",
  };
  const { named } = await recordResources(() => build({ contents }));
  expect(named("image-erpnext").inputs).toMatchObject({
    context: { location: "../releases/recipes/0123456789abcdef/image" },
    dockerfile: { location: "../releases/recipes/0123456789abcdef/image/Containerfile" },
    buildArgs: { APPS: `erpnext@version-15#${commit}`, FRAPPE: `frappe@v15.92.0#${commit}` },
  });
  expect(named("image-apps").inputs["buildArgs"]).toMatchObject({ FRAPPE_BRANCH: "v15.92.0" });
});

test("images are pushed after the registry exists and stay in it when they leave the stack", async () => {
  const { resources, named } = await recordResources(build);
  const images = resources.filter(({ type }) => type === "docker-build:index:Image");
  expect(images.map(({ retainOnDelete }) => retainOnDelete)).toEqual([true, true]);
  for (const { dependencies } of images) expect(dependencies).toContain(named("image-repository").urn);
});

test("built elsewhere: no build, the registry is asked for the digest of the tag", async () => {
  const { resources, calls, result } = await readBack();
  expect(resources.map(({ name }) => name)).toEqual(["image", "image-repository", "image-reader"]);
  expect(calls).toEqual([
    {
      token: "gcp:artifactregistry/getDockerImage:getDockerImage",
      inputs: {
        project: "acme-project",
        location: "europe-west3",
        repositoryId: "acme-erpnext",
        imageName: "acme/erpnext:1.0",
      },
    },
  ]);
  expect(await valueOf(result.ref)).toBe(`${REGISTRY}/erpnext:1.0@${TEST_DIGEST}`);
});

test("both ways give the same reference and register it", async () => {
  for (const { result, outputs, named } of [await recordResources(build), await readBack()]) {
    expect(await valueOf(result.ref)).toBe(`${REGISTRY}/erpnext:1.0@${TEST_DIGEST}`);
    expect(outputs.get(named("image").urn)).toEqual({ ref: `${REGISTRY}/erpnext:1.0@${TEST_DIGEST}` });
    expect(await pulumi.isSecret(result.ref)).toBe(false);
  }
});

test("a preview asks no registry that does not exist yet", async () => {
  const { calls, result } = await recordResources(() => build({ build: false }), { preview: true });
  expect(calls).toEqual([]);
  expect(await valueOf(result.ref)).toBeUndefined();
});

test("an app's URL with a token in it ends the run before any resource", () => {
  expect(() =>
    build({ contents: { ...CONTENTS, apps: [{ url: "https://ghp_canary@github.com/acme/app", branch: "main" }] } }),
  ).toThrow('"erpnext.apps[0].url" carries a user name or a token for customer "acme"');
});
