import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { buildAssets, bundleConsole } from "./build";
import { assetAt, type PageAssets } from "./page/assets";

jest.setTimeout(60_000);

let assets: PageAssets;
let bundle: string;
beforeAll(async () => {
  assets = await buildAssets();
  bundle = await bundleConsole();
});

it("names each file by its content, so that a browser may keep it", () => {
  for (const { path, body } of [assets.styles, assets.script, assets.icon]) {
    expect(path).toMatch(/^\/assets\/(page|icon)-[0-9a-f]{12}\.(css|js|svg)$/);
    expect(path).toContain(createHash("sha256").update(body).digest("hex").slice(0, 12));
  }
});

it("answers with a file only at its own path", () => {
  expect(assetAt(assets, assets.styles.path)).toBe(assets.styles);
  expect(assetAt(assets, "/assets/page-000000000000.css")).toBeUndefined();
});

it("makes small files: what a phone loads before it shows the page", () => {
  const size = ({ body }: { body: string }): number => gzipSync(body).length;
  expect(size(assets.styles)).toBeLessThan(4_096);
  expect(size(assets.script)).toBeLessThan(4_096);
});

/** Everything that the bundle is made from, somewhere else, with the packages behind a link as in a working copy. */
function copyOfTheSources(): string {
  const root = mkdtempSync(join(tmpdir(), "console-build-"));
  for (const room of ["clients", "console", "core", "reconciliation"]) {
    cpSync(join(__dirname, "..", room), join(root, room), { recursive: true });
  }
  symlinkSync(realpathSync(join(__dirname, "../node_modules")), join(root, "node_modules"), "dir");
  return root;
}

it("gives the same bytes wherever the sources and the working directory are, and no path of this machine", async () => {
  const before = process.cwd();
  const root = copyOfTheSources();
  try {
    process.chdir(root);
    expect(await bundleConsole({ directory: join(root, "console") })).toBe(bundle);
  } finally {
    process.chdir(before);
    rmSync(root, { recursive: true, force: true });
  }
  for (const path of [__dirname, tmpdir(), "node_modules"]) expect(bundle).not.toContain(path);
});

it("puts the page and its files into the Worker's bundle", () => {
  expect(bundle).toContain(JSON.stringify(assets.styles.path));
  expect(bundle).toContain("Not synced: orders and why");
  expect(bundle).not.toContain("CONSOLE_ASSETS");
  expect(bundle).toMatch(/export\{[\w$]+ as default\}/);
});

it("stays far below what Cloudflare lets a Worker of its free plan be: 3 MB, gzipped", () => {
  expect(gzipSync(bundle).length).toBeLessThan(130_000);
  expect(bundle.length).toBeLessThan(420_000);
});
