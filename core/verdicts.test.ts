import { readFileSync } from "node:fs";
import { join } from "node:path";

import { gradeOfErrors, gradeOfTokenAge, gradeOfWait, LONGEST_WAIT, subscriptionFaults } from "./verdicts";

const HOUR_MS = 3_600_000;
const NOTHING = { short: 0, default: 0, long: 0 };

test.each([
  [11.99, "good"],
  [12, "warning"],
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
  expect(gradeOfWait(oldest, queued)).toBe(grade);
});

test("the server allows a job to wait as long as is judged here", () => {
  const queues = readFileSync(join(__dirname, "../host/bench/queues.py"), "utf8");
  const [, table = ""] = /^LONGEST_WAIT = (\{.*\})$/m.exec(queues) ?? [];
  expect(JSON.parse(table)).toEqual(LONGEST_WAIT);
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
