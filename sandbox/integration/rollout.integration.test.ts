import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { printed } from "../pulumi-output";
import { STACK } from "../session";
import { succeeded, useSession } from "./testing";

const holder = useSession();

interface Result {
  readonly waves: readonly { readonly title: string; readonly members: readonly { readonly slug: string }[] }[];
  readonly skipped: readonly { readonly slug: string }[];
  readonly seen: Readonly<Record<string, unknown>>;
  readonly step: unknown;
  readonly files: readonly string[];
}

const file = (slug: string): string => join(holder.session.workspace, "customers", `${slug}.yaml`);

/** A production customer beside the demo store, and one whose image is pushed from elsewhere. */
function addCustomers(): void {
  const example = readFileSync(file(STACK), "utf8");
  // Its tag is no release: with build false, a release's tag says that the image was copied to it.
  const elsewhere = example
    .replace("slug: demo-store", "slug: elsewhere")
    .replace('imageTag: "1.0"', 'imageTag: "pushed-1"')
    .replace("build: true", "build: false");
  writeFileSync(file("elsewhere"), elsewhere);
  const digest = `sha256:${"a".repeat(64)}`;
  const production = example
    .replace("slug: demo-store", "slug: acme")
    .replace("environment: test", "environment: production")
    .replace(/^expiresOn:.*\n/m, "")
    .replace("finalBackup: false", "finalBackup: true")
    .replace("  frappeBranch:", `  baseImages: { build: "${digest}", base: "${digest}" }\n  frappeBranch:`);
  writeFileSync(file("acme"), production);
}

async function rollout(...args: readonly string[]): Promise<{ code: number; result: Result }> {
  const run = await holder.session.operator(["rollout", "--image", "1.1", "--json", ...args]);
  if (!run.stdout.startsWith("{")) throw new Error(printed(run));
  return { code: run.code, result: JSON.parse(run.stdout) as Result };
}

test("waves are named and nothing is written, until --apply writes the next one alone", async () => {
  addCustomers();
  const [before, acme] = [readFileSync(file(STACK), "utf8"), readFileSync(file("acme"), "utf8")];
  const dry = await rollout();
  expect(dry.code).toBe(0);
  expect(dry.result.waves.map(({ title, members }) => [title, members.map(({ slug }) => slug)])).toEqual([
    ["test customers", [STACK]],
    ["production, 1 of 1", ["acme"]],
  ]);
  expect(dry.result.skipped.map(({ slug }) => slug)).toEqual(["elsewhere"]);
  expect(dry.result.step).toEqual({ kind: "write", wave: 1, slugs: [STACK] });
  expect(readFileSync(file(STACK), "utf8")).toBe(before);
  const applied = await rollout("--apply");
  expect([applied.code, applied.result.files]).toEqual([0, [`customers/${STACK}.yaml`]]);
  expect(readFileSync(file(STACK), "utf8")).toBe(before.replace('imageTag: "1.0"', 'imageTag: "1.1"'));
  expect(readFileSync(file("acme"), "utf8")).toBe(acme);
});

test("the next wave waits until the one before it is deployed and healthy, and is found from files and servers", async () => {
  const { session } = holder;
  const waiting = await rollout("--apply");
  expect([waiting.code, waiting.result.step]).toEqual([
    1,
    { kind: "halt", wave: 1, because: [{ slug: STACK, because: "its stack is not up" }] },
  ]);
  succeeded(await session.up());
  const next = await rollout();
  expect([next.code, next.result.step]).toEqual([0, { kind: "write", wave: 2, slugs: ["acme"] }]);
  expect(next.result.seen).toEqual({ [STACK]: { kind: "healthy" } });

  const acme = readFileSync(file("acme"), "utf8");
  await session.setConfig({ hookUrl: "https://127.0.0.1:1" }, "plain");
  const silent = await session.operator(["rollout", "--image", "1.1", "--apply"]);
  expect(silent.code).toBe(1);
  expect(silent.stdout).toMatch(
    /✗ halted: wave 1 has to be deployed and healthy first \(demo-store: its server does not report \(.*ECONNREFUSED.*\)\)/,
  );
  expect(readFileSync(file("acme"), "utf8")).toBe(acme);
});

