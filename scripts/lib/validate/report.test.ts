import { allHeld, failed, ok, runRows, skipped, type RowPlan } from "./matrix-row";
import { reportMarkdown, reportName, reportOf, tally } from "./report";

function plan(id: string, prove: RowPlan["prove"]): RowPlan {
  return { id, scenario: `the ${id} row`, expected: "something", prove };
}

it("runs every row, takes what is thrown for a failure, and begins none after an interruption", async () => {
  const interrupt = new AbortController();
  const begun: string[] = [];
  const rows = await runRows(
    [
      plan("one", () => Promise.resolve(ok("a", undefined, "", "b"))),
      plan("two", () => Promise.reject(new Error("it broke"))),
      plan("three", () => {
        interrupt.abort();
        return Promise.resolve(failed("c"));
      }),
      plan("four", () => Promise.resolve(ok())),
    ],
    { signal: interrupt.signal, onBegin: ({ id }) => begun.push(id) },
  );
  expect(rows.map(({ id, status, evidence }) => [id, status, evidence])).toEqual([
    ["one", "ok", "a, b"],
    ["two", "failed", "it broke"],
    ["three", "failed", "c"],
    ["four", "skipped", "interrupted before its turn"],
  ]);
  expect(begun).toEqual(["one", "two", "three"]);
  expect(tally(rows)).toBe("1 proven, 2 failed, 1 not tried");
});

it.each([
  [["ok"], true],
  [["ok", "skipped"], true],
  [["ok", "failed"], false],
  [["skipped"], false],
] as const)("rows that are %j hold: %s", (statuses, held) => {
  const rows = statuses.map((status) => ({ id: "", scenario: "", expected: "", status, evidence: "", seconds: 0 }));
  expect(allHeld(rows)).toBe(held);
});

it("writes a page that can be handed on", () => {
  const row = { id: "r", scenario: "Catalog pull", expected: "Items", ...skipped("a | b\nc"), seconds: 1.2 };
  const report = reportOf({
    customer: "acme",
    shopDomain: "acme.myshopify.com",
    environment: "test",
    drive: "hand",
    driveProves: "all of it",
    image: "image@sha256:1",
    startedAt: "2026-11-26T20:45:01.123Z",
    finishedAt: "2026-11-26T20:46:01.123Z",
    rows: [row],
    tidied: { done: ["SO-1 cancelled"], left: [] },
  });
  expect(report.ok).toBe(false);
  const page = reportMarkdown(report);
  expect(page).toContain("# Golden matrix of acme: does not hold");
  expect(page).toContain("| Catalog pull | Items | not tried | a \\| b c | 1.2 s |");
  expect(page).toContain("## Left\n\nnothing\n");
  expect(reportName("acme", report.startedAt)).toBe("validate-acme-20261126-204501");
});
