"use strict";

// The policy pack starts here, in the project's directory, where its SDK looks for a package.json. Loaded like the program
// itself; see docs/decisions/0003-fast-previews.md.
require("../lazy-typescript.cjs");

const { join } = require("node:path");
const { loadTypeScript } = require("../load-typescript.cjs");

loadTypeScript(join(__dirname, "policy-pack.ts")).servePolicies();
