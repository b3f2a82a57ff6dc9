import { branchesOf, combinationName, findTested, TESTED_COMBINATIONS } from "./compatibility";

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
  expect(findTested(branches) !== undefined).toBe(tested);
});

test("each tested combination stands in the table once", () => {
  const names = TESTED_COMBINATIONS.map(combinationName);
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ["version-15", ["3.11"], ["20.19"]],
  ["version-16", ["3.14"], ["24.12", "24.13"]],
])("%s runs on the Python and Node of frappe_docker's base image of that name", (frappe, python, node) => {
  const rows = TESTED_COMBINATIONS.filter((row) => row.frappe === frappe);
  expect(rows).toHaveLength(2);
  expect(rows.map((row) => [row.python, row.node])).toEqual(rows.map(() => [python, node]));
});

test("a customer's branches are found by the addresses of the two apps, however they are written", () => {
  const erpnext = { url: "https://github.com/Frappe/ERPNext.git", branch: "version-15" };
  const connector = { url: "https://github.com/frappe/ecommerce_integrations", branch: "main" };
  const other = { url: "https://github.com/acme/erpnext", branch: "develop" };
  expect(branchesOf([other, connector, erpnext], "version-15")).toEqual({
    frappe: "version-15",
    erpnext: "version-15",
    connector: "main",
  });
  expect(branchesOf([other, connector], "version-15")).toBeUndefined();
  expect(branchesOf([erpnext], "version-15")).toBeUndefined();
});
