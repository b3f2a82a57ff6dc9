import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeWorkspace, REPOSITORY } from "./workspace";

let parent: string;
let workspace: string;

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), "workspace-"));
  workspace = makeWorkspace(join(parent, "deep", "project"));
});

afterAll(() => {
  rmSync(parent, { recursive: true });
});

/** Every file of the working copy, without what is only linked. */
function files(): string[] {
  return readdirSync(workspace, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test("holds what a deployment is made of, and neither the sandbox nor anything of the repository's own work", () => {
  expect(readdirSync(workspace).sort()).toEqual([
    "Pulumi.README.md",
    "Pulumi.yaml",
    "clients",
    "components",
    "console",
    "core",
    "customers",
    "deliveries",
    "host",
    "image",
    "infra",
    "node_modules",
    "package.json",
    "reconciliation",
    "releases",
    "scripts",
    "stack",
    "tools",
    "tsconfig.json",
  ]);
});

test("every file of the repository that its programs import is in it", () => {
  const missing = files()
    .filter((path) => /\.tsx?$/.test(path))
    .flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/ from "(\.[^"]*)"/g)].map(([, to = ""]) => join(path, "..", to)),
    )
    .filter((to) => !["", ".ts", ".tsx", ".js", "/index.ts"].some((ending) => existsSync(`${to}${ending}`)));
  expect(missing).toEqual([]);
});

test("its files are the repository's, without the tests and their helpers", () => {
  for (const path of [
    "infra/index.ts",
    "host/bootstrap.sh",
    "customers/demo-store.yaml",
    "scripts/wait-for-server.ts",
  ]) {
    expect(readFileSync(join(workspace, path))).toEqual(readFileSync(join(REPOSITORY, path)));
  }
  expect(files().filter((path) => /\.test\.ts$|\/testing\//.test(path))).toEqual([]);
  expect(existsSync(join(REPOSITORY, "infra/customer-stack.test.ts"))).toBe(true);
});

test("its customers are its own: what is written there stays there", () => {
  const path = "customers/demo-store.yaml";
  const before = readFileSync(join(REPOSITORY, path), "utf8");
  writeFileSync(join(workspace, path), "slug: another\n");
  writeFileSync(join(workspace, "customers/Pulumi.demo-store.yaml"), "config: {}\n");
  expect(readFileSync(join(REPOSITORY, path), "utf8")).toBe(before);
  expect(existsSync(join(REPOSITORY, "customers/Pulumi.demo-store.yaml"))).toBe(false);
});

test("shares the installed packages", () => {
  const packages = join(workspace, "node_modules");
  expect(lstatSync(packages).isSymbolicLink()).toBe(true);
  expect(realpathSync(packages)).toBe(realpathSync(join(REPOSITORY, "node_modules")));
});

test("made again, it is as new, and the packages are still there", () => {
  writeFileSync(join(workspace, "left-over.txt"), "");
  expect(makeWorkspace(workspace)).toBe(workspace);
  expect(existsSync(join(workspace, "left-over.txt"))).toBe(false);
  expect(existsSync(join(workspace, "customers/Pulumi.demo-store.yaml"))).toBe(false);
  expect(existsSync(join(REPOSITORY, "node_modules/zod/package.json"))).toBe(true);
});
