"use strict";

const Module = require("node:module");

/**
 * @pulumi/pulumi loads the TypeScript compiler (9 MB, 0.25 s) whenever it is loaded, to serialise functions into resources.
 * This program serialises none: here the compiler is loaded when someone first asks for a part of it.
 */
const shim = require.resolve("@pulumi/pulumi/typescript-shim");
let compiler;
const lazy = new Proxy(
  {},
  {
    get(_target, name) {
      compiler ??= require("typescript");
      return compiler[name];
    },
  },
);
require.cache[shim] = Object.assign(new Module(shim), { loaded: true, exports: lazy });
