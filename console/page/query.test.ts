import { csvHref, pageHref, readGapQuery, REASONS, toggled } from "./query";

const read = (text: string): ReturnType<typeof readGapQuery> => readGapQuery(new URLSearchParams(text));

it.each([
  ["", { reasons: [], search: "", after: null, limit: 25 }],
  ["reason=other&reason=error", { reasons: ["error", "other"], search: "", after: null, limit: 25 }],
  ["reason=error&reason=error&reason=nonsense", { reasons: ["error"], search: "", after: null, limit: 25 }],
  ["reason=constructor&reason=__proto__", { reasons: [], search: "", after: null, limit: 25 }],
  ["search=%20%231001%20", { reasons: [], search: "#1001", after: null, limit: 25 }],
  ["month=2026-11", { reasons: [], search: "", month: "2026-11", after: null, limit: 25 }],
  ["month=November", { reasons: [], search: "", after: null, limit: 25 }],
  ["after=", { reasons: [], search: "", after: null, limit: 25 }],
  ["after=2026-11-01T00:00:00Z~12", { reasons: [], search: "", after: "2026-11-01T00:00:00Z~12", limit: 25 }],
  [`search=${"x".repeat(300)}`, { reasons: [], search: "x".repeat(100), after: null, limit: 25 }],
])("%j is read", (text, query) => {
  expect(read(text)).toEqual(query);
});

it("reads as many rows as it is told", () => {
  expect(readGapQuery(new URLSearchParams(), 1000).limit).toBe(1000);
});

it("writes what it reads, whatever is searched for", () => {
  const view = { reasons: ["error", "orphan"] as const, search: 'a&b=c#"><script> é', after: "1&2" };
  const { pathname, search, hash } = new URL(pageHref(view), "https://console.example.com");
  expect([pathname, hash]).toEqual(["/", "#gaps"]);
  expect(read(search)).toEqual({ ...view, limit: 25 });
});

it("has no question mark where nothing is chosen", () => {
  expect(pageHref({ reasons: [], search: "", after: null })).toBe("/#gaps");
});

it("gives the whole list as CSV, wherever the page is in it", () => {
  expect(csvHref({ reasons: ["error"], search: "tea", after: "50" })).toBe("/gaps.csv?reason=error&search=tea");
});

it("adds a reason and takes it away, keeps the search and begins at the first page", () => {
  const one = toggled({ reasons: ["other"], search: "tea", after: "50" }, "error");
  expect(one).toEqual({ reasons: ["error", "other"], search: "tea", after: null });
  expect(toggled(one, "other")).toEqual({ reasons: ["error"], search: "tea", after: null });
});

it("knows every reason once", () => {
  expect(new Set(REASONS).size).toBe(REASONS.length);
  expect(REASONS).toHaveLength(27);
});
