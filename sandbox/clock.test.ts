import { speededClock } from "./clock";

const NOON = Date.parse("2026-11-23T12:00:00Z");

test("runs as many times as fast as the wall clock, from its present", () => {
  const wall = jest.spyOn(Date, "now").mockReturnValue(NOON);
  try {
    const clock = speededClock(3600);
    expect(clock.now()).toEqual(new Date("2026-11-23T12:00:00Z"));
    wall.mockReturnValue(NOON + 2_000);
    expect(clock.now()).toEqual(new Date("2026-11-23T14:00:00Z"));
  } finally {
    wall.mockRestore();
  }
});

test("four hours of its time are a moment of ours", async () => {
  const started = performance.now();
  await speededClock(1_000_000).sleep(4 * 60 * 60 * 1000);
  const took = performance.now() - started;
  expect(took).toBeGreaterThan(10);
  expect(took).toBeLessThan(2_000);
});

test("a sleep can be ended, before it begins and while it lasts", async () => {
  const clock = speededClock(1);
  await expect(clock.sleep(60_000, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  const controller = new AbortController();
  const sleep = clock.sleep(60_000, controller.signal);
  controller.abort();
  await expect(sleep).rejects.toMatchObject({ name: "AbortError" });
});
