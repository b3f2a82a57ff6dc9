import type { Observation } from "../server-readiness";
import { countIn, followHistory, noteOf } from "./history";
import { describe as tell, isUnderWay, isUnfinished, remedyFor, type BackfillReport } from "./report";

const REPORT: BackfillReport = {
  plan: "p1",
  state: "running",
  windowsDone: 1,
  windowsTotal: 4,
  ordersExpected: 400,
  ordersDone: 100,
  counts: { success: 98, error: 2 },
  startedAt: "2026-11-26T20:00:00Z",
};

function seen(changes: Partial<BackfillReport> = {}): Observation {
  const backfill = { ...REPORT, ...changes };
  return { kind: "report", report: { customer: "acme", digest: "d", state: "ready", steps: [], backfill } };
}

const SILENT: Observation = { kind: "silent", reason: "ECONNREFUSED" };

/** Follows a server that shows each of these in turn, the last one forever. */
async function follow(shown: Observation[], changes: { signal?: AbortSignal; silenceLimitMs?: number } = {}) {
  const updates: [number, string | undefined][] = [];
  const totals: number[] = [];
  const report = await followHistory({
    customer: "acme",
    look: () => Promise.resolve(shown.length > 1 ? shown.shift()! : shown[0]!),
    progress: {
      update: (done, note) => updates.push([done, note]),
      total: (total) => totals.push(total),
      end: () => undefined,
    },
    signal: new AbortController().signal,
    intervalMs: 1,
    silenceLimitMs: 1_000,
    ...changes,
  });
  return { report, updates, totals };
}

it("shows how far it is until the server is done, through a reboot", async () => {
  const { report, updates, totals } = await follow([
    seen(),
    SILENT,
    seen({ state: "paused" }),
    seen({ ordersDone: 200, windowsDone: 2 }),
    seen({ state: "done", ordersDone: 400, windowsDone: 4 }),
  ]);
  expect(report).toMatchObject({ state: "done", ordersDone: 400 });
  expect(updates).toEqual([
    [100, "window 2 of 4"],
    [100, "paused: goes on by itself when the server is ready"],
    [200, expect.stringMatching(/^window 3 of 4, \d+ orders an hour, about 1 min left$/)],
  ]);
  expect(totals).toEqual([400, 400, 400]);
});

it.each(["failed", "stopped"] as const)("ends when it is %s", async (state) => {
  expect((await follow([seen(), seen({ state })])).report).toMatchObject({ state });
});

it("leaves the server alone when the operator goes", async () => {
  const leaving = new AbortController();
  setTimeout(() => {
    leaving.abort();
  }, 20);
  expect((await follow([seen()], { signal: leaving.signal })).report).toBeUndefined();
});

it("does not wait forever for a server that is silent", async () => {
  await expect(follow([SILENT], { silenceLimitMs: 20 })).rejects.toThrow(
    'the server has not reported its state for about 1 min for customer "acme"',
  );
});

it("tells what is left at the speed that was seen", () => {
  const report = { ...REPORT, ordersDone: 200, windowsDone: 2 };
  expect(noteOf(report, { first: REPORT, elapsedMs: 600_000 })).toBe(
    "window 3 of 4, 600 orders an hour, about 20 min left",
  );
});

it.each<[BackfillReport["state"], boolean, boolean]>([
  ["running", true, true],
  ["paused", true, true],
  ["stopped", false, true],
  ["failed", false, true],
  ["done", false, false],
])("%s is under way: %s, unfinished: %s", (state, underWay, unfinished) => {
  const report = { ...REPORT, state };
  expect([isUnderWay(report), isUnfinished(report)]).toEqual([underWay, unfinished]);
});

it("is nothing where there never was one", () => {
  expect([isUnderWay(undefined), isUnfinished(undefined)]).toEqual([false, false]);
});

it("is told in one line, with the remedy for its reason", () => {
  const failed: BackfillReport = {
    ...REPORT,
    state: "failed",
    detail: "the window from x failed twice: UnauthorizedAccess",
  };
  expect(tell(failed)).toBe(
    "history failed: 1 of 4 windows, 100 of 400 orders (98 success, 2 error): the window from x failed twice: UnauthorizedAccess",
  );
  expect(remedyFor(failed, "acme")).toContain(
    `Shopify refuses the connector's token: "pulumi config set --secret shopifyAdminToken -s acme" if it was revoked, then "pulumi up -s acme", which hands it on, then run "./stack backfill acme --apply" again`,
  );
  expect(remedyFor({ ...failed, detail: "no end after 600 s" }, "acme")).toContain("journalctl -u erpnext-backfill");
});

describe("countIn", () => {
  const range = { from: "2026-01-01T00:00:00Z", to: "2026-01-31T23:59:59Z" };
  const counting = (ordersCount: unknown) => {
    const query = jest.fn().mockResolvedValue({ ordersCount });
    return { query, count: countIn({ query }, "acme") };
  };

  it("counts both ends in", async () => {
    const { query, count } = counting({ count: 7, precision: "EXACT" });
    expect(await count(range)).toBe(7);
    expect(query).toHaveBeenCalledWith(expect.objectContaining({ name: "OrderCount" }), {
      query: "created_at:>='2026-01-01T00:00:00Z' AND created_at:<='2026-01-31T23:59:59Z'",
    });
  });

  it.each([null, { count: 10_000, precision: "AT_LEAST" }])("refuses %j for a count", async (answer) => {
    await expect(counting(answer).count(range)).rejects.toThrow("only roughly");
  });
});
