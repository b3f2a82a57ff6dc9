#!/usr/bin/env node
"use strict";

require("tsx/cjs");
const { runProgram } = require("./lib/cli/command.ts");
const { stackProgram } = require("./stack.ts");

void runProgram(stackProgram(), process.argv.slice(2));
