import type { ParsedCustomer } from "../../../customers/parse";
import { readCustomer } from "../../../infra/customer";
import { PROJECT_DIRECTORY } from "../cli/open-customer";
import { layOut, nextStep, nextWave, toLookAt, type KnownCustomer, type RolloutChoice, type Sighting } from "./plan";

const example = readCustomer("demo-store", `${PROJECT_DIRECTORY}/customers`);
const CHOICE: RolloutChoice = { image: "1.1", isRelease: false, canary: [], without: [] };

function customer(
  slug: string,
  changes: { readonly tag?: string; readonly build?: boolean; readonly production?: boolean } = {},
): KnownCustomer {
  const { tag = "1.0", build = true, production = true } = changes;
  const parsed: ParsedCustomer = {
    ok: true,
    customer: {
      ...example,
      slug,
      environment: production ? "production" : "test",
      erpnext: { ...example.erpnext, imageTag: tag, build },
    },
  };
  return { slug, parsed };
}

const test = (slug: string, tag = "1.0"): KnownCustomer => customer(slug, { production: false, tag });
const shops = (count: number): readonly KnownCustomer[] =>
  Array.from({ length: count }, (_, index) => customer(`shop-${String(index + 1).padStart(2, "0")}`));
const names = (customers: readonly KnownCustomer[], choice = CHOICE): readonly string[] =>
  layOut(customers, choice).waves.map(({ title, members }) => `${title}: ${members.map(({ slug }) => slug).join(" ")}`);

describe("waves", () => {
  it("begin with the canaries, then the other test customers, then production, each wave twice as large", () => {
    const fleet = [...shops(9), test("beta"), test("demo"), test("gamma")];
    expect(names(fleet, { ...CHOICE, canary: ["demo"] })).toEqual([
      "canary: demo",
      "test customers: beta gamma",
      "production, 1 of 9: shop-01",
      "production, 2 of 9: shop-02 shop-03",
      "production, 4 of 9: shop-04 shop-05 shop-06 shop-07",
      "production, 2 of 9: shop-08 shop-09",
    ]);
  });

  it("of a release begin with one customer, who builds it", () => {
    const release = { ...CHOICE, isRelease: true };
    const fleet = [...shops(1), test("beta"), test("demo")];
    expect(names(fleet, release)).toEqual([
      "canary, which builds it: beta",
      "test customers: demo",
      "production, 1 of 1: shop-01",
    ]);
    expect(names(fleet, { ...release, canary: ["demo", "beta"] })).toEqual([
      "canary, which builds it: demo",
      "canary: beta",
      "production, 1 of 1: shop-01",
    ]);
    expect(names(shops(1), release)).toEqual(["canary, which builds it: shop-01"]);
  });

  it("are those that have someone", () => {
    expect(names([test("demo")])).toEqual(["test customers: demo"]);
    expect(names(shops(1), { ...CHOICE, canary: ["shop-01"] })).toEqual(["canary: shop-01"]);
    expect(names([])).toEqual([]);
  });

  it("are the same however many of them are done, and in whichever order the files are read", () => {
    const before = names([...shops(5), test("demo")]);
    const after = [customer("shop-02"), test("demo", "1.1"), customer("shop-01", { tag: "1.1" }), ...shops(5).slice(2)];
    expect(names(after)).toEqual(before);
  });

  it("take fifty customers to the end in seven pull requests", () => {
    expect(layOut([...shops(48), test("a"), test("b")], CHOICE).waves.map(({ members }) => members.length)).toEqual([
      2, 1, 2, 4, 8, 16, 17,
    ]);
  });
});

