import { PROOFS } from "../../../infra/proofs";
import { CHECKS } from "./checks";

test("every check that a proof of the first deployment names is one of doctor's", () => {
  const known = new Set(CHECKS.map(({ id }) => id));
  expect(PROOFS.flatMap(({ check }) => check ?? []).filter((check) => !known.has(check))).toEqual([]);
});
