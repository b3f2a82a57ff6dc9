import type { Customer } from "../../customers/schema";

/** The company of the components' tests. */
export const COMPANY: Customer["company"] = {
  legalName: "Acme GmbH",
  abbreviation: "AG",
  country: "Germany",
  currency: "EUR",
  chartOfAccounts: "Standard",
  fiscalYearStart: "01-01",
  timeZone: "Europe/Berlin",
};

/** Nothing but invoices, and what our app in the image does by itself. */
export const SYNC: Customer["sync"] = {
  salesInvoices: true,
  deliveryNotes: false,
  history: { from: "2024-01-01" },
  refunds: "draft",
  unmappedTaxes: "default",
  partialPayments: false,
};

/** An image without our app. */
export const ERPNEXT: Customer["erpnext"] = { imageTag: "1.0", build: true, booksApp: false };
