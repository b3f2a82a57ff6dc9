"use strict";

// Pulumi starts here (`main` in Pulumi.yaml); the program itself is index.ts. JavaScript, because this is what loads
// TypeScript; see docs/decisions/0003-fast-previews.md.
require("./lazy-typescript.cjs");

const { join } = require("node:path");
const { loadTypeScript } = require("./load-typescript.cjs");

module.exports = loadTypeScript(join(__dirname, "index.ts")).customerProgram;
