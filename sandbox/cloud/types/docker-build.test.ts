import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Inputs, PluginClient } from "../testing/plugin-client";
import { secret } from "../testing/plugin-client";
import { RunningCloud } from "../testing/running-cloud";

const IMAGE = "docker-build:index:Image";
const DOCKER_IMAGE = "gcp:artifactregistry/getDockerImage:getDockerImage";
const REPOSITORY = "europe-west1-docker.pkg.dev/acme-project/acme";
const TAG = `${REPOSITORY}/acme/erpnext:v1`;
const OTHER_TAG = `${REPOSITORY}/acme/erpnext:v2`;

let running: RunningCloud;
let gcp: PluginClient;
let builder: PluginClient;
let context: string;
let inputs: Inputs;

beforeEach(async () => {
  running = await RunningCloud.start();
  gcp = await running.connect("gcp");
  builder = await running.connect("docker-build");
  context = mkdtempSync(join(tmpdir(), "context-"));
  writeFileSync(join(context, "Containerfile"), "FROM scratch\n");
  inputs = {
    push: true,
    tags: [TAG],
    context: { location: context },
    dockerfile: { location: join(context, "Containerfile") },
    buildArgs: { FRAPPE_BRANCH: "version-15" },
    secrets: secret({ apps_json: "[]" }),
    registries: [
      { address: "europe-west1-docker.pkg.dev", username: "oauth2accesstoken", password: secret("token-1") },
    ],
  };
});

afterEach(async () => {
  rmSync(context, { recursive: true, force: true });
  await running.end();
});

async function makeRepository(immutableTags: boolean): Promise<void> {
  await gcp.create("gcp:projects/service:Service", "api", { service: "artifactregistry.googleapis.com" });
  await gcp.create("gcp:artifactregistry/repository:Repository", "repository", {
    repositoryId: "acme",
    location: "europe-west1",
    format: "DOCKER",
    dockerConfig: { immutableTags },
  });
}

/** The digest that a tag of the repository is found under, with the gcp provider's credentials. */
async function digestOf(tag: string): Promise<string | undefined> {
  const place = { project: "acme-project", location: "europe-west1", repositoryId: "acme" };
  const { plain } = await gcp.invoke(DOCKER_IMAGE, { ...place, imageName: `acme/erpnext:${tag}` });
  return (plain["selfLink"] as string).split("@")[1];
}

it("is pushed by digest, and found again by its tag", async () => {
  await makeRepository(true);
  const image = await builder.create(IMAGE, "image", inputs);
  const digest = image.plain["digest"] as string;
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect([image.id, image.plain["ref"]]).toEqual([digest, `${TAG}@${digest}`]);
  expect(await digestOf("v1")).toBe(digest);
  await expect(digestOf("v2")).rejects.toThrow("Requested image was not found.");
});

it("keeps its secrets out of the cloud's file and in the engine's secrets", async () => {
  await makeRepository(true);
  const image = await builder.create(IMAGE, "image", inputs);
  expect(image.marked.secrets).toEqual(expect.arrayContaining([["secrets"], ["registries", 0, "password"]]));
  expect(JSON.stringify(running.cloud.resources())).not.toContain("token-1");
});

it("is only planned in a preview", async () => {
  const planned = await builder.previewCreate(IMAGE, "image", inputs);
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  expect([planned["digest"], planned["ref"], planned["contextHash"]]).toEqual([unknown, unknown, unknown]);
  expect(running.cloud.resources()).toEqual([]);
});

it("needs its repository", async () => {
  await expect(builder.create(IMAGE, "image", inputs)).rejects.toThrow(
    `name unknown: the repository "projects/acme-project/locations/europe-west1/repositories/acme" does not exist; create it before "${TAG}" is pushed.`,
  );
});

const changes: { what: string; change: () => Inputs; diffs: string[] }[] = [
  { what: "a build argument", change: () => ({ buildArgs: { FRAPPE_BRANCH: "version-16" } }), diffs: ["buildArgs"] },
  { what: "a build secret", change: () => ({ secrets: secret({ apps_json: "[1]" }) }), diffs: ["secrets"] },
  {
    what: "a file of the context",
    change: () => {
      writeFileSync(join(context, "patch.py"), "pass\n");
      return {};
    },
    diffs: ["contextHash"],
  },
];

it.each(changes)(
  "is another image after a change of $what, and may not take the tag of the first",
  async ({ change, diffs }) => {
    await makeRepository(true);
    const first = await builder.create(IMAGE, "image", inputs);
    const changed = { ...inputs, ...change() };
    expect((await builder.diff(first, changed)).diffs).toEqual(diffs);
    await expect(builder.update(first, changed)).rejects.toThrow(
      /^failed to push .*:v1: unknown: cannot update tag v1\. The repository has enabled tag immutability$/,
    );
    const second = await builder.update(first, { ...changed, tags: [OTHER_TAG] });
    expect(second.plain["digest"]).not.toBe(first.plain["digest"]);
    expect(await digestOf("v1")).toBe(first.plain["digest"]);
  },
);

