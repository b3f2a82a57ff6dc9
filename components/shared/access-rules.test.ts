import { accessRules } from "./access-rules";

test("an address lets one person in, an at sign with a domain everyone of it", () => {
  expect(accessRules(["ann@example.com", "@example.org"])).toEqual([
    { email: { email: "ann@example.com" } },
    { emailDomain: { domain: "example.org" } },
  ]);
});

test("no one named, no one let in", () => {
  expect(accessRules([])).toEqual([]);
});
