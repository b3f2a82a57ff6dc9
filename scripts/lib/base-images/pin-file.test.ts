import { readFileSync } from "node:fs";
import { join } from "node:path";

import { readPins, withPins } from "./pin-file";

const example = readFileSync(join(__dirname, "../../../customers/demo-store.yaml"), "utf8");
const PINS = { build: `sha256:${"b".repeat(64)}`, base: `sha256:${"c".repeat(64)}` };
const OTHER = { build: `sha256:${"d".repeat(64)}`, base: `sha256:${"e".repeat(64)}` };

test("the documented example gets three lines behind its branch and keeps every other one", () => {
  const edited = withPins(example, PINS)!.split("\n");
  const start = edited.findIndex((line) => line.startsWith("  frappeBranch:")) + 1;
  expect(edited.splice(start, 3)).toEqual([
    "  baseImages: # what the image is built on; by npm run pin-base-images",
    `    build: ${PINS.build}`,
    `    base: ${PINS.base}`,
  ]);
  expect(edited.join("\n")).toBe(example);
});

test("digests that stand there are replaced where they stand, and nothing else changes", () => {
  const pinned = withPins(example, PINS)!;
  expect(readPins(pinned).pins).toEqual(PINS);
  expect(withPins(pinned, PINS)).toBe(pinned);
  expect(withPins(pinned, OTHER)).toBe(pinned.replace(PINS.build, OTHER.build).replace(PINS.base, OTHER.base));
});

test.each([
  ["in the other order, quoted", `erpnext:\n  baseImages:\n    base: "x" # the one\n    build: 'y'\n`],
  ["in flow notation", "erpnext: { frappeBranch: version-15, baseImages: { build: x, base: y } }\n"],
  ["as the last line, unfinished", "erpnext:\n    baseImages:\n        build: x\n        base: y"],
])("digests %s are found", (_, text) => {
  const edited = withPins(text, PINS)!;
  expect(readPins(edited).pins).toEqual(PINS);
  expect(edited.replace(PINS.build, "").replace(PINS.base, "")).toBe(text.replace(/"x"|'y'|\bx\b|\by\b/g, ""));
});

test("line ends of Windows and deeper levels are kept", () => {
  expect(withPins("erpnext:\r\n    frappeBranch: version-15\r\n    build: true\r\n", PINS)).toBe(
    `erpnext:\r\n    frappeBranch: version-15\r\n    baseImages: # what the image is built on; by npm run pin-base-images\r\n        build: ${PINS.build}\r\n        base: ${PINS.base}\r\n    build: true\r\n`,
  );
});

test.each([
  ["no branch", "erpnext:\n  build: true\n"],
  ["no section", "slug: acme\n"],
  ["nothing at all", ""],
  ["a flow notation without a place", "erpnext: { frappeBranch: version-15 }\n"],
  ["one digest of two", "erpnext:\n  baseImages:\n    build: x\n"],
  ["no mapping where the digests belong", "erpnext:\n  frappeBranch: version-15\n  baseImages: later\n"],
  ["a branch whose text goes on below", "erpnext:\n  frappeBranch: >\n    version-15\n  build: true\n"],
  ["an unfinished last line", "erpnext:\n  frappeBranch: version-15"],
])("%s leaves no place, and nothing is made up", (_, text) => {
  expect(withPins(text, PINS)).toBeUndefined();
});

test("what is not text is no digest", () => {
  expect(readPins("erpnext:\n  frappeBranch: 15\n  imageTag: 1.0\n  baseImages: { build: 1, base: x }\n")).toEqual({
    frappeBranch: 15,
    imageTag: 1,
    pins: { base: "x" },
  });
  expect(readPins("")).toEqual({ frappeBranch: undefined, imageTag: undefined, pins: {} });
});
