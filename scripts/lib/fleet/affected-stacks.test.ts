import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { affectedStacks } from "./affected-stacks";
import type { FileChange } from "./changes";

const CUSTOMERS = ["acme", "beta", "demo-store"];

const modified = (...paths: string[]): FileChange[] => paths.map((path) => ({ kind: "modified", path }));

it.each([
  "infra/customer-stack.ts",
  "components/ui-tunnel.ts",
  "clients/http.ts",
  "customers/schema.ts",
  "host/Caddyfile",
  "image/Containerfile",
  "scripts/lib/server-watch.ts",
  "tools/pulumi/index.ts",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "Pulumi.yaml",
  "a-folder/never/thought-of.xyz",
  "customers/sub/acme.yaml",
  "customers/ACME.yaml",
])("%s affects every stack", (path) => {
  expect(affectedStacks(modified(path), CUSTOMERS)).toEqual({
    stacks: CUSTOMERS,
    gone: [],
    reasons: [`all 3 stacks, because they share ${path}`],
  });
});

it.each([
  "README.md",
  "docs/decisions/0001-dynamic-providers-are-loaded.md",
  "LICENSE",
  "infra/index.test.ts",
  "components/testing/value-of.ts",
  "sandbox/world.ts",
  "image/tests/test_fuzz.py",
  "host/test/caddy.ts",
  ".github/workflows/preview.yml",
  ".ci/run",
  "customers/customer.schema.json",
  ".gitignore",
])("%s affects none, and that is said", (path) => {
  expect(affectedStacks(modified(path), CUSTOMERS)).toEqual({
    stacks: [],
    gone: [],
    reasons: [`no stack is made from what changed: ${path}`],
  });
});

it("takes a customer's own two files for that customer alone", () => {
  const changes = modified("customers/beta.yaml", "customers/Pulumi.acme.yaml", "README.md");
  expect(affectedStacks(changes, CUSTOMERS)).toEqual({
    stacks: ["acme", "beta"],
    gone: [],
    reasons: ["2 stacks, because their own files changed: acme, beta"],
  });
  expect(affectedStacks(modified("customers/beta.yaml"), CUSTOMERS).reasons).toEqual([
    '"beta", because its own files changed',
  ]);
});

it("names a customer whose file is gone, and previews a renamed one under its new name", () => {
  expect(affectedStacks([{ kind: "deleted", path: "customers/old.yaml" }], CUSTOMERS)).toMatchObject({
    stacks: [],
    gone: ["old"],
    reasons: ['not "old", whose file is gone: nothing destroys its stack for that'],
  });
  const renamed: FileChange = { kind: "renamed", from: "customers/old.yaml", path: "customers/acme.yaml" };
  expect(affectedStacks([renamed], CUSTOMERS)).toEqual({
    stacks: ["acme"],
    gone: ["old"],
    reasons: [
      '"acme", because its own files changed',
      'not "old", whose file is gone: nothing destroys its stack for that',
    ],
  });
});

it.each([
  ["a stack file alone is no customer's", { kind: "added", path: "customers/Pulumi.old.yaml" }],
  ["nor is it one's when it goes after its customer", { kind: "deleted", path: "customers/Pulumi.old.yaml" }],
] as const)("%s", (_what, change) => {
  expect(affectedStacks([change], CUSTOMERS)).toEqual({
    stacks: [],
    gone: [],
    reasons: ["no stack is made from what changed: customers/Pulumi.old.yaml"],
  });
});

it("previews all stacks when a shared file was moved away or deleted", () => {
  const moved: FileChange = { kind: "renamed", from: "infra/outputs.ts", path: "docs/decisions/outputs.md" };
  expect(affectedStacks([moved], CUSTOMERS).stacks).toEqual(CUSTOMERS);
  expect(affectedStacks([{ kind: "deleted", path: "host/lib.sh" }], CUSTOMERS).stacks).toEqual(CUSTOMERS);
});

it("shortens long lists", () => {
  const { reasons } = affectedStacks(modified("infra/d.ts", "infra/c.ts", "infra/b.ts", "infra/a.ts"), CUSTOMERS);
  expect(reasons).toEqual(["all 3 stacks, because they share infra/a.ts, infra/b.ts, infra/c.ts and 1 more"]);
});

it("says that nothing changed", () => {
  expect(affectedStacks([], CUSTOMERS)).toEqual({ stacks: [], gone: [], reasons: ["no file changed"] });
});

it("holds no file that a deployment is made of for harmless", () => {
  const root = join(__dirname, "../../..");
  const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");
  const product = files.filter(
    (path) =>
      /^(infra|components|clients|customers|host|image)\/.*\.(ts|cjs|sh|py|yaml|service|timer|cnf|caddy)$/.test(path) &&
      !/\.test\.ts$|\/test(s|ing)?\//.test(path),
  );
  expect(product.length).toBeGreaterThan(100);
  const overlooked = product.filter((path) => {
    const { stacks, gone } = affectedStacks(modified(path), CUSTOMERS);
    return stacks.length + gone.length === 0;
  });
  expect(overlooked).toEqual([]);
});
