import { changedSteps, judge, type HealthReport } from "./server-readiness";

const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;

function report(state: HealthReport["state"], steps: HealthReport["steps"], of = digest): HealthReport {
  return { customer: "demo-store", digest: of, state, steps };
}

describe("judge", () => {
  it.each([
    ["is ready with this digest", report("ready", []), { kind: "ready" }],
    [
      "waits while the server applies an earlier update, even a failed one",
      report("failed", [{ name: "site", state: "failed", detail: "no space" }], other),
      { kind: "wait", because: "the server still applies bbbbbbbbbbbb, not aaaaaaaaaaaa" },
    ],
    [
      "names the running step",
      report("converging", [
        { name: "disk", state: "done" },
        { name: "image", state: "running" },
      ]),
      { kind: "wait", because: 'step "image" is running' },
    ],
    ["waits between two steps", report("converging", []), { kind: "wait", because: "the server is converging" }],
    [
      "waits for a server whose status stands still, and says what that may be",
      report("stale", []),
      {
        kind: "wait",
        because:
          "the server has not looked at itself for an hour: its boot disk is full, or erpnext-watch does not run",
      },
    ],
    [
      "fails with the step's own last words",
      report("failed", [{ name: "image", state: "failed", detail: "pull of sha256:abc denied" }]),
      { kind: "failed", step: "image", detail: "pull of sha256:abc denied" },
    ],
    [
      "says so when a failed server names no step",
      report("failed", []),
      { kind: "failed", step: "unknown", detail: "the server gave no reason" },
    ],
  ])("%s", (_title, given, expected) => {
    expect(judge({ kind: "report", report: given }, { digest, waitedMs: 0 })).toEqual(expected);
  });

  it("waits for a server that does not answer", () => {
    expect(judge({ kind: "silent", reason: "connection refused" }, { digest, waitedMs: 0 })).toEqual({
      kind: "wait",
      because: "connection refused",
    });
  });
});

describe("a failure and the time of the wait", () => {
  const failed = report("failed", [
    { name: "image", state: "failed", detail: "denied", finishedAt: "2026-11-23T12:00:00Z" },
  ]);
  const given = (at: string, waitedMs: number) =>
    judge({ kind: "report", report: failed, at: new Date(at) }, { digest, waitedMs });

  it("does not fail for what failed before the wait began: the server tries again", () => {
    expect(given("2026-11-23T12:00:30Z", 10_000)).toEqual({
      kind: "wait",
      because: 'step "image" failed earlier with "denied" and will be tried again',
    });
  });

  it.each([
    ["a failure during the wait", "2026-11-23T12:00:30Z", 40_000],
    ["a failure within what clocks may differ", "2026-11-23T12:00:05Z", 0],
  ])("fails for %s", (_title, at, waitedMs) => {
    expect(given(at, waitedMs)).toEqual({ kind: "failed", step: "image", detail: "denied" });
  });

  it("fails when the report says nothing of times", () => {
    const timeless = report("failed", [{ name: "image", state: "failed" }]);
    const at = new Date("2026-11-23T12:00:30Z");
    expect(judge({ kind: "report", report: timeless, at }, { digest, waitedMs: 0 }).kind).toBe("failed");
  });
});

describe("changedSteps", () => {
  const first = report("converging", [
    { name: "disk", state: "done" },
    { name: "docker", state: "running" },
    { name: "image", state: "pending" },
  ]);

  it("shows all but pending steps at first", () => {
    expect(changedSteps(undefined, first)).toEqual(["disk: done", "docker: running"]);
  });

  it("shows only what changed since", () => {
    const second = report("failed", [
      { name: "disk", state: "done" },
      { name: "docker", state: "failed", detail: "no space left" },
      { name: "image", state: "pending" },
    ]);
    expect(changedSteps(first, second)).toEqual(["docker: failed (no space left)"]);
  });

  it("starts afresh for another digest", () => {
    expect(changedSteps(first, report("converging", [{ name: "disk", state: "done" }], other))).toEqual(["disk: done"]);
  });
});
