import * as shapes from "./erpnext-shapes";
import { refusals } from "./testing/refusals";

describe("frappeName", () => {
  const shape = shapes.frappeName("an account", "Demo Bank - DSG");
  const said =
    'which is not an account of 1 to 140 characters without <, >, backslashes and backticks: write for example "Demo Bank - DSG"';

  test.each(["x", "Umsatzsteuer 19 % - DSG", 'Müller & Söhne "X" $5', "a".repeat(139), "a".repeat(140)])(
    "accepts %j",
    (value) => {
      expect(refusals(shape, value)).toEqual([]);
    },
  );

  test.each(["", "a<b", "a>b", "a\tb", "a\nb", "a\\b", "a`b", "a\u0085b"])("refuses %j", (value) => {
    expect(refusals(shape, value)).toEqual([`"field" is ${JSON.stringify(value)}, ${said}`]);
  });

  test("refuses 141 characters, and prints the first 80", () => {
    expect(refusals(shape, "a".repeat(141))).toEqual([`"field" is "${"a".repeat(80)}…", ${said}`]);
  });

  test.each([" a", "a ", "\ta"])("refuses the blanks around %j and shows the name without them", (value) => {
    expect(refusals(shape, value)).toEqual([
      `"field" is ${JSON.stringify(value)}, which has blanks around it: write for example "a"`,
    ]);
  });
});

describe("abbreviation", () => {
  test.each(["D", "DSG", "a1", "A".repeat(9), "A".repeat(10)])("accepts %j", (value) => {
    expect(refusals(shapes.abbreviation, value)).toEqual([]);
  });

  test.each(["", "D G", "D-G", "Ä", "A".repeat(11)])("refuses %j", (value) => {
    expect(refusals(shapes.abbreviation, value)).toEqual([
      `"field" is "${value}", which is not an abbreviation of 1 to 10 letters and digits: write for example "DSG"`,
    ]);
  });
});

describe("imageTag", () => {
  test.each(["1.0", "v15.92.1", "2026-05-01", "20260501", "1.0-rc1", "_x", "a".repeat(127), "a".repeat(128)])(
    "accepts %j",
    (value) => {
      expect(refusals(shapes.imageTag, value)).toEqual([]);
    },
  );

  const moving = [
    ...["latest", "LATEST", "latest-slim", "stable", "develop", "edge", "nightly", "main", "production"],
    ...["v15", "15", "v1", "version-15", "Version-16", "version-15-hotfix"],
  ];
  test.each(moving)("refuses the moving tag %j", (value) => {
    expect(refusals(shapes.imageTag, value)).toEqual([
      `"field" is "${value}", which is a moving tag, where a release must name one build for good: write for example "1.0"`,
    ]);
  });

  test.each(["", "-1", ".1", "a b", "a:b", "1.0+1", "demo/erpnext", "ü"])("refuses %j, which is no tag", (value) => {
    expect(refusals(shapes.imageTag, value)).toEqual([
      `"field" is "${value}", which is not an image tag of 1 to 128 letters, digits, dots, hyphens and underscores: write for example "1.0"`,
    ]);
  });

  test("refuses 129 characters", () => {
    expect(refusals(shapes.imageTag, "a".repeat(129))).toEqual([
      `"field" is "${"a".repeat(80)}…", which is not an image tag of 1 to 128 letters, digits, dots, hyphens and underscores: write for example "1.0"`,
    ]);
  });

  test("tells that YAML read a number where the tag lacks its quotes", () => {
    expect(refusals(shapes.imageTag, 1)).toEqual([
      '"field" is the number 1, which YAML does not read as text unless it stands in quotes: write for example "1.0"',
    ]);
  });
});

