import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { buildAssets, bundleConsole } from "./build";
import { assetAt } from "./page/assets";

const assets = buildAssets();

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

it("gives the same bytes whatever the working directory is, and no path of this machine", () => {
  const before = process.cwd();
  try {
    process.chdir(tmpdir());
    expect(buildAssets()).toEqual(assets);
  } finally {
    process.chdir(before);
  }
  expect(JSON.stringify(assets)).not.toContain(__dirname);
});

it("puts the page and its files into the Worker's bundle", () => {
  const folder = mkdtempSync(join(tmpdir(), "console-build-"));
  try {
    const entry = join(folder, "worker.ts");
    const page = join(__dirname, "page");
    writeFileSync(
      entry,
      `import { bundledAssets } from ${JSON.stringify(join(page, "assets"))};
       import { renderPage } from ${JSON.stringify(page)};
       export default { assets: bundledAssets(), renderPage };`,
    );
    const bundle = bundleConsole(entry);
    expect(bundle).toContain(JSON.stringify(assets.styles.path));
    expect(bundle).toContain("Not synced: orders and why");
    expect(bundle).not.toContain("CONSOLE_ASSETS");
    expect(bundle).toMatch(/export\{\w+ as default\}/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
