import { readFileSync } from "node:fs";
import { join } from "node:path";

import { PROOFS } from "./proofs";

const DECISION = readFileSync(join(__dirname, "../docs/decisions/0007-proofs-on-the-first-real-deployment.md"), "utf8");

/** The cells of the decision's one table, without its head. */
function table(): string[][] {
  return DECISION.split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .replace(/^\||\|$/g, "")
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

test("the decision shows every proof, in this order and in these words", () => {
  expect(table()).toEqual(
    PROOFS.map(({ id, unproven, proof, check }) => [
      `\`${id}\``,
      unproven,
      proof,
      check === undefined ? "" : `\`${check}\``,
    ]),
  );
});

test("ids are lasting names, each given once", () => {
  const ids = PROOFS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
});

test("what a check does not see is said in the proof's own words, and only where there is a check", () => {
  expect(PROOFS.filter(({ proof, byHand }) => byHand !== undefined && !proof.includes(byHand))).toEqual([]);
  expect(PROOFS.filter(({ check, byHand }) => byHand !== undefined && check === undefined)).toEqual([]);
});
