import type { FrappeChildFilter } from "./frappe-api";

/**
 * Payment Entries of these invoices and credit notes, by the rows that they settle. `reference_no` does not find them: the connector writes
 * the invoice there, and our app the number of Shopify's transaction.
 */
export function settling(invoices: readonly string[]): FrappeChildFilter {
  return ["Payment Entry Reference", "reference_name", "in", invoices];
}
