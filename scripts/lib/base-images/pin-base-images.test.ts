import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ClientError } from "../../../clients/http";
import type { TaggedImage } from "../../../clients/registry";
import { startStubServer, type StubServer } from "../../../clients/testing/stub-server";
import { parseCustomer } from "../../../customers/parse";
import { parse } from "yaml";
import { describePins, pinBaseImages, type PinRequest } from "./pin-base-images";

const ROOT = join(__dirname, "../../..");
const example = readFileSync(join(ROOT, "customers/demo-store.yaml"), "utf8");
const BUILD = `sha256:${"b".repeat(64)}`;
const BASE = `sha256:${"c".repeat(64)}`;
const digestOf = ({ repository }: TaggedImage) => Promise.resolve(repository === "frappe/build" ? BUILD : BASE);

let directory: string;
let file: string;

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), "pins-")), "customers");
  file = join(directory, "demo-store.yaml");
  mkdirSync(directory);
  writeFileSync(file, example);
});

afterEach(() => {
  rmSync(join(directory, ".."), { recursive: true });
});

const pin = (request: Partial<PinRequest> = {}) =>
  pinBaseImages({ slug: "demo-store", directory, apply: true, digestOf, ...request });
const refusal = (request: Partial<PinRequest> = {}) =>
  pin(request).then(String, (error: unknown) => (error as Error).message);

test("a dry run asks and writes nothing", async () => {
  const report = await pin({ apply: false });
  expect(report).toEqual({
    customer: "demo-store",
    file: "customers/demo-store.yaml",
    images: [
      { field: "build", image: "frappe/build:version-15", before: undefined, digest: BUILD },
      { field: "base", image: "frappe/base:version-15", before: undefined, digest: BASE },
    ],
    changed: true,
    written: false,
    imageTag: "1.0",
  });
  expect(readFileSync(file, "utf8")).toBe(example);
  expect(describePins(report).split("\n")).toEqual([
    'Base images of customer "demo-store":',
    `  frappe/build:version-15  ${BUILD}, not pinned before`,
    `  frappe/base:version-15  ${BASE}, not pinned before`,
    "Nothing is written: run it again with --apply.",
  ]);
});

test("--apply makes a customer that the schema takes, with those digests; a second run changes nothing", async () => {
  const report = await pin();
  expect([report.changed, report.written]).toEqual([true, true]);
  expect(describePins(report).split("\n").at(-1)).toBe(
    'customers/demo-store.yaml is written. Give "erpnext.imageTag" a new value if "1.0" is built already, then pulumi preview -s demo-store.',
  );
  const parsed = parseCustomer(parse(readFileSync(file, "utf8")), "demo-store");
  expect(parsed).toMatchObject({ ok: true, customer: { erpnext: { baseImages: { build: BUILD, base: BASE } } } });
  expect(readdirSync(directory)).toEqual(["demo-store.yaml"]);

  const written = readFileSync(file, "utf8");
  const again = await pin();
  expect([again.changed, again.written, readFileSync(file, "utf8")]).toEqual([false, false, written]);
  expect(describePins(again).split("\n").slice(1)).toEqual([
    `  frappe/build:version-15  ${BUILD}, as it was`,
    `  frappe/base:version-15  ${BASE}, as it was`,
    "Nothing to write.",
  ]);
});

test("an image that has moved is shown with what it was", async () => {
  await pin();
  const moved = `sha256:${"f".repeat(64)}`;
  const report = await pin({
    digestOf: ({ repository }) => Promise.resolve(repository === "frappe/build" ? BUILD : moved),
  });
  expect(describePins(report)).toContain(`  frappe/base:version-15  ${moved}, before ${BASE}\n`);
  expect(readFileSync(file, "utf8")).toContain(`    build: ${BUILD}\n    base: ${moved}\n`);
});

