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
