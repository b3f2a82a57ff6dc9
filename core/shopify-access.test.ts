import { isGranted, visibleSince } from "./shopify-access";

test("to write implies to read", () => {
  expect(isGranted("read_orders", ["write_orders"])).toBe(true);
  expect(isGranted("read_orders", ["write_products"])).toBe(false);
});

test("without read_all_orders the last 60 days are seen", () => {
  const now = new Date("2026-11-26T20:00:00Z");
  expect(visibleSince(["read_orders"], now)).toBe("2026-09-27T20:00:00.000Z");
  expect(visibleSince(["read_orders", "read_all_orders"], now)).toBeUndefined();
});
