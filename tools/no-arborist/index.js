"use strict";

/**
 * @pulumi/pulumi loads @npmcli/arborist (170 packages, 0.2 s) in every program, for the packaging of serialised functions
 * that only cloud function resources ask for. A program that brings one of those gets this sentence instead of half a package.
 */
exports.Arborist = class Arborist {
  constructor() {
    throw new Error(
      "Serialised functions cannot be packaged in this project: remove @npmcli/arborist from package.json's dependencies and overrides.",
    );
  }
};
