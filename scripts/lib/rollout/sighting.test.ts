import type { HealthReport, Observation } from "../server-readiness";
import { exampleOutputs } from "../testing/example-outputs";
import { notDeployed, sightingOf } from "./sighting";

const DIGEST = `sha256:${"d".repeat(64)}`;
const WANTED = { image: "1.1", digest: DIGEST };

function report(changes: Partial<HealthReport> = {}): Observation {
  return { kind: "report", report: { customer: "acme", digest: DIGEST, state: "ready", steps: [], ...changes } };
}

const failed = (detail?: string): Partial<HealthReport> => ({
  state: "failed",
  steps: [
    { name: "disk", state: "done" },
    { name: "migrate", state: "failed", ...(detail === undefined ? {} : { detail }) },
  ],
});

it.each([
  ["ready", report(), { kind: "healthy" }],
  ["ready with the image", report({ facts: { image: { ref: "x", tag: "1.1" } } }), { kind: "healthy" }],
  [
    "ready with the old image, to which it went back",
    report({ facts: { image: { ref: "x", tag: "1.0" } } }),
    { kind: "unhealthy", reason: 'its server went back to "1.0"' },
  ],
  ["converging", report({ state: "converging" }), { kind: "behind", reason: "its server is applying the update" }],
  [
    "ready with an earlier update",
    report({ digest: "sha256:0" }),
    { kind: "behind", reason: "its server has not applied the update yet" },
  ],
  [
    "failed",
    report(failed("no space left")),
    { kind: "unhealthy", reason: `its server's step "migrate" failed with "no space left"` },
  ],
  [
    "stale",
    report({ state: "stale" }),
    {
      kind: "unhealthy",
      reason: "the server has not looked at itself for an hour: its boot disk is full, or erpnext-watch does not run",
    },
  ],
  ["failed without a word", report(failed()), { kind: "unhealthy", reason: `its server's step "migrate" failed` }],
  [
    "ready and does not say with what",
    report({ customer: undefined }),
    {
      kind: "unhealthy",
      reason: "its server is ready, but it does not take the stack's token, so it shows nothing but its state",
    },
  ],
  [
    "silent",
    { kind: "silent", reason: "no answer within 5 s" },
    { kind: "unhealthy", reason: "its server does not report (no answer within 5 s)" },
  ],
] as const)("a server that is %s", (_title, observation, sighting) => {
  expect(sightingOf(observation, WANTED)).toEqual(sighting);
});

it("is deployed by its stack's own image, tag and digest", () => {
  const { image } = exampleOutputs();
  expect(notDeployed({ image }, "1.0")).toBeUndefined();
  expect(notDeployed({ image }, "1.1")).toBe("its stack still runs 1.0");
  expect(notDeployed({ image: image.replace(":1.0@", ":11.0@") }, "1.0")).toBe("its stack still runs 11.0");
  expect(notDeployed(undefined, "1.1")).toBe("its stack is not up");
});
