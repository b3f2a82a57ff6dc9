import { booksSettings } from "../../../components/shared/books-settings";
import type { Fields } from "../frappe/document";
import { lineOf, orderOf, plainProduct } from "../testing/orders";
import { SETUP, startConfiguredSite, type TestSite } from "../testing/site";

/** The kinds of order that a real ERPNext 15.92 booked wrongly as the setup wizard leaves it, and rightly with our settings. */
const FREE = { discount_allocations: [{ amount: "19.90" }], tax_lines: [{ title: "VAT", rate: 0.19, price: "0.00" }] };
const shipping = { title: "Standard", price: "4.90", tax_lines: [{ title: "VAT", rate: 0.19, price: "0.78" }] };

const BUY_ONE_GET_ONE = orderOf(1, {
  financial_status: "paid",
  taxes_included: true,
  line_items: [
    lineOf(100, { price: "19.90", quantity: 1, tax_lines: [{ title: "VAT", rate: 0.19, price: "3.18" }] }),
    lineOf(100, { id: 1001, price: "19.90", quantity: 1, ...FREE }),
  ],
  shipping_lines: [shipping],
});

const THOUSAND_PIECES = orderOf(2, {
  financial_status: "paid",
  taxes_included: true,
  line_items: [
    lineOf(100, {
      price: "0.19",
      quantity: 1000,
      discount_allocations: [{ amount: "19.00" }],
      tax_lines: [{ title: "VAT", rate: 0.19, price: "27.30" }],
    }),
  ],
  shipping_lines: [],
});

const THREE_DECIMALS = orderOf(3, {
  financial_status: "paid",
  line_items: [lineOf(100, { price: "1.125", quantity: 1, tax_lines: [] })],
  shipping_lines: [],
});

it.each([
  { title: "a free line", currency: "EUR", order: BUY_ONE_GET_ONE, wizard: [41.52, 41.52], ours: [24.8, 24.8] },
  // Rounded to whole units: ERPNext knows no smallest fraction of the pound.
  { title: "a payment in pounds", currency: "GBP", order: BUY_ONE_GET_ONE, wizard: [41.52, 42], ours: [24.8, 24.8] },
  { title: "a thousand pieces", currency: "EUR", order: THOUSAND_PIECES, wizard: [167.3, 167.3], ours: [171, 171] },
  { title: "three decimals", currency: "KWD", order: THREE_DECIMALS, wizard: [1.12, 1], ours: [1.125, 1.125] },
])("$title: wrong as the wizard leaves ERPNext, right with the stack's settings", async (kind) => {
  const company = { ...SETUP.company, currency: kind.currency };
  expect(await booked(company, kind.order, () => Promise.resolve())).toEqual(kind.wizard);
  expect(await booked(company, kind.order, (site) => applySettings(site, kind.currency))).toEqual(kind.ours);
});

type Company = typeof SETUP.company;

/** What the invoice asks for, and what is paid. */
async function booked(company: Company, order: Fields, prepare: (site: TestSite) => Promise<void>) {
  const site = await startConfiguredSite(
    { setup: { ...SETUP, company } },
    { default_sales_tax_account: "Umsatzsteuer 19 % - DSG" },
  );
  try {
    site.shopify.products = [plainProduct(100)];
    await prepare(site);
    const log = await site.process("orders/create", order);
    expect([log["status"], log["traceback"]]).toEqual(["Success", null]);
    const [[invoice], [payment]] = [site.erpnext.documents("Sales Invoice"), site.erpnext.documents("Payment Entry")];
    expect(invoice?.["outstanding_amount"]).toBe(0);
    return [invoice?.["grand_total"], payment?.["paid_amount"]];
  } finally {
    await site.close();
  }
}

async function applySettings(site: TestSite, currency: string): Promise<void> {
  const company = { currency } as Parameters<typeof booksSettings>[0]["company"];
  for (const { doctype, documentName, single, values } of booksSettings({ company })) {
    const path = `/api/resource/${doctype}`;
    const { status, text } = single
      ? await site.call(`PUT ${path}/${documentName}`, values)
      : await site.call(`POST ${path}`, values);
    if (status !== 200) throw new Error(text);
  }
}
