import { readFileSync } from "node:fs";
import { join } from "node:path";

import {
  BACKUP_HOURS,
  DELIVERY_LATE_SECONDS,
  FIRST_BACKUP_HOURS,
  gradeOfDisk,
  gradeOfErrors,
  gradeOfProof,
  gradeOfTokenAge,
  gradeOfWait,
  isRecent,
  LONGEST_WAIT,
  PROOF_DAYS,
  subscriptionFaults,
  TOKEN_LATE_HOURS,
} from "./verdicts";

const HOUR_MS = 3_600_000;
const NOTHING = { short: 0, default: 0, long: 0 };

test.each([
  [16.99, "good"],
  [17, "warning"],
  [23.99, "warning"],
  [24, "bad"],
])("a token that was renewed %d hours ago is %s", (hours, grade) => {
  expect(gradeOfTokenAge(hours * HOUR_MS)).toBe(grade);
});

test.each([
  ["nothing waits", null, NOTHING, "good"],
  ["an order waits for five minutes", 300, { ...NOTHING, short: 1 }, "good"],
  ["an order waits longer", 301, { ...NOTHING, short: 1 }, "warning"],
  ["an order waits for a quarter of an hour and more", 901, { ...NOTHING, short: 1 }, "bad"],
  ["a catalog import waits for twenty minutes", 1_200, { ...NOTHING, long: 1 }, "good"],
  ["a catalog import waits for longer than one takes", 4_501, { ...NOTHING, long: 1 }, "bad"],
] as const)("%s", (...[, oldest, queued, grade]) => {
  expect(gradeOfWait({ oldestQueuedSeconds: oldest, queued })).toBe(grade);
});

test("a queue that stands is not hidden by another whose jobs may wait longer", () => {
  const both = { oldestQueuedSeconds: 1_800, queued: { short: 1, default: 0, long: 1 } };
  expect(gradeOfWait(both)).toBe("warning");
  expect(gradeOfWait({ ...both, waits: { short: 901, default: null, long: 1_800 } })).toBe("bad");
});

function hostFile(name: string): string {
  return readFileSync(join(__dirname, "../host", name), "utf8");
}

/** The number behind a text in a file of the server's. */
function numberIn(file: string, before: string): number {
  const text = hostFile(file);
  const at = text.indexOf(before);
  if (at < 0) throw new Error(`${file} has no "${before}"`);
  return Number(/^\d+/.exec(text.slice(at + before.length))?.[0]);
}

test("the server judges by the same limits", () => {
  const [, table = ""] = /^LONGEST_WAIT = (\{.*\})$/m.exec(hostFile("bench/queues.py")) ?? [];
  expect(JSON.parse(table)).toEqual(LONGEST_WAIT);
  expect(numberIn("metrics.sh", ".lastBackup.finishedAt | age > ")).toBe(BACKUP_HOURS);
  expect(numberIn("metrics.sh", "(.since | age > ")).toBe(FIRST_BACKUP_HOURS);
  expect(numberIn("metrics.sh", ".facts.token.refreshedAt // .since | age > ")).toBe(TOKEN_LATE_HOURS);
  expect(numberIn("metrics.sh", ".facts.restoreProof.at // .since | age > ")).toBe(PROOF_DAYS);
  expect(numberIn("metrics.sh", ".facts.deliveries.oldestWaitingSeconds > ")).toBe(DELIVERY_LATE_SECONDS);
  expect(numberIn("facts.sh", "\nLONGEST_WAIT=")).toBe(DELIVERY_LATE_SECONDS);
  // Of the smallest disk that the intake takes (20 GB): before the server calls it full, so does everyone else.
  const least = { freeBytes: numberIn("facts.sh", "\nLEAST_FREE="), totalBytes: 20 * 1024 ** 3 };
  expect(gradeOfDisk(least)).toBe("bad");
});

test("what a server found out is old after a quarter of an hour, and what has no time is older", () => {
  const now = new Date("2026-11-26T12:00:00Z");
  expect(["2026-11-26T11:45:00Z", "2026-11-26T11:44:59Z", undefined, "soon"].map((at) => isRecent(at, now))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test.each([
  [true, 15, "good"],
  [true, 15.01, "bad"],
  [false, 1, "bad"],
  [true, Infinity, "bad"],
])("a proof that is well: %s, %d days old, is %s", (ok, days, grade) => {
  expect(gradeOfProof({ ok, ageMs: days * 24 * HOUR_MS })).toBe(grade);
});

test.each([
  [0, 0, "good"],
  [3, 1, "warning"],
  [96, 4, "good"],
  [95, 5, "warning"],
  [5, 5, "bad"],
])("%d orders that succeeded and %d that failed are %s", (succeeded, failed, grade) => {
  expect(gradeOfErrors(succeeded, failed)).toBe(grade);
});

test("a subscription delivers whole orders as JSON, or says what of it does not", () => {
  expect(subscriptionFaults({ format: "JSON", filter: null, includeFields: [] })).toEqual([]);
  expect(subscriptionFaults({ format: "XML", filter: "a:1", includeFields: ["id"] })).toEqual([
    "is delivered as XML, which the connector cannot read",
    'has the filter "a:1"',
    "carries only id",
  ]);
});
