import { bundleConsole } from "../../../console/build";
import type { StatusAnswer } from "../../../console/page/api";
import { GAP, leanWorld } from "./lean-world";
import { startWorker } from "./running-worker";

/** A Worker's own limit of requests in one invocation is 1,000. */
const MOST_REQUESTS = 510;

/**
 * A store of so many orders (a multiple of four times {@link GAP}) is scanned in bounded steps to the exact set of gaps.
 * @returns how many invocations it took
 */
export async function scanLargeStore(orders: number): Promise<number> {
  const world = leanWorld({ orders, lastPlacedAt: Date.parse("2026-11-20T00:00:00Z") });
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
    expect(most).toBeLessThan(MOST_REQUESTS);
    const found = await worker.query<{ gap: string }>(
      "SELECT substr(id_key, 4) || ' ' || reason AS gap FROM gap WHERE generation = 1 ORDER BY id_key",
    );
    expect(found.map(({ gap }) => gap)).toEqual(world.gaps());
    const quarter = orders / GAP / 4;
    const each = { "deleted-product": quarter, cancelled: quarter, error: quarter, other: quarter };
    expect((await status()).gapCounts).toEqual(each);
    const [sum] = await worker.query<{ orders: number }>(
      "SELECT sum(shopify) AS orders FROM month WHERE generation = 1",
    );
    expect(sum).toEqual({ orders });
    return ticks;
  } finally {
    await worker.close();
  }
}
