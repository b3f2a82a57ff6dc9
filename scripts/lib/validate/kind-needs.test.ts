import { readCustomer } from "../../../infra/customer";
import { PROJECT_DIRECTORY } from "../cli/open-customer";
import { readKinds, type Kind } from "../matrix/kinds";
import { lacking, type BookedBy } from "./kind-needs";

const demo = readCustomer("demo-store", `${PROJECT_DIRECTORY}/customers`);
const WITH_APP: BookedBy = { ...demo, erpnext: { booksApp: true } };

function kind(name: string): Kind {
  const found = readKinds().find((one) => one.kind === name);
  if (found === undefined) throw new TypeError(`there is no kind ${name}`);
  return found;
}

function synced(sync: Partial<BookedBy["sync"]>): BookedBy {
  return { ...WITH_APP, sync: { ...demo.sync, ...sync } };
}

it("asks the connector alone for what it books by itself, and the app for more", () => {
  const able = (customer: BookedBy): number => readKinds().filter((one) => lacking(one, customer) === undefined).length;
  const without = { ...demo, erpnext: { booksApp: false } };
  expect(able(without)).toBe(readKinds().filter(({ app }) => !app).length);
  expect(able(WITH_APP)).toBeGreaterThan(able(without));
});

it.each<[string, BookedBy, string]>([
  ["tip", { ...demo, erpnext: { booksApp: false } }, '"erpnext.booksApp" is false'],
  ["refunded", WITH_APP, "reads such an order from Shopify"],
  ["shipment-cancelled", WITH_APP, "./stack heal sends it"],
  ["two-rates", synced({ salesInvoices: false }), '"sync.salesInvoices" is false'],
  ["paid-and-shipped", synced({ deliveryNotes: false }), '"sync.deliveryNotes" is false'],
  ["late-and-refunded", synced({ refunds: "off" }), '"sync.refunds" is "off"'],
  ["partly-paid", synced({ partialPayments: true }), "books deposits"],
  ["two-taxes-on-one-line", synced({ unmappedTaxes: "refuse" }), "accounting.taxAccounts lacks"],
])("leaves %s out where the store cannot be asked for it", (name, customer, why) => {
  expect(lacking(kind(name), customer)).toContain(why);
});
