import { ordersAtOnce } from "./orders-at-once";
import { ERPNEXT } from "../components/testing/company";
import type { Customer } from "./schema";

const gcp = (machineType: string): Customer["gcp"] => ({ machineType }) as Customer["gcp"];

test.each([
  ["e2-medium", 2],
  ["e2-standard-2", 2],
  ["e2-standard-4", 3],
  ["n2-highmem-8", 6],
  ["n2-custom-4-16384", 3],
  ["e2-custom-medium-4096", 2],
  ["c3-standard-22-lssd", 6],
])("on %s it is %d", (machineType, expected) => {
  expect(ordersAtOnce({ erpnext: { ...ERPNEXT, booksApp: true }, gcp: gcp(machineType) })).toBe(expected);
});

test("one without our app, and what the file says where it says so", () => {
  expect(ordersAtOnce({ erpnext: ERPNEXT, gcp: gcp("e2-standard-8") })).toBe(1);
  expect(ordersAtOnce({ erpnext: { ...ERPNEXT, booksApp: true, ordersAtOnce: 1 }, gcp: gcp("e2-standard-8") })).toBe(1);
});