describe("who is left out", () => {
  const FAULT = "with the branches of erpnext and ecommerce_integrations makes the untested combination …";

  it.each([
    [
      "an image from elsewhere",
      customer("acme", { build: false }),
      'its image is pushed from elsewhere ("erpnext.build" is false): push "1.1" there and edit the file',
    ],
    [
      "a newer image",
      customer("acme", { tag: "1.10" }),
      'has "1.10", which is newer: a migrated database does not go back',
    ],
    ["a file with a fault", { slug: "acme", parsed: { ok: false, faults: [FAULT] } }, `its file has a fault: ${FAULT}`],
    [
      "a file with two faults",
      { slug: "acme", parsed: { ok: false, faults: [FAULT, "y"] } },
      `its file has 2 faults: ${FAULT}`,
    ],
  ] as const)("is said: %s", (_title, known, because) => {
    expect(layOut([known], CHOICE)).toEqual({ waves: [], skipped: [{ slug: "acme", because }] });
  });

  it("is said: the one that the operator names", () => {
    expect(layOut([test("acme")], { ...CHOICE, without: ["acme"] }).skipped).toEqual([
      { slug: "acme", because: "left out by --without" },
    ]);
  });

  it.each([["1.0"], ["1.0.9"], ["v1.0"], ["spring"], ["2026-11"], ["1.1-rc1"]])(
    "has no customer with the tag %s",
    (tag) => {
      expect(layOut([customer("acme", { tag })], CHOICE).skipped).toEqual([]);
    },
  );

  it("leaves out a customer that has the tag already", () => {
    const layout = layOut([customer("acme", { tag: "1.1", build: false })], CHOICE);
    expect(layout).toEqual({
      waves: [{ title: "production, 1 of 1", members: [{ slug: "acme", tag: "1.1" }] }],
      skipped: [],
    });
  });

  it.each([
    [{ canary: ["missing"] }, "there is no customers/missing.yaml: choose among acme, beta."],
    [{ without: ["missing"] }, "there is no customers/missing.yaml: choose among acme, beta."],
    [
      { canary: ["beta"] },
      'the canary cannot be rolled out to (its image is pushed from elsewhere ("erpnext.build" is false): push "1.1" there and edit the file) for customer "beta": fix that, or name another one with --canary.',
    ],
  ])("is refused with %j", (choice, message) => {
    expect(() => layOut([customer("acme"), customer("beta", { build: false })], { ...CHOICE, ...choice })).toThrow(
      message,
    );
  });
});

describe("the next step", () => {
  const healthy: Sighting = { kind: "healthy" };
  const behind: Sighting = { kind: "behind", reason: "its stack is not up" };
  const unhealthy: Sighting = { kind: "unhealthy", reason: "its server does not report" };

  /** Two tests, then one, two and one of production; the tag of each, "x" where it has the new one. */
  function fleet(moved: string) {
    const tag = (index: number): string => (moved[index] === "x" ? "1.1" : "1.0");
    return layOut(
      [
        test("test-1", tag(0)),
        test("test-2", tag(1)),
        ...[2, 3, 4, 5].map((index) => customer(`shop-${index - 1}`, { tag: tag(index) })),
      ],
      CHOICE,
    );
  }

  it.each([
    ["no customer has it", "......", {}, { kind: "write", wave: 1, slugs: ["test-1", "test-2"] }],
    ["the first wave is well", "xx....", { "test-1": healthy }, { kind: "write", wave: 2, slugs: ["shop-1"] }],
    ["a later wave is next", "xxx...", {}, { kind: "write", wave: 3, slugs: ["shop-2", "shop-3"] }],
    ["a wave was cut short", "xxxx..", { "shop-2": behind }, { kind: "write", wave: 3, slugs: ["shop-3"] }],
    ["someone has it who was not meant to yet", "xx...x", {}, { kind: "write", wave: 2, slugs: ["shop-1"] }],
    ["all have it", "xxxxxx", {}, { kind: "done" }],
    [
      "one of the first wave is ill",
      "xxx...",
      { "test-2": unhealthy },
      { kind: "halt", wave: 1, because: [{ slug: "test-2", because: "its server does not report" }] },
    ],
    [
      "one of the last wave is not deployed",
      "xx....",
      { "test-1": behind },
      { kind: "halt", wave: 1, because: [{ slug: "test-1", because: "its stack is not up" }] },
    ],
    [
      "the wave that was cut short is ill",
      "xxxx..",
      { "shop-2": unhealthy },
      { kind: "halt", wave: 3, because: [{ slug: "shop-2", because: "its server does not report" }] },
    ],
    [
      "everyone has it and one is ill",
      "xxxxxx",
      { "shop-4": unhealthy },
      { kind: "halt", wave: 4, because: [{ slug: "shop-4", because: "its server does not report" }] },
    ],
  ] as const)("when %s (%s)", (...[, moved, seen, step]) => {
    expect(nextStep(fleet(moved), "1.1", new Map(Object.entries(seen)))).toEqual(step);
  });

  it("needs a look at everyone up to the next wave who has the tag, and at no other", () => {
    expect(toLookAt(fleet("......"), "1.1")).toEqual([]);
    expect(toLookAt(fleet("xxxx.x"), "1.1")).toEqual(["test-1", "test-2", "shop-1", "shop-2"]);
    expect(nextWave(fleet("xxxx.x"), "1.1")).toBe(3);
    expect(toLookAt(fleet("xxxxxx"), "1.1")).toHaveLength(6);
    expect(nextWave(fleet("xxxxxx"), "1.1")).toBeUndefined();
  });
});
