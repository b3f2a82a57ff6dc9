import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { bundleConsole } from "../../console/build";
import type { StatusAnswer } from "../../console/page/api";
import { leanWorld } from "./testing/lean-world";
import { startWorker, type Hosts, type RunningWorker } from "./testing/running-worker";

jest.setTimeout(300_000);

const ERPNEXT = "erp.demo.invalid";
const SHOPIFY = "demo-store.myshopify.com";
const DAY = 24 * 60 * 60 * 1000;

let script: string;
beforeAll(async () => {
  script = await bundleConsole({ entry: join(__dirname, "testing/eager-worker.ts") });
});

const small = () => leanWorld({ orders: 3_000, lastPlacedAt: Date.parse("2026-11-20T00:00:00Z") });

async function gapsOf(worker: RunningWorker): Promise<readonly string[]> {
  const sql = `SELECT substr(id_key, 4) || ' ' || reason AS gap FROM gap
    WHERE generation = (SELECT value ->> '$.shown.generation' FROM fact WHERE name = 'scan') ORDER BY id_key`;
  return (await worker.query<{ gap: string }>(sql)).map(({ gap }) => gap);
}

async function tickFor(minutes: number, worker: RunningWorker): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) await worker.tick();
}

async function untilComplete(worker: RunningWorker): Promise<StatusAnswer> {
  for (let ticks = 0; ticks < 60; ticks += 1) {
    await worker.tick();
    const status = await worker.json<StatusAnswer>("/api/status");
    if (status.scan.complete) return status;
  }
  throw new Error(`the scan has not come to an end: ${worker.logged.slice(-5).join("")}`);
}

/** As if the wait that a trouble or a lease imposes were over. */
async function later(worker: RunningWorker): Promise<void> {
  await worker.query("UPDATE lease SET ends = 0");
  await worker.query(
    "UPDATE fact SET value = json_set(value, '$.trouble.notBefore', 0) WHERE name = 'scan' AND value ->> '$.trouble' IS NOT NULL",
  );
}

test("a scan that is killed in the middle goes on to the same set, once its lease has ended", async () => {
  const world = small();
  const persist = await mkdtemp(join(tmpdir(), "console-"));
  try {
    let pages = 0;
    let stuck: () => void = () => undefined;
    const hang = new Promise<void>((resolve) => (stuck = resolve));
    const shopify: Hosts[string] = async (request) => {
      const body = await request.clone().text();
      if (body.includes("OrderPage") && (pages += 1) === 9) {
        stuck();
        return new Promise(() => undefined);
      }
      return world.hosts[SHOPIFY]!(request);
    };
    const first = await startWorker({ script, persist, hosts: { ...world.hosts, [SHOPIFY]: shopify } });
    const running = tickFor(20, first).catch(() => undefined);
    await hang;
    await first.close();
    await running;

    const second = await startWorker({ script, persist, hosts: world.hosts });
    try {
      const { scan } = await second.json<StatusAnswer>("/api/status");
      expect([scan.complete, scan.running?.ordersTotal]).toEqual([false, 3_000]);
      expect(scan.running?.ordersDone).toBeGreaterThan(0);
      await second.tick();
      expect(second.sent.filter(({ body }) => body.includes("OrderPage"))).toEqual([]);
      await later(second);
      const status = await untilComplete(second);
      expect(await gapsOf(second)).toEqual(world.gaps());
      expect(status.scan.trouble).toBeNull();
      const [months] = await second.query<{ orders: number }>("SELECT sum(shopify) AS orders FROM month");
      expect(months).toEqual({ orders: 3_000 });
    } finally {
      await second.close();
    }
  } finally {
    await rm(persist, { recursive: true, force: true });
  }
});