describe("imageDigest", () => {
  const no = "is not an image digest of sha256: and 64 hexadecimal digits";
  const example = shapes.IMAGE_DIGEST_EXAMPLE;

  test("accepts sha256: and 64 digits", () => {
    expect(example).toHaveLength(71);
    expect(refusals(shapes.imageDigest, example)).toEqual([]);
  });

  test.each([
    ["version-15", `${no}: write for example "${example}"`],
    [`sha256:${"a".repeat(63)}`, `${no}: write for example "${example}"`],
    [`sha256:${"a".repeat(65)}`, `${no}: write for example "${example}"`],
    ["a".repeat(64), `lacks its algorithm: write for example "sha256:${"a".repeat(64)}"`],
    [`sha256:${"A".repeat(64)}`, `has upper case letters: write for example "sha256:${"a".repeat(64)}"`],
  ])("refuses %j", (value, which) => {
    expect(refusals(shapes.imageDigest, value)).toEqual([`"field" is "${value}", which ${which}`]);
  });
});

describe("gitUrl", () => {
  const example = 'write for example "https://github.com/frappe/erpnext"';

  test.each([
    "https://github.com/frappe/erpnext",
    "https://github.com/frappe/erpnext.git",
    "https://git.example:8443/group/sub/app",
  ])("accepts %j", (value) => {
    expect(refusals(shapes.gitUrl, value)).toEqual([]);
  });

  test.each([
    ["git@github.com:frappe/hrms.git", "is an ssh address, for which the build has no key", "frappe/hrms.git"],
    ["ssh://git@github.com/frappe/hrms", "is an ssh address, for which the build has no key", "frappe/hrms"],
    ["http://github.com/frappe/hrms", "is not encrypted", "frappe/hrms"],
    ["https://github.com/frappe/hrms/", "is a page and not a repository", "frappe/hrms"],
    ["https://github.com/frappe/hrms/tree/version-15", "is a page and not a repository", "frappe/hrms"],
  ])("refuses %j and shows the address that was meant", (value, which, repository) => {
    expect(refusals(shapes.gitUrl, value)).toEqual([
      `"field" is "${value}", which ${which}: write for example "https://github.com/${repository}"`,
    ]);
  });

  test.each(["", "frappe/erpnext", "https://github.com/frappe", "file:///tmp/x", "https://github.com/a b/c"])(
    "refuses %j",
    (value) => {
      expect(refusals(shapes.gitUrl, value)).toEqual([
        `"field" is "${value}", which is not the https address of a git repository: ${example}`,
      ]);
    },
  );

  // A token in an address is a secret: it would be committed, and stand in the log of everyone who runs a preview.
  test.each([
    "https://user:hunter2@github.com/frappe/erpnext",
    "https://hunter2@github.com/frappe/erpnext",
    "https://ghp_hunter2hunter2hunter2hunter2@github.com/frappe/erpnext",
    "ssh://git:hunter2@github.com/frappe/erpnext",
  ])("refuses %j without printing it", (value) => {
    expect(refusals(shapes.gitUrl, value)).toEqual([
      `"field" is a value that may be a secret (not shown), which has credentials in it, which every reader of the repository would see: ${example}`,
    ]);
  });

  test("refuses a query without printing it", () => {
    expect(refusals(shapes.gitUrl, "https://github.com/frappe/erpnext?access_token=hunter2")).toEqual([
      `"field" is a value that may be a secret (not shown), which is a page and not a repository: ${example}`,
    ]);
  });
});

describe("gitBranch", () => {
  test.each(["version-15", "main", "feature/x.y", "v1.0"])("accepts %j", (value) => {
    expect(refusals(shapes.gitBranch, value)).toEqual([]);
  });

  test.each(["", "a..b", "a/", "/a", "-a", "a b", "a.lock", "a//b", "HEAD~1", "a\n"])("refuses %j", (value) => {
    expect(refusals(shapes.gitBranch, value)).toEqual([
      `"field" is ${JSON.stringify(value)}, which is not the name of a git branch: write for example "version-15"`,
    ]);
  });
});
