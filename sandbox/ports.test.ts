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

test("another process chooses other ports, even before those chosen first are bound", async () => {
  const chosen = new Set<number>();
  for (const process of ["one", "another"]) {
    jest.resetModules();
    const other = jest.requireActual<{ freePort: typeof freePort }>("./ports");
    for (let count = 0; count < 30; count += 1) chosen.add(await other.freePort());
    expect([process, chosen.size]).toEqual([process, process === "one" ? 30 : 60]);
  }
});
