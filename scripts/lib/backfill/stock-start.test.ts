import type { FrappeListOptions } from "../../../clients/frappe-api";
import { demoCustomer } from "../../../infra/testing/demo-customer";
import { stockCaution, stockStart } from "./stock-start";

const customer = demoCustomer();
const WITHOUT_NOTES = { ...customer, sync: { ...customer.sync, deliveryNotes: false } };
const FROM = "2020-01-01T00:00:00Z";
const REMEDY =
  'will end in errors; set it to false and run "pulumi up" until the history is there, or book the opening stock as of 2020-01-01';

test("asks the ledger of the warehouse for its first day, without what was cancelled", async () => {
  const asked: unknown[] = [];
  const site = (rows: readonly Record<string, unknown>[]) => ({
    list: (doctype: string, options: FrappeListOptions = {}) => {
      asked.push([doctype, options.filters, options.orderBy, options.limit]);
      return Promise.resolve(rows);
    },
  });
  expect(await stockStart(site([{ posting_date: "2026-11-27" }]), "Stores - DSG")).toBe("2026-11-27");
  expect(await stockStart(site([]), "Stores - DSG")).toBeUndefined();
  const filters = [
    ["warehouse", "=", "Stores - DSG"],
    ["is_cancelled", "=", 0],
  ];
  expect(asked[0]).toEqual(["Stock Ledger Entry", filters, "posting_date asc", 1]);
});

test.each([
  { what: "stock from the first day on", of: customer, stock: "2020-01-01", expected: undefined },
  { what: "no Delivery Notes wanted", of: WITHOUT_NOTES, stock: undefined, expected: undefined },
  {
    what: "stock that came later",
    of: customer,
    stock: "2026-11-27",
    expected: `"sync.deliveryNotes" is true and "Stores - DSG" has had stock since 2026-11-27 only: orders fulfilled before ${REMEDY}`,
  },
  {
    what: "no stock at all",
    of: customer,
    stock: undefined,
    expected: `"sync.deliveryNotes" is true and "Stores - DSG" has never had stock: fulfilled orders ${REMEDY}`,
  },
])("$what", ({ of, stock, expected }) => {
  expect(stockCaution(of, { from: FROM, stock })).toBe(expected);
});