test("wrong usage and a tag that no customer may have are refused, and no file is touched", async () => {
  const acme = readFileSync(file("acme"), "utf8");
  const { session } = holder;
  expect((await session.operator(["rollout"])).code).toBe(2);
  const latest = await session.operator(["rollout", "--image", "latest", "--canary", "acme", "--apply"]);
  expect(latest.code).toBe(1);
  expect(latest.stderr).toContain('with the tag "latest" its file would have a fault ("erpnext.imageTag" is "latest"');
  expect(readFileSync(file("acme"), "utf8")).toBe(acme);
});

describe("a release", () => {
  const REPOSITORY = "gcp:artifactregistry/repository:Repository";
  /** What copies an image between registries; no other step of a rollout asks Google for anything. */
  const environment = { GOOGLE_OAUTH_ACCESS_TOKEN: "sandbox-google-access-token" };
  const digestOf = (tag: string): unknown =>
    holder.session.world.cloud.find("registry:tag", ({ id }) => id.endsWith(tag))?.outputs["digest"];

  test("is built by the canary, and production gets that very image into its own registry", async () => {
    const { session } = holder;
    const releases = join(session.workspace, "releases");
    writeFileSync(
      join(releases, "2.0.yaml"),
      readFileSync(join(releases, "1.0.yaml"), "utf8").replace('"1.0"', '"2.0"'),
    );
    await session.setConfig({ hookUrl: session.world.urls.hook }, "plain");
    const built = await session.operator(["rollout", "--image", "2.0", "--apply", "--json"]);
    expect(JSON.parse(built.stdout)).toMatchObject({ step: { wave: 1, slugs: [STACK] } });
    expect(readFileSync(file(STACK), "utf8")).not.toContain("frappeBranch");
    succeeded(await session.up());

    // What the first update of this customer would have made.
    const [repository] = session.world.cloud.resources(REPOSITORY);
    const own = JSON.stringify(repository)
      .replaceAll("demo-store", "acme")
      .replaceAll("acme-erpnext/locations", "demo-store-erpnext/locations");
    session.world.cloud.plant(JSON.parse(own) as NonNullable<typeof repository>);
    const given = await session.operator(["rollout", "--image", "2.0", "--apply", "--json"], { environment });
    expect([given.code, JSON.parse(given.stdout)]).toMatchObject([
      0,
      { files: ["customers/acme.yaml", "releases/2.0.yaml"] },
    ]);
    const digest = digestOf("demo-store/erpnext:2.0");
    expect(digest).toMatch(/^sha256:/);
    expect(digestOf("acme/erpnext:2.0")).toBe(digest);
    expect(readFileSync(join(releases, "2.0.yaml"), "utf8")).toContain(`digest: ${String(digest)} #`);
    expect(readFileSync(file("acme"), "utf8")).toMatch(/imageTag: "2\.0".*\n\s+build: false/);
  });

  test("is gone back to by reading its image where it is: nothing is built, and the server runs what it ran", async () => {
    const { session } = holder;
    const image = async (): Promise<string> => (await session.pulumi.must(["stack", "output", "image"])).stdout.trim();
    const builds = (): number =>
      session.world.log.writes().filter(({ path }) => path === "docker-build:index:Image").length;
    const releases = join(session.workspace, "releases");
    const older = readFileSync(join(releases, "2.0.yaml"), "utf8");
    writeFileSync(join(releases, "2.1.yaml"), older.replace('"2.0"', '"2.1"').replace(/^digest: .*\n/m, ""));
    const before = await image();
    session.editCustomer((document) => {
      document.setIn(["erpnext", "imageTag"], "2.1");
    });
    succeeded(await session.up());
    const newer = await image();
    expect(newer).not.toBe(before);
    const built = builds();
    expect(built).toBeGreaterThan(0);
    session.editCustomer((document) => {
      document.setIn(["erpnext", "imageTag"], "2.0");
      document.setIn(["erpnext", "build"], false);
    });
    succeeded(await session.up());
    expect([await image(), builds()]).toEqual([before, built]);
    expect(digestOf("demo-store/erpnext:2.1")).toBe(newer.split("@")[1]);
    succeeded(await session.preview(["--expect-no-changes"]));
  });
});
