"use strict";

const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Starts with the integration tests and those of the server's scripts, which take minutes. Without an earlier run's times jest goes
 * by the size of the files, and the last worker would be alone with a long one.
 */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => Number(isLong(b)) - Number(isLong(a)));
  }
};

function isLong({ path }) {
  return /\.integration\.test\.ts$|\/host\/[^/]*$/.test(path);
}
