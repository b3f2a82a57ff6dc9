import { combinationName, isTested, TESTED_COMBINATIONS } from "./compatibility";

test.each([
  [{ frappe: "version-15", erpnext: "version-15", connector: "main" }, true],
  [{ frappe: "version-15", erpnext: "version-15", connector: "version-15" }, true],
  [{ frappe: "version-16", erpnext: "version-16", connector: "version-16" }, true],
  [{ frappe: "version-16", erpnext: "version-16", connector: "develop" }, true],
  [{ frappe: "version-15", erpnext: "version-15", connector: "develop" }, false],
  [{ frappe: "version-15", erpnext: "version-15", connector: "version-16" }, false],
  [{ frappe: "version-15", erpnext: "version-16", connector: "version-16" }, false],
  [{ frappe: "version-16", erpnext: "version-15", connector: "main" }, false],
  [{ frappe: "version-16", erpnext: "version-16", connector: "main" }, false],
  [{ frappe: "version-14", erpnext: "version-14", connector: "main" }, false],
  [{ frappe: "develop", erpnext: "develop", connector: "develop" }, false],
])("%j is tested: %s", (branches, tested) => {
  expect(isTested(branches)).toBe(tested);
});

test("each tested combination stands in the table once", () => {
  const names = TESTED_COMBINATIONS.map(combinationName);
  expect(new Set(names).size).toBe(names.length);
});
