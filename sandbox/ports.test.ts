import { createServer } from "node:net";

import { freePort } from "./ports";

test("gives each caller another port, below those of outgoing connections, and passes over one that is taken", async () => {
  const first = await freePort();
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(first + 1, "127.0.0.1", resolve));
  const second = await freePort();
  await new Promise((resolve) => blocker.close(resolve));
  expect(second).toBe(first + 2);
  expect(first).toBeGreaterThanOrEqual(20_000);
  expect(second).toBeLessThan(32_768);
});
