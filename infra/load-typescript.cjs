"use strict";

const { createRequire } = require("node:module");
const { dirname } = require("node:path");
const { compileFunction } = require("node:vm");
const { buildSync } = require("esbuild");

/**
 * Loads a TypeScript file with all that it imports of this project, translated and joined in memory by esbuild.
 *
 * Pulumi's own way, ts-node, takes 0.6 s for the hundred small files of this program, a third of a preview; this takes
 * 0.1 s. Nothing is written, and types are not looked at: that is what `npm run typecheck` is for. In every joined file
 * `__dirname` is that of the file that is loaded. This file itself is JavaScript because it is what loads TypeScript.
 *
 * @param {string} file absolute path
 * @returns {unknown} the file's exports
 */
exports.loadTypeScript = function loadTypeScript(file) {
  const { outputFiles } = buildSync({
    entryPoints: [file],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: "node20",
    write: false,
    logLevel: "silent",
  });
  const loaded = { exports: {} };
  const run = compileFunction(outputFiles[0].text, ["exports", "require", "module", "__dirname", "__filename"], {
    filename: file,
  });
  run(loaded.exports, createRequire(file), loaded, dirname(file), file);
  return loaded.exports;
};
