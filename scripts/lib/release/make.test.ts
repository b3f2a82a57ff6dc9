import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readRelease } from "../../../customers/release";
import { makeRelease, type MakeRequest } from "./make";
import { newestOf, refsOf, type Refs } from "./sources";
import { tryPatches } from "./try-patches";

const commit = (digit: string): string => digit.repeat(40);
const refs = (entries: Record<string, string>): Refs => new Map(Object.entries(entries));
const FRAPPE = { url: "https://github.com/frappe/frappe", branch: "version-15" };

describe("the newest of a line", () => {
  const known = refs({
    "refs/heads/version-15": commit("9"),
    "refs/heads/main": commit("3"),
    "refs/tags/v15.9.0": commit("1"),
    "refs/tags/v15.10.1": commit("2"),
    "refs/tags/v16.0.0": commit("3"),
    "refs/tags/v15.11.0-beta.1": commit("4"),
  });

  it("is the framework's highest version, by its tag", () => {
    expect(newestOf(FRAPPE, known, true)).toEqual({
      ...FRAPPE,
      branch: "v15.10.1",
      line: "version-15",
      commit: commit("2"),
    });
  });

  it("is a branch's newest commit, by a tag where one names it, and the line is kept for the next release", () => {
    expect(newestOf(FRAPPE, known, false)).toEqual({ ...FRAPPE, line: "version-15", commit: commit("9") });
    const tagged = newestOf({ ...FRAPPE, branch: "v1.0.0", line: "main" }, known, false);
    expect(tagged).toEqual({ ...FRAPPE, branch: "v16.0.0", line: "main", commit: commit("3") });
  });

  it("is not there where the branch or its versions are not", () => {
    expect(() => newestOf({ ...FRAPPE, branch: "version-14" }, known, true)).toThrow('has no branch "version-14"');
    expect(() => newestOf({ ...FRAPPE, branch: "main" }, known, true)).toThrow('has no version of "main" as a tag');
  });
});

describe("with a repository of git's", () => {
  let directory: string;
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.example", ...args], {
      cwd: directory,
      encoding: "utf8",
    }).trim();

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "upstream-"));
    git("init", "--quiet", "--initial-branch", "version-15");
    mkdirSync(join(directory, "ecommerce_integrations/shopify"), { recursive: true });
    writeFileSync(join(directory, "ecommerce_integrations/shopify/order.py"), "def nothing():\n\tpass\n");
    git("add", ".");
    git("commit", "--quiet", "-m", "one");
    git("tag", "-a", "v15.0.1", "-m", "a version");
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("an annotated tag is the commit that it names", async () => {
    const head = git("rev-parse", "HEAD");
    expect(await refsOf(directory)).toEqual(
      new Map([
        ["refs/heads/version-15", head],
        ["refs/tags/v15.0.1", head],
      ]),
    );
  });

  it("a host that does not answer is told in git's words", async () => {
    await expect(refsOf(join(directory, "gone"))).rejects.toThrow(
      /^git could not list the branches of .*\/gone \(.+\): check the address/,
    );
  });

  it("patches that do not fit are told", async () => {
    const tried = await tryPatches({ url: directory, branch: "version-15" }, join(__dirname, "../../../image"));
    expect(tried.length).toBeGreaterThan(3);
    expect(tried.filter(({ state }) => state === "failed").map(({ id }) => id)).toContain("fetch-all-orders");
  });
});

describe("a release", () => {
  let releases: string;
  const all = refs({ "refs/heads/version-15": commit("9"), "refs/tags/v15.92.0": commit("2") });
  const request = (change: Partial<MakeRequest> = {}): MakeRequest => ({
    version: "2026.12",
    from: "1.0",
    recipe: "0123456789abcdef",
    releases,
    refsOf: () => Promise.resolve(all),
    digestOf: ({ repository }) => Promise.resolve(`sha256:${(repository === "frappe/build" ? "b" : "c").repeat(64)}`),
    tryPatches: () => Promise.resolve([{ id: "line-item-name", state: "applied", message: "" }]),
    ...change,
  });

  beforeEach(() => {
    releases = mkdtempSync(join(tmpdir(), "releases-"));
    const repository = join(__dirname, "../../../releases");
    cpSync(repository, releases, { recursive: true });
    mkdirSync(join(releases, "recipes/0123456789abcdef"));
  });

  afterEach(() => {
    rmSync(releases, { recursive: true, force: true });
  });

  it("pins every commit and base, and is one that the next is made from", async () => {
    const made = await makeRelease(request());
    writeFileSync(join(releases, "2026.12.yaml"), made.text);
    expect(readRelease("2026.12", releases)).toEqual({ release: { ...made.release, localizations: [] } });
    expect(made.release).toMatchObject({
      frappe: { branch: "v15.92.0", line: "version-15", commit: commit("2") },
      apps: [{ name: "erpnext", branch: "version-15", commit: commit("9") }, { name: "ecommerce_integrations" }],
      bases: { build: `sha256:${"b".repeat(64)}`, base: `sha256:${"c".repeat(64)}` },
    });
    const next = await makeRelease(
      request({
        version: "2027.1",
        from: "2026.12",
        refsOf: () =>
          Promise.resolve(refs({ "refs/heads/version-15": commit("8"), "refs/tags/v15.92.0": commit("2") })),
      }),
    );
    expect(next.changes.map(({ compare }) => compare)).toEqual([
      undefined,
      `https://github.com/frappe/erpnext/compare/${commit("9")}...${commit("8")}`,
      `https://github.com/frappe/ecommerce_integrations/compare/${commit("9")}...${commit("8")}`,
    ]);
  });

  it("is refused when a patch has lost its place, when it is there already, and without one to go on from", async () => {
    const failed = { id: "line-item-name", state: "failed", message: "order.py: not found." };
    await expect(makeRelease(request({ tryPatches: () => Promise.resolve([failed]) }))).rejects.toThrow(
      `the patch "line-item-name" does not fit the connector's version-15 (order.py: not found): teach`,
    );
    await expect(makeRelease(request({ version: "1.0" }))).rejects.toThrow("releases/1.0.yaml is there already");
    await expect(makeRelease(request({ from: "0.9" }))).rejects.toThrow("there is no releases/0.9.yaml");
    expect(readFileSync(join(releases, "1.0.yaml"), "utf8")).toContain('version: "1.0"');
  });
});
