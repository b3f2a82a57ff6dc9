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
    "/node_modules/(p-limit|yocto-queue|intl-messageformat|@formatjs/[a-z-]+)/.+\\.js$": [
      "@swc/jest",
      { module: commonjs },
    ],
  },
  // These are ES modules alone, which Jest on Node 20 cannot require.
  transformIgnorePatterns: ["/node_modules/(?!(p-limit|yocto-queue|intl-messageformat|@formatjs/[a-z-]+)/)"],
};

module.exports = {
  // One more than there are cores: an integration test waits for half of its time (for a server's timers, for a program's start),
  // and takes half a gigabyte.
  maxWorkers: Math.min(5, availableParallelism() + 1),
  testSequencer: "<rootDir>/sandbox/integration/longest-first.js",
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
      globalSetup: "<rootDir>/sandbox/integration/warm-world/setup.ts",
      globalTeardown: "<rootDir>/sandbox/integration/warm-world/teardown.ts",
    },
  ],
};