it("is the same image under another tag, and after a change of credentials", async () => {
  await makeRepository(true);
  const first = await builder.create(IMAGE, "image", inputs);
  const again = {
    ...inputs,
    registries: [
      { address: "europe-west1-docker.pkg.dev", username: "oauth2accesstoken", password: secret("token-2") },
    ],
  };
  expect((await builder.diff(first, again)).changes).toBe(false);
  const second = await builder.update(first, { ...again, tags: [OTHER_TAG] });
  expect(second.plain["digest"]).toBe(first.plain["digest"]);
});

describe("named contexts", () => {
  const HUB = `docker.io/frappe/build:version-15@sha256:${"b".repeat(64)}`;
  const withContext = (name: string, image: string): Inputs => ({
    ...inputs,
    context: { location: context, named: { [name]: { location: `docker-image://${image}` } } },
  });

  it("pin a base image, and another digest is another image", async () => {
    await makeRepository(true);
    const first = await builder.create(IMAGE, "image", withContext("frappe/build:version-15", HUB));
    const moved = withContext("frappe/build:version-15", HUB.replaceAll("b".repeat(64), "c".repeat(64)));
    expect((await builder.diff(first, moved)).diffs).toEqual(["context", "contextHash"]);
    await expect(builder.update(first, moved)).rejects.toThrow(/enabled tag immutability/);
  });

  it("load images of this registry, by a digest that is there", async () => {
    await makeRepository(true);
    const apps = await builder.create(IMAGE, "apps", inputs);
    const onTop = { ...withContext("apps", apps.plain["ref"] as string), tags: [OTHER_TAG] };
    expect((await builder.create(IMAGE, "image", onTop)).plain["ref"]).toMatch(/:v2@sha256:/);
    const gone = `${TAG}@sha256:${"0".repeat(64)}`;
    await expect(builder.create(IMAGE, "other", withContext("apps", gone))).rejects.toThrow(
      `failed to resolve source metadata for ${gone}: not found.`,
    );
  });

  it("need a name and a location of the form that BuildKit reads", async () => {
    await expect(builder.create(IMAGE, "image", withContext("Not A Name", HUB))).rejects.toThrow(
      'invalid reference format: the named context "Not A Name".',
    );
    await expect(builder.create(IMAGE, "image", withContext("apps", "Not An Image"))).rejects.toThrow(
      'invalid reference format: "docker-image://Not An Image" of the named context "apps".',
    );
  });
});

it("stays in a repository of immutable tags when it is deleted, and goes from others", async () => {
  await makeRepository(true);
  const kept = await builder.create(IMAGE, "image", inputs);
  await builder.delete(kept);
  expect(running.cloud.resources("registry:tag").map((tag) => tag.id)).toEqual([TAG]);
  const repository = running.cloud.find("gcp:artifactregistry/repository:Repository")!;
  running.cloud.mutate(repository, { inputs: { dockerConfig: { immutableTags: false } } });
  await builder.delete(kept);
  expect(running.cloud.resources("registry:tag")).toEqual([]);
});

it("is gone for a refresh once its tag is, also when the tag means another image", async () => {
  await makeRepository(false);
  const image = await builder.create(IMAGE, "image", inputs);
  expect(await builder.read(image)).toBeDefined();
  running.cloud.pushImage(TAG, `sha256:${"0".repeat(64)}`);
  expect(await builder.read(image)).toBeUndefined();
});

it("refuses a tag that is no reference and a context that is too large", async () => {
  expect((await builder.check(IMAGE, "image", { ...inputs, tags: ["Not A Tag"] })).failures).toEqual({
    "tags[0]": '"tags[0]" must be an image reference such as "registry/project/image:tag", not "Not A Tag"',
  });
  mkdirSync(join(context, "node_modules"));
  for (let file = 0; file <= 1000; file += 1) writeFileSync(join(context, "node_modules", String(file)), "");
  await makeRepository(true);
  await expect(builder.create(IMAGE, "image", inputs)).rejects.toThrow(
    /holds 1002 files, more than 1000; give a smaller directory/,
  );
});

it("lists images that are there, and no others", async () => {
  await makeRepository(true);
  await builder.create(IMAGE, "image", inputs);
  const list = { tag: `${REPOSITORY}/acme/all:v1`, sources: [TAG] };
  const index = await builder.create("docker-build:index:Index", "index", list);
  expect(index.plain["ref"]).toMatch(/\/acme\/all:v1@sha256:[0-9a-f]{64}$/);
  await expect(builder.create("docker-build:index:Index", "index", { ...list, sources: [OTHER_TAG] })).rejects.toThrow(
    /holds no image/,
  );
});
