import { builtinModules } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

/** What a Worker uses of this folder and of the reconciliation: Cloudflare's runtime has none of Node's modules. */
const SHARED = [
  "shopify-api.ts",
  "frappe-api.ts",
  "shopify-webhooks.ts",
  "shopify-orders.ts",
  "frappe-orders.ts",
  "../reconciliation/scan.ts",
];

test.each(SHARED)("%s and all that it imports run where there is no Node", async (entry) => {
  const bundle = await build({
    entryPoints: [join(__dirname, entry)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["node:*", ...builtinModules],
    metafile: true,
  });
  const external = Object.values(bundle.metafile.inputs).flatMap(({ imports }) =>
    imports.filter((imported) => imported.external === true).map(({ path }) => path),
  );
  const text = bundle.outputFiles.map((file) => file.text).join("");
  expect(external).toEqual([]);
  expect(text.match(/\b(Buffer|process|require)\b(?=[.(])/g) ?? []).toEqual([]);
});
