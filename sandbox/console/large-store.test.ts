import { scanLargeStore } from "./testing/large-store";

jest.setTimeout(600_000);

test("60,000 orders take more than one invocation, and are scanned to the exact set of gaps, by month too", async () => {
  expect(await scanLargeStore(60_000)).toBeGreaterThan(1);
});
