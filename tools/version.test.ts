import { formatVersion, isCompatible, isOlder, parseVersion, type Version } from "./version";

const version = (text: string): Version => parseVersion(text)!;

describe("parseVersion", () => {
  test.each([
    ["v3.256.0\n", "3.256.0"],
    ["v2.11.4 h1:XKxAg1lJv/+1EXAMPLE=", "2.11.4"],
    ["2.6.2", "2.6.2"],
    ["1.26", "1.26.0"],
    ["3.257.0-alpha.1", "3.257.0 (pre-release)"],
  ])("reads %j", (text, expected) => {
    expect(formatVersion(version(text))).toBe(expected);
  });

  test.each(["", "(devel)", "unknown", "7"])("finds none in %j", (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });
});

describe("isOlder", () => {
  test.each([
    ["3.255.9", "3.256.0", true],
    ["3.256.0", "3.256.0", false],
    ["3.256.1", "3.256.0", false],
    ["3.256.0-dev.2", "3.256.0", true],
    ["3.256.0", "3.256.0-dev.2", false],
    ["4.0.0", "3.256.0", false],
    ["2.999.0", "3.0.0", true],
  ])("%s than %s: %s", (left, right, expected) => {
    expect(isOlder(version(left), version(right))).toBe(expected);
  });
});

test("a compatible version is as new and of the same major version", () => {
  const fits = ["3.255.0", "3.256.0", "3.300.1", "4.0.0"].filter((text) =>
    isCompatible(version(text), version("3.256.0")),
  );
  expect(fits).toEqual(["3.256.0", "3.300.1"]);
});
