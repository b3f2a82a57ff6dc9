import { ensureContext } from "./ensure-options";

test.each([
  [{ HOME: "/home/a" }, "/home/a/.cache/erpnext-stack"],
  [{ HOME: "/home/a", XDG_CACHE_HOME: "/var/cache/a" }, "/var/cache/a/erpnext-stack"],
  [{ HOME: "/home/a", XDG_CACHE_HOME: "relative" }, "/home/a/.cache/erpnext-stack"],
  [{ HOME: "/home/a", XDG_CACHE_HOME: "" }, "/home/a/.cache/erpnext-stack"],
])("%j keeps built tools in %s", (env, expected) => {
  expect(ensureContext({ env }).cacheDirectory).toBe(expected);
});

test("a directory that is asked for is taken as it is", () => {
  expect(ensureContext({ cacheDirectory: "/somewhere", env: { XDG_CACHE_HOME: "/var/cache" } }).cacheDirectory).toBe(
    "/somewhere",
  );
});

test("progress is optional and goes on every 15 seconds", () => {
  const context = ensureContext({ env: {} });
  expect(() => {
    context.say("a line");
  }).not.toThrow();
  expect(context.progressIntervalMs).toBe(15_000);
});
