import { changeLines } from "./change-lines";
import { resourceChange, StepReader } from "./resource-change";
import { DISK, step } from "./testing/previews";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "[secret]" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const update = (old: Record<string, unknown>, next: Record<string, unknown>, detailedDiff = {}) =>
  resourceChange(step({ op: "update", type: DISK, name: "server-data", old, new: next, detailedDiff }))?.properties;

it.each(["same", "read", "refresh", "create-replacement", "delete-replaced", "discard"])(
  'takes a step "%s" for no change of its own',
  (op) => {
    expect(resourceChange(step({ op, type: DISK, name: "server-data", old: {}, new: {} }))).toBeUndefined();
  },
);

it("leaves out the stack itself, whose update is only its outputs", () => {
  expect(resourceChange(step({ op: "update", type: "pulumi:pulumi:Stack", name: "x" }))).toBeUndefined();
});

it.each([
  ["default", false],
  ["default_1_2_1", false],
  ["gcp", true],
  ["defaults", true],
])("shows the provider %s or not, as the CLI does: the program did not write a default one", (name, shown) => {
  const change = resourceChange(step({ op: "create", type: "pulumi:providers:command", name, new: {} }));
  expect(change !== undefined).toBe(shown);
});

it("names resource, type and what forces a replacement", () => {
  const replaced = step({
    op: "replace",
    type: DISK,
    name: "server-data",
    old: { zone: "a" },
    new: { zone: "b" },
    keys: ["zone", "name"],
  });
  expect(resourceChange(replaced)).toEqual({
    operation: "replace",
    name: "server-data",
    type: DISK,
    properties: [{ path: "zone", before: "a", after: "b" }],
    because: ["name", "zone"],
  });
});

it("names what changed where the provider replaces for a value and names no input", () => {
  const shrunk = step({
    op: "replace",
    type: DISK,
    name: "server-data",
    old: { size: 50 },
    new: { size: 40 },
    keys: ["__meta"],
    detailedDiff: { __meta: { diffKind: "update-replace" }, size: { diffKind: "update" } },
  });
  expect(resourceChange(shrunk)).toMatchObject({
    properties: [{ path: "size", before: "50", after: "40" }],
    because: ["size"],
  });
});

it("shows no inputs of what is made or goes", () => {
  expect(resourceChange(step({ op: "create", type: DISK, name: "d", new: { size: 50 } }))?.properties).toEqual([]);
  expect(resourceChange(step({ op: "delete", type: DISK, name: "d", old: { size: 50 } }))?.properties).toEqual([]);
});

it("compares leaf by leaf, sorted, into arrays and into JSON that travels as text", () => {
  const old = {
    b: { x: 1, y: 2 },
    a: [1, 2],
    files: '{"Caddyfile":"one","lib.sh":"same"}',
    gone: true,
    odd: { "a b": 1 },
  };
  const next = {
    b: { x: 1, y: 3 },
    a: [1, 5],
    files: '{"Caddyfile":"two","lib.sh":"same"}',
    fresh: null,
    odd: { "a b": 2 },
  };
  expect(update(old, next)).toEqual([
    { path: "a[1]", before: "2", after: "5" },
    { path: "b.y", before: "2", after: "3" },
    { path: "files.Caddyfile", before: "one", after: "two" },
    { path: "fresh", after: "null" },
    { path: "gone", before: "true" },
    { path: 'odd["a b"]', before: "1", after: "2" },
  ]);
});

it("shows only the lines of a text that differ, and how many more do", () => {
  const lines = (prefix: string): string => Array.from({ length: 8 }, (_, index) => `${prefix}${index}`).join("\n");
  expect(update({ env: "A=1\nB=2\nC=3" }, { env: "A=1\nB=9\nC=3\nD=4" })).toEqual([
    { path: "env", before: "B=2", after: "B=9\nD=4" },
  ]);
  expect(update({ env: lines("a") }, { env: lines("b") })).toEqual([
    {
      path: "env",
      before: "a0\na1\na2\na3\na4\na5\nand 2 more lines",
      after: "b0\nb1\nb2\nb3\nb4\nb5\nand 2 more lines",
    },
  ]);
});

it("never shows a secret, in whichever shape it comes", () => {
  expect(update({ token: SECRET, list: [SECRET] }, { token: "shpat_0123456789abcdef", list: ["plain"] })).toEqual([
    { path: "list[0]", before: "[secret]", after: "plain" },
    { path: "token", before: "[secret]", after: "[secret]" },
  ]);
  expect(update({ env: "A=1\nT=shpss_0123456789abcdef" }, { env: "A=1\nT=ya29.0123456789abcdef" })).toEqual([
    { path: "env", before: "T=[secret]", after: "T=[secret]" },
  ]);
});

it("says what is not known yet, and cuts what is long", () => {
  expect(update({ ref: "x" }, { ref: UNKNOWN })).toEqual([
    { path: "ref", before: "x", after: "known after the update" },
  ]);
  const [{ after = "" } = { after: "" }] = update({ ref: "x" }, { ref: `${"a".repeat(200)}END` }) ?? [];
  expect([after.length, after.endsWith("END"), after.includes("…")]).toEqual([119, true, true]);
});

it("names the properties of drift, which no input shows", () => {
  const drift = {
    "labels.team": { diffKind: "delete", inputDiff: false },
    size: { diffKind: "update", inputDiff: true },
  };
  expect(update({ size: 50 }, { size: 60 }, drift)).toEqual([
    { path: "labels.team" },
    { path: "size", before: "50", after: "60" },
  ]);
});

it("says a changed label once: the gcp provider's outputs of it follow", () => {
  const echo = {
    "effectiveLabels.expires": { diffKind: "update", inputDiff: false },
    "pulumiLabels.expires": { diffKind: "update", inputDiff: false },
  };
  const labels = [{ path: "labels.expires", before: "one", after: "two" }];
  expect(update({ labels: { expires: "one" } }, { labels: { expires: "two" } }, echo)).toEqual(labels);
  expect(update({ size: 1 }, { size: 1 }, echo)).toEqual([
    { path: "effectiveLabels.expires" },
    { path: "pulumiLabels.expires" },
  ]);
});

it("leaves out how a dynamic provider is found", () => {
  expect(update({ __provider: "one", values: { a: 1 } }, { __provider: "two", values: { a: 2 } })).toEqual([
    { path: "values.a", before: "1", after: "2" },
  ]);
});

it.each([
  ["deleted first", ["delete-replaced", "replace", "create-replacement"], true],
  ["made first", ["create-replacement", "replace", "delete-replaced"], undefined],
])("says of a resource that is %s when the old one goes", (_case, ops, isGoneFirst) => {
  const reader = new StepReader();
  const inputs = { old: { zone: "a" }, new: { zone: "b" }, keys: ["zone"] };
  const changes = ops.map((op) => reader.read(step({ op, type: DISK, name: "server-data", ...inputs })));
  const [change] = changes.filter((one) => one !== undefined);
  expect(change?.isGoneFirst).toBe(isGoneFirst);
  const words = changeLines(change === undefined ? [] : [change])[0];
  expect(words?.endsWith("; the old one is deleted before the new one is made")).toBe(isGoneFirst === true);
});
