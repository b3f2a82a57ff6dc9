import type { HealthReport } from "../server-readiness";
import { refuseUnready } from "./preconditions";

function report(patches?: { id: string; state: string }[], state: HealthReport["state"] = "ready"): HealthReport {
  return {
    customer: "acme",
    digest: "sha256:1",
    state,
    steps: [],
    ...(patches === undefined ? {} : { facts: { patches } }),
  };
}

it("takes an image whose patches are all there, by this project or by upstream", () => {
  expect(() => {
    refuseUnready(
      report([
        { id: "a", state: "already-applied" },
        { id: "b", state: "upstream" },
      ]),
      "acme",
    );
  }).not.toThrow();
});

it.each<[string, HealthReport, string]>([
  ["converges", report([], "converging"), "the server is converging"],
  ["has failed", report([], "failed"), "the server is failed"],
  ["says nothing of patches", report(), "the server has not said whether"],
  ["has no patches", report([]), "the server has not said whether"],
  [
    "lacks one",
    report([
      { id: "fetch-all", state: "missing" },
      { id: "b", state: "upstream" },
    ]),
    'of the connector\'s patches "fetch-all" is missing: ',
  ],
])("refuses a server that %s", (_title, given, words) => {
  expect(() => {
    refuseUnready(given, "acme");
  }).toThrow(words);
});
