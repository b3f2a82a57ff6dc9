import { Readable } from "node:stream";

import { UserError } from "../../core/user-error";
import { healthTokenOfStdin, requireEnvironment } from "./environment";

test("gives what was asked for and nothing else", () => {
  expect(requireEnvironment(["A", "B"], { A: "1", B: " ", C: "3" })).toEqual({ A: "1", B: " " });
  expect(requireEnvironment([], { A: "1" })).toEqual({});
});

test.each([
  [{ A: "1", B: "2" }, '"C"'],
  [{ A: "", B: undefined, C: "3" }, '"A", "B"'],
  [{}, '"A", "B", "C"'],
])("of %j, all that is missing or empty is named at once", (environment, names) => {
  const read = () => requireEnvironment(["A", "B", "C"], environment);
  expect(read).toThrow(UserError);
  expect(read).toThrow(
    new Error(`the environment has no ${names}: run this through "pulumi up", which sets them, or set them by hand.`),
  );
});

test.each([
  ["the token that a resource hands over", ["abc", "\n"], { token: "abc" }],
  ["none where nothing is handed over", [], {}],
])("standard input holds %s", async (_title, chunks, expected) => {
  expect(await healthTokenOfStdin(Readable.from(chunks))).toEqual(expected);
});

test("a terminal is not waited for", async () => {
  expect(await healthTokenOfStdin(Object.assign(new Readable(), { isTTY: true }))).toEqual({});
});
