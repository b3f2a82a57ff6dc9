import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { buildSync, type BuildOptions } from "esbuild";

import type { Asset, PageAssets } from "./page/assets";

/**
 * Makes one file of the Worker, on the machine that runs Pulumi or the tests. The same sources give the same bytes on every
 * machine, so that an unchanged console is an unchanged resource.
 */

const PAGE = join(__dirname, "page");

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
};

/** Without a path of this machine in the output, and the same for every caller's working directory. */
const COMMON: BuildOptions = {
  absWorkingDir: __dirname,
  bundle: true,
  write: false,
  minify: true,
  legalComments: "none",
  logLevel: "silent",
};

/** The Worker as one ES module, with the page's files in it. @param entry the Worker's main file */
export function bundleConsole(entry: string = join(__dirname, "worker.ts")): string {
  return outputOf({
    ...COMMON,
    entryPoints: [entry],
    format: "esm",
    platform: "neutral",
    target: "es2022",
    conditions: ["workerd", "worker", "browser", "import"],
    mainFields: ["module", "main"],
    external: ["node:*", "cloudflare:*"],
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    define: { CONSOLE_ASSETS: JSON.stringify(buildAssets()) },
  });
}

/** The page's stylesheet, script and icon. */
export function buildAssets(): PageAssets {
  const browsers = ["chrome116", "firefox124", "safari17.4"];
  const styles: BuildOptions = { ...COMMON, entryPoints: [join(PAGE, "page.css")], target: browsers };
  const script: BuildOptions = {
    ...COMMON,
    entryPoints: [join(PAGE, "browser/app.ts")],
    format: "iife",
    target: browsers,
  };
  return {
    styles: asset("page.css", outputOf(styles)),
    script: asset("page.js", outputOf(script)),
    icon: asset("icon.svg", readFileSync(join(PAGE, "icon.svg"), "utf8")),
  };
}

function outputOf(options: BuildOptions): string {
  const [file] = buildSync({ ...options, write: false }).outputFiles;
  if (file === undefined) throw new Error(`esbuild made nothing of ${JSON.stringify(options.entryPoints)}`);
  return file.text;
}

function asset(name: string, body: string): Asset {
  const extension = extname(name);
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 12);
  const path = `/assets/${name.slice(0, -extension.length)}-${hash}${extension}`;
  return { path, type: MEDIA_TYPES[extension] ?? "application/octet-stream", body };
}
