import { compare, matchesId, matchesTime, parseSearch, type Matcher } from "./search";

interface Thing {
  readonly id: number;
  readonly at: string;
  readonly kind: string;
}

const now = new Date("2026-11-23T12:00:00Z");
const matcher: Matcher<Thing> = (term) => {
  if (term.field === "id") return matchesId(term, ({ id }) => id);
  if (term.field === "at") return matchesTime(term, now, ({ at }) => Date.parse(at));
  if (term.field === "kind") return ({ kind }) => kind === term.value;
  return undefined;
};

const things: readonly Thing[] = [
  { id: 1, at: "2026-01-01T00:00:00Z", kind: "a" },
  { id: 2, at: "2026-06-01T10:00:00Z", kind: "b" },
  { id: 3, at: "2026-12-01T00:00:00Z", kind: "c d" },
];

function found(query: string): number[] {
  return things.filter(parseSearch(query, matcher).matches).map(({ id }) => id);
}

describe("the search syntax", () => {
  it.each([
    ["", [1, 2, 3]],
    ["id:2", [2]],
    ["id:1,3", [1, 3]],
    ["id:gid://shopify/Order/3", [3]],
    ["id:>=2", [2, 3]],
    ["at:>='2026-06-01T10:00:00Z'", [2, 3]],
    ["at:<2026-06-01T10:00:00Z", [1]],
    ["at:2026-06-01", [2]],
    ["at:<=now", [1, 2]],
    ["at:>2026-01-01 at:<2026-07-01", [2]],
    ["kind:a OR kind:b", [1, 2]],
    ["id:>1 AND (kind:b OR kind:a)", [2]],
    ["NOT kind:a", [2, 3]],
    ["-kind:b", [1, 3]],
    ['kind:"c d"', [3]],
  ])("%s", (query, ids) => {
    expect(found(query)).toEqual(ids);
  });

  it("ignores a field that does not exist and says so, as Shopify does", () => {
    const search = parseSearch("knid:a id:1", matcher);
    expect(things.filter(search.matches).map(({ id }) => id)).toEqual([1]);
    expect(search.warnings).toEqual([
      { field: "knid", message: "Invalid search field for this query.", code: "invalid_field" },
    ]);
  });

  it("compares", () => {
    expect([
      compare(1, "<", 1),
      compare(1, "<=", 1),
      compare(1, ">", 1),
      compare(1, ">=", 1),
      compare(1, "=", 1),
    ]).toEqual([false, true, false, true, true]);
  });
});
