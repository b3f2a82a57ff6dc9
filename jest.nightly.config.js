"use strict";

const { projects, ...everyday } = require("./jest.config.js");

/** The whole of what `npm test` runs in a small form. */
module.exports = {
  ...everyday,
  projects: [
    {
      ...projects[0],
      displayName: "nightly",
      testMatch: ["<rootDir>/**/*.nightly.test.ts"],
      testPathIgnorePatterns: ["/node_modules/"],
    },
  ],
};
