import { bundleConsole } from "../../console/build";
import type { StatusAnswer } from "../../console/page/api";
import { GAP, leanWorld } from "./testing/lean-world";
import { startWorker } from "./testing/running-worker";

jest.setTimeout(600_000);

const ORDERS = 200_000;
/** A Worker's own limit of requests in one invocation is 1,000. */
const MOST_REQUESTS = 510;

test("200,000 orders are scanned in bounded steps to the exact set of gaps, by month too", async () => {
  const world = leanWorld({ orders: ORDERS, lastPlacedAt: Date.parse("2026-11-20T00:00:00Z") });
  const worker = await startWorker({ script: await bundleConsole(), hosts: world.hosts });
  try {
    let ticks = 0;
    let most = 0;
    const status = (): Promise<StatusAnswer> => worker.json<StatusAnswer>("/api/status");
    for (let before = 0; !(await status()).scan.complete; ticks += 1) {
      await worker.tick();
      most = Math.max(most, worker.sent.length - before);
      before = worker.sent.length;
      expect((await status()).scan.trouble).toBeNull();
    }
    expect(ticks).toBeGreaterThan(3);
    expect(most).toBeLessThan(MOST_REQUESTS);
    const found = await worker.query<{ gap: string }>(
      "SELECT substr(id_key, 4) || ' ' || reason AS gap FROM gap WHERE generation = 1 ORDER BY id_key",
    );
    expect(found.map(({ gap }) => gap)).toEqual(world.gaps());
    const quarter = ORDERS / GAP / 4;
    const each = { "deleted-product": quarter, cancelled: quarter, error: quarter, other: quarter };
    expect((await status()).gapCounts).toEqual(each);
    const [sum] = await worker.query<{ orders: number }>(
      "SELECT sum(shopify) AS orders FROM month WHERE generation = 1",
    );
    expect(sum).toEqual({ orders: ORDERS });
  } finally {
    await worker.close();
  }
});
