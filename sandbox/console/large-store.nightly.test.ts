import { scanLargeStore } from "./testing/large-store";

jest.setTimeout(600_000);

test("200,000 orders are scanned in bounded steps to the exact set of gaps, by month too", async () => {
  expect(await scanLargeStore(200_000)).toBeGreaterThan(3);
});
