import { closesGaps } from "./closes-gaps";

const operations = { alertEmails: [], backupRetentionDays: 30, finalBackup: true };

test.each([
  ["test", undefined, true],
  ["test", false, false],
  ["production", undefined, false],
  ["production", true, true],
] as const)("of %s with %s is %s", (environment, closeGaps, expected) => {
  const given = closeGaps === undefined ? operations : { ...operations, closeGaps };
  expect(closesGaps({ environment, operations: given })).toBe(expected);
});
