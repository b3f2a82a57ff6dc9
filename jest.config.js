"use strict";

const { availableParallelism } = require("node:os");

const commonjs = { type: "commonjs" };

/**
 * Unit tests stand beside the code; integration tests, which run the real Pulumi CLI, end in .integration.test.ts. What takes minutes
 * and has a small form among those ends in .nightly.test.ts (jest.nightly.config.js).
 */
const shared = {
  rootDir: __dirname,
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: commonjs }],
    "^.+\\.tsx$": [
      "@swc/jest",
      {
        jsc: {
          parser: { syntax: "typescript", tsx: true },
          transform: { react: { runtime: "automatic", importSource: "hono/jsx" } },
          target: "es2022",
        },
        module: commonjs,
      },
    ],
    "/node_modules/(p-limit|yocto-queue)/.+\\.js$": ["@swc/jest", { module: commonjs }],
  },
  // These two are ES modules alone, which Jest on Node 20 cannot require.
  transformIgnorePatterns: ["/node_modules/(?!(p-limit|yocto-queue)/)"],
};

module.exports = {
  // Jest leaves a core free, which on two cores means one test file after the other. A file of the integration tests keeps
  // about one core busy and takes half a gigabyte.
  maxWorkers: Math.min(4, availableParallelism()),
  // A hang has to end some day, and a busy machine is no hang: with jest's 5 seconds tests failed where others ran beside them.
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "\\.(integration|nightly)\\.test\\.ts$"],
    },
    {
      ...shared,
      displayName: "integration",
      testMatch: ["<rootDir>/**/*.integration.test.ts"],
      setupFilesAfterEnv: ["<rootDir>/sandbox/integration/retry.ts"],
    },
  ],
};
