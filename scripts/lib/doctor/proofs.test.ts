import { PROOFS, type Proof } from "../../../infra/proofs";
import { CHECKS } from "./checks";
import type { Examination } from "./examine";
import type { FindingState } from "./finding";
import { proofSummary, standingOf } from "./proofs";

test("every check that a proof of the first deployment names is one of doctor's", () => {
  const known = new Set(CHECKS.map(({ id }) => id));
  expect(PROOFS.flatMap(({ check }) => check ?? []).filter((check) => !known.has(check))).toEqual([]);
});

const PROOF: Proof = { id: "queues", unproven: "real queues", proof: "a worker each; a job survives" };

function seen(state: FindingState): Examination {
  return { id: "queue", group: "ERPNext", title: "t", looksAt: "l", why: "w", state, saw: "3 workers" };
}

const ITEM = { id: "queues", unproven: "real queues", proof: PROOF.proof };
const NOT_PROVEN = { ...ITEM, state: "not-proven", check: "queue", saw: "3 workers", byHand: PROOF.proof };

test.each([
  ["no check", PROOF, "ok", { ...ITEM, state: "by-hand", byHand: PROOF.proof }],
  [
    "its check well",
    { ...PROOF, check: "queue" },
    "ok",
    { ...ITEM, state: "proven", check: "queue", saw: "3 workers" },
  ],
  [
    "its check well, which sees a part",
    { ...PROOF, check: "queue", byHand: "a job survives" },
    "ok",
    { ...ITEM, state: "partly", check: "queue", saw: "3 workers", byHand: "a job survives" },
  ],
  ["its check bad", { ...PROOF, check: "queue" }, "bad", NOT_PROVEN],
  ["its check with a warning", { ...PROOF, check: "queue", byHand: "a job survives" }, "warn", NOT_PROVEN],
  ["its check without an answer", { ...PROOF, check: "queue" }, "unknown", NOT_PROVEN],
  ["nothing there to be looked at", { ...PROOF, check: "queue" }, "skipped", NOT_PROVEN],
  [
    "a check that did not look",
    { ...PROOF, check: "workers" },
    "ok",
    { ...NOT_PROVEN, check: "workers", saw: "it was not looked at" },
  ],
] as const)("a proof with %s", (...row) => {
  const [, proof, state, standing] = row;
  expect(standingOf([proof], [seen(state)])).toEqual([standing]);
});

test("the summary counts what there is", () => {
  const standing = standingOf([PROOF, { ...PROOF, check: "queue" }, { ...PROOF, check: "queue" }], [seen("ok")]);
  expect(proofSummary(standing)).toBe("2 proven, 1 by hand alone");
});
