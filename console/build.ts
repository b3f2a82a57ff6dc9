import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { build, type BuildOptions } from "esbuild";

import type { Asset, PageAssets } from "./page/assets";

/**
 * Makes one file of the Worker, on the machine that runs Pulumi or the tests. The same sources give the same bytes on every
 * machine and in every directory, so that an unchanged console is an unchanged resource.
 */
export interface BundleOptions {
  /** The directory of this file, where `__dirname` is another because the program was joined into one. */
  readonly directory?: string;
  /** The Worker's main file. Default: worker.ts. */
  readonly entry?: string;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
};

/** Without a path of this machine in the output; a tsconfig.json that happens to lie above changes nothing. */
const COMMON: BuildOptions = {
  bundle: true,
  write: false,
  minify: true,
  legalComments: "none",
  logLevel: "silent",
  preserveSymlinks: true,
  tsconfigRaw: "{}",
};

/** The Worker as one ES module, with the page's files in it. */
export async function bundleConsole(options: BundleOptions = {}): Promise<string> {
  const { directory = __dirname, entry = join(directory, "worker.ts") } = options;
  return outputOf({
    ...COMMON,
    absWorkingDir: directory,
    entryPoints: [entry],
    format: "esm",
    platform: "neutral",
    target: "es2022",
    conditions: ["workerd", "worker", "browser", "import"],
    mainFields: ["module", "main"],
    external: ["node:*", "cloudflare:*"],
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    define: { CONSOLE_ASSETS: JSON.stringify(await buildAssets(directory)) },
  });
}

/** The page's stylesheet, script and icon. */
export async function buildAssets(directory = __dirname): Promise<PageAssets> {
  const page = join(directory, "page");
  const target = ["chrome116", "firefox124", "safari17.4"];
  const common: BuildOptions = { ...COMMON, absWorkingDir: directory, target };
  const [styles, script] = await Promise.all([
    outputOf({ ...common, entryPoints: [join(page, "page.css")] }),
    outputOf({ ...common, entryPoints: [join(page, "browser/app.ts")], format: "iife" }),
  ]);
  return {
    styles: asset("page.css", styles),
    script: asset("page.js", script),
    icon: asset("icon.svg", readFileSync(join(page, "icon.svg"), "utf8")),
  };
}

async function outputOf(options: BuildOptions): Promise<string> {
  const [file] = (await build({ ...options, write: false })).outputFiles;
  if (file === undefined) throw new Error(`esbuild made nothing of ${JSON.stringify(options.entryPoints)}`);
  return file.text;
}

function asset(name: string, body: string): Asset {
  const extension = extname(name);
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 12);
  const path = `/assets/${name.slice(0, -extension.length)}-${hash}${extension}`;
  return { path, type: MEDIA_TYPES[extension] ?? "application/octet-stream", body };
}
