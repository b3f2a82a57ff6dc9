import { parseNameStatus } from "./changes";

const nul = (...fields: string[]): string => fields.map((field) => `${field}\0`).join("");

it("reads every status with its paths, whatever is in them", () => {
  const text = nul("M", "infra/index.ts", "A", "customers/a b\n.yaml", "D", "x", "R087", "old.yaml", "new.yaml");
  expect(parseNameStatus(`${text}${nul("C100", "one", "two", "T", "link")}`)).toEqual([
    { kind: "modified", path: "infra/index.ts" },
    { kind: "added", path: "customers/a b\n.yaml" },
    { kind: "deleted", path: "x" },
    { kind: "renamed", path: "new.yaml", from: "old.yaml" },
    { kind: "added", path: "two" },
    { kind: "modified", path: "link" },
  ]);
  expect(parseNameStatus("")).toEqual([]);
});

it.each([
  ["M\0infra/index.ts", "cut off"],
  ["R100\0old.yaml\0", "R100"],
  ["M\0", '"M"'],
  ["X\0file\0", '"X"'],
  ["infra/index.ts\n", "cut off"],
])("refuses %j rather than overlook a change", (text, words) => {
  expect(() => parseNameStatus(text)).toThrow(words);
});