test("the branch of the file decides which images are asked for, and a whole customer is not needed", async () => {
  writeFileSync(file, "erpnext:\n  frappeBranch: version-16\n");
  const asked: string[] = [];
  await pin({
    digestOf: ({ repository, tag }) => {
      asked.push(`${repository}:${tag}`);
      return Promise.resolve(BUILD);
    },
  });
  expect(asked).toEqual(["frappe/build:version-16", "frappe/base:version-16"]);
});

describe("what ends it", () => {
  test("a registry that fails, in its own words and for whom; nothing is written", async () => {
    const failing = () => Promise.reject(new ClientError("there is no image x", "check the branch"));
    expect(await refusal({ digestOf: failing })).toBe(
      'there is no image x for customer "demo-store": check the branch.',
    );
    expect(readFileSync(file, "utf8")).toBe(example);
  });

  test.each(["acme", "../demo-store", ""])("a customer that is not there: %j", async (slug) => {
    expect(await refusal({ slug })).toBe(
      `there is no customers/${slug}.yaml for customer "${slug}": name one of demo-store.`,
    );
  });

  test("a branch that was never tested, before anyone is asked", async () => {
    writeFileSync(file, example.replace("frappeBranch: version-15", "frappeBranch: develop"));
    expect(await refusal({ digestOf: () => Promise.reject(new Error("asked")) })).toBe(
      '"erpnext.frappeBranch" in customers/demo-store.yaml is not one of version-15, version-16 for customer "demo-store": write for example frappeBranch: "version-15" and run the command again.',
    );
  });

  test("a file without a place for them", async () => {
    const flow = "erpnext: { frappeBranch: version-15 }\n";
    writeFileSync(file, flow);
    expect(await refusal()).toBe(
      `customers/demo-store.yaml is written in a way that leaves no place for the digests for customer "demo-store": write below "erpnext" baseImages: { build: ${BUILD}, base: ${BASE} }.`,
    );
    expect(readFileSync(file, "utf8")).toBe(flow);
  });
});

describe("the command", () => {
  let registry: StubServer;
  const manifest = (of: string) =>
    JSON.stringify({ manifests: [{ of, platform: { os: "linux", architecture: "amd64" } }] });
  const sha = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

  beforeEach(async () => {
    registry = await startStubServer(({ path }) => ({ status: 200, body: manifest(path) }));
  });

  afterEach(() => registry.close());

  function run(...words: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
    const child = spawn(process.execPath, ["--import", "tsx", "scripts/pin-base-images.ts", ...words], { cwd: ROOT });
    const said = { out: "", err: "" };
    child.stdout.on("data", (data: Buffer) => (said.out += data.toString()));
    child.stderr.on("data", (data: Buffer) => (said.err += data.toString()));
    return new Promise((resolve) => {
      child.on("close", (code) => {
        resolve({ code, ...said });
      });
    });
  }

  test("asks the registry that it is told, and reports as JSON", async () => {
    const { code, out, err } = await run("demo-store", "--json", "--registry", registry.url);
    expect([code, err]).toEqual([0, ""]);
    expect(JSON.parse(out)).toMatchObject({
      customer: "demo-store",
      images: [
        { field: "build", digest: sha(manifest("/v2/frappe/build/manifests/version-15")) },
        { field: "base", digest: sha(manifest("/v2/frappe/base/manifests/version-15")) },
      ],
      written: false,
    });
  }, 60_000);

  test("says in one sentence what is wrong, and tells wrong usage by its exit code", async () => {
    registry.script({ status: 404 });
    const missing = await run("demo-store", "--registry", registry.url);
    expect([missing.code, missing.out]).toEqual([1, ""]);
    expect(missing.err).toMatch(
      /^there is no image frappe\/(build|base):version-15 at 127\.0\.0\.1:\d+ \(HTTP 404\) for customer "demo-store": check it, or name another registry\.\n$/,
    );
    expect((await run()).code).toBe(2);
    const address = await run("demo-store", "--registry", "registry.example");
    expect(address.code).toBe(2);
    expect(address.err).toContain("It must be an address such as https://registry.example.");
  }, 60_000);
});
