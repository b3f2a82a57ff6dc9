import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { REPOSITORY } from "../workspace";

/** A program to measure beside demo-store. */
export interface BenchProgram {
  readonly name: "template" | "empty" | "bare";
  readonly files: Readonly<Record<string, string>>;
}

/** What `pulumi new typescript` writes, without its comments. */
export const TEMPLATE: BenchProgram = {
  name: "template",
  files: {
    "Pulumi.yaml": "name: template\nruntime:\n  name: nodejs\n  options:\n    packagemanager: npm\n",
    "package.json": JSON.stringify({ name: "template", main: "index.ts" }),
    "index.ts": 'import * as pulumi from "@pulumi/pulumi";\n',
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        strict: true,
        outDir: "bin",
        target: "es2020",
        module: "commonjs",
        moduleResolution: "node",
        sourceMap: true,
        experimentalDecorators: true,
        pretty: true,
        noFallthroughCasesInSwitch: true,
        noImplicitReturns: true,
        forceConsistentCasingInFileNames: true,
      },
      files: ["index.ts"],
    }),
  },
};

/** An empty program in the project that `pulumi new javascript` writes. */
export const EMPTY: BenchProgram = {
  name: "empty",
  files: {
    "Pulumi.yaml": "name: empty\nruntime: nodejs\n",
    "package.json": JSON.stringify({ name: "empty", main: "index.js" }),
    "index.js": '"use strict";\n',
  },
};

/** The least that Pulumi can be asked to run: the same without its support for TypeScript, which JavaScript does not need. */
export const BARE: BenchProgram = {
  name: "bare",
  files: {
    ...EMPTY.files,
    "Pulumi.yaml": "name: bare\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  },
};

/** Writes a program with this repository's packages, so that all are run by the very same SDK. */
export function writeProgram(program: BenchProgram, directory: string): string {
  mkdirSync(directory, { recursive: true });
  for (const [file, content] of Object.entries(program.files)) {
    writeFileSync(join(directory, file), content);
  }
  symlinkSync(join(REPOSITORY, "node_modules"), join(directory, "node_modules"), "dir");
  return directory;
}