test("an ERPNext that is down is no zero: the step ends, says why, and nothing is lost", async () => {
  const world = small();
  let isDown = false;
  const erpnext: Hosts[string] = (request) =>
    isDown ? new Response("Bad Gateway", { status: 502 }) : world.hosts[ERPNEXT]!(request);
  const worker = await startWorker({ script, hosts: { ...world.hosts, [ERPNEXT]: erpnext } });
  try {
    await worker.tick();
    const done = (await worker.json<StatusAnswer>("/api/status")).scan.running?.ordersDone ?? 0;
    expect(done).toBeGreaterThan(0);
    isDown = true;
    await worker.tick();
    const status = await worker.json<StatusAnswer>("/api/status");
    expect(status.scan).toMatchObject({ complete: false, trouble: expect.stringContaining(ERPNEXT) as string });
    expect(status.scan.running?.ordersDone).toBe(done);
    expect(status.counts.orders).toMatchObject({
      shopify: { known: true, value: 3_000 },
      erpnext: { known: false, why: expect.stringContaining(ERPNEXT) as string },
    });
    const rate = status.health.find(({ name }) => name === "error-rate");
    expect([rate?.state, rate?.value]).toEqual(["unknown", "nicht bekannt"]);
    const asked = worker.sent.length;
    await worker.tick();
    expect(worker.sent.slice(asked).filter(({ body }) => body.includes("OrderPage"))).toEqual([]);
    isDown = false;
    await later(worker);
    expect((await untilComplete(worker)).scan.trouble).toBeNull();
    expect(await gapsOf(worker)).toEqual(world.gaps());
  } finally {
    await worker.close();
  }
});

test("Shopify's limit ends a step, and a token that it echoes is not shown", async () => {
  const world = small();
  const answers: (() => Response)[] = [];
  const shopify: Hosts[string] = async (request) => {
    const isPage = (await request.clone().text()).includes("OrderPage");
    return (isPage ? answers.shift() : undefined)?.() ?? world.hosts[SHOPIFY]!(request);
  };
  const worker = await startWorker({ script, hosts: { ...world.hosts, [SHOPIFY]: shopify } });
  try {
    const cost = { requestedQueryCost: 1_000, throttleStatus: { currentlyAvailable: 0, restoreRate: 1 } };
    const throttled = { errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }], extensions: { cost } };
    answers.push(() => Response.json(throttled));
    await worker.tick();
    const { scan } = await worker.json<StatusAnswer>("/api/status");
    expect(scan.trouble).toMatch(/^Meldung „the rate limit of demo-store\.myshopify\.com left no room for OrderPage/);
    await later(worker);
    answers.push(() => Response.json({ errors: [{ message: "what is shpat_canary_admin_token?" }] }));
    await worker.tick();
    const told = (await worker.json<StatusAnswer>("/api/status")).scan.trouble;
    expect(told).toContain("what is [secret]?");
    expect(worker.logged.join("")).not.toContain("shpat_canary_admin_token");
    await later(worker);
    await untilComplete(worker);
    expect(await gapsOf(worker)).toEqual(world.gaps());
  } finally {
    await worker.close();
  }
});

test("what the app may not see is unknown, on every figure that it touches", async () => {
  const scopes = ["read_orders", "read_products"];
  const world = leanWorld({ orders: 1_000, lastPlacedAt: Date.now() - DAY, everyMs: DAY / 10, scopes });
  const worker = await startWorker({ script, hosts: world.hosts });
  try {
    const { scan, counts } = await untilComplete(worker);
    const since = Date.parse(scan.visibleSince ?? "");
    expect(Math.abs(Date.now() - 60 * DAY - since)).toBeLessThan(DAY);
    expect(counts).toMatchObject({
      orders: {
        shopify: { known: false, why: "der App fehlt die Berechtigung read_all_orders" },
        erpnext: { known: true },
      },
      products: { shopify: { known: true, value: 7 } },
      customers: { shopify: { known: false, why: "der App fehlt die Berechtigung read_customers" } },
    });
    expect((await gapsOf(worker)).filter((gap) => gap.endsWith("orphan"))).toEqual([]);
    const [months] = await worker.query<{ shopify: number; unknown: number }>(
      "SELECT sum(shopify) AS shopify, sum(unknown) AS unknown FROM month",
    );
    expect(months!.shopify).toBeGreaterThan(580);
    expect(months!.shopify).toBeLessThan(600);
    expect(months!.unknown).toBeGreaterThan(380);
  } finally {
    await worker.close();
  }
});
