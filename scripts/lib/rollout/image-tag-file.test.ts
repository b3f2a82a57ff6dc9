import { readFileSync } from "node:fs";

import { PROJECT_DIRECTORY } from "../cli/open-customer";
import { asBuilder, asReader, withImageTag } from "./image-tag-file";

const EXAMPLE = readFileSync(`${PROJECT_DIRECTORY}/customers/demo-store.yaml`, "utf8");
const QUOTED = 'imageTag: "1.0" #';

const edit = (text: string, tag = "1.1"): string => withImageTag(text, "demo-store", tag);

it("changes the tag and not a byte besides", () => {
  expect(edit(EXAMPLE)).toBe(EXAMPLE.replace(QUOTED, 'imageTag: "1.1" #'));
  expect(edit(EXAMPLE, "1.0")).toBe(EXAMPLE);
});

it.each([
  ["single quotes", "imageTag: '1.0' #"],
  ["no quotes", "imageTag: v1 #"],
  ["a block", "imageTag: !!str 1.0 #"],
])("writes quotes instead of %s, so that YAML reads no number", (_title, line) => {
  const other = EXAMPLE.replace(QUOTED, line);
  expect(other).not.toBe(EXAMPLE);
  expect(edit(other)).toContain('"1.1" #');
});

it("keeps Windows' ends of lines", () => {
  const windows = EXAMPLE.replaceAll("\n", "\r\n");
  expect(edit(windows)).toBe(windows.replace(QUOTED, 'imageTag: "1.1" #'));
});

it.each([
  ["latest", /^with the tag "latest" its file would have a fault \("erpnext\.imageTag" is "latest".*\) for customer/],
  ["a b", /^with the tag "a b" its file would have a fault/],
])("refuses the tag %j in the schema's own words", (tag, message) => {
  expect(() => edit(EXAMPLE, tag)).toThrow(message);
});

it("refuses a file that has another fault", () => {
  const faulty = EXAMPLE.replace("environment: test", "environment: testing");
  expect(() => edit(faulty)).toThrow('"environment" is "testing"');
});

it.each([
  [
    "something else has the tag's value",
    EXAMPLE.replace(QUOTED, "imageTag: &name demo-store-erpnext #").replace(
      "project: demo-store-erpnext",
      "project: *name",
    ),
  ],
  [
    "it has the value of something else",
    EXAMPLE.replace("legalName: Demo Store GmbH", 'legalName: &name "1.0"').replace(QUOTED, "imageTag: *name #"),
  ],
  ["it is not there", "slug: demo-store\n"],
])("refuses a file in which the tag cannot be changed alone, because %s", (_title, text) => {
  expect(() => edit(text, "acme-erpnext")).toThrow(
    'its file is written so that "erpnext.imageTag" cannot be changed alone for customer "demo-store": write imageTag: "acme-erpnext" on a line of its own below "erpnext".',
  );
});

describe("a release", () => {
  const lists = /  frappeBranch:[^]*?(?=  # "localization")/;

  it("takes the place of the file's own lists, and the rest stays", () => {
    expect(EXAMPLE).toMatch(lists);
    expect(asBuilder(EXAMPLE, "demo-store", "1.0")).toBe(EXAMPLE.replace(lists, ""));
    expect(asReader(EXAMPLE, "demo-store", "1.0")).toBe(
      EXAMPLE.replace(lists, "").replace("build: true", "build: false"),
    );
  });

  it("is said to be read back, or built, also where the file says neither", () => {
    const short = EXAMPLE.replace(lists, "").replace(/  build: true.*\n/, "");
    expect(asReader(short, "demo-store", "1.0")).toBe(short.replace("  imageTag", "  build: false\n  imageTag"));
    expect(asBuilder(asReader(short, "demo-store", "1.0"), "demo-store", "1.0")).toContain("  build: true\n");
  });
});
