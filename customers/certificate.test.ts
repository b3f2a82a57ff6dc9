import { certificateOf } from "./certificate";

const operations = { alertEmails: [], backupRetentionDays: 30, finalBackup: true };

it.each([
  ["production", undefined, "trusted"],
  ["test", undefined, "staging"],
  ["test", "trusted", "trusted"],
  ["test", "staging", "staging"],
] as const)("of %s with %s is %s", (environment, certificate, expected) => {
  const given = certificate === undefined ? operations : { ...operations, certificate };
  expect(certificateOf({ environment, operations: given })).toBe(expected);
});
