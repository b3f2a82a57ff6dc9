import { since } from "./heal-options";

test.each(["2026-02-30", "yesterday", "2026-1-1", "2026-01-01T00:00:00Z"])('"%s" is no day', (value) => {
  expect(() => since(value)).toThrow('write a day such as "2026-01-31"');
});

test("a day begins at midnight, UTC", () => {
  expect(since("2026-01-31")).toBe("2026-01-31T00:00:00.000Z");
});
