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
    expect(judge({ kind: "report", report: given }, digest)).toEqual(expected);
  });

  it("waits for a server that does not answer", () => {
    expect(judge({ kind: "silent", reason: "connection refused" }, digest)).toEqual({
      kind: "wait",
      because: "connection refused",
    });
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
