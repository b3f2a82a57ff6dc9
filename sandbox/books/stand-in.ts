import { FrappeClient } from "../../clients/frappe";
import { booksSettings } from "../../components/shared/books-settings";
import { COMPANY } from "../../components/testing/company";
import { DOOR, SECRET, SETUP, SITE, startConfiguredSite } from "../erpnext/testing/site";
import type { Books } from "../../scripts/lib/matrix/site";

/** The stand-in for ERPNext with the stack's settings, and without our app, which only a real one can run. */
export async function standInBooks(currency: string): Promise<Books & { readonly close: () => Promise<void> }> {
  const company = { ...SETUP.company, currency };
  const standIn = await startConfiguredSite(
    { setup: { ...SETUP, company } },
    { default_sales_tax_account: "Umsatzsteuer 19 % - DSG" },
  );
  const { apiKey, apiSecret } = SETUP.automation;
  const site = new FrappeClient({ siteUrl: `https://${SITE}`, apiUrl: standIn.erpnext.url, apiKey, apiSecret });
  await applySettings(site, currency);
  const till = { customer_name: "Till", customer_group: "Individual", territory: "All Territories" };
  await site.insert("Customer", till);
  await site.update("Shopify Setting", "Shopify Setting", { default_customer: till.customer_name });
  const door = { url: new URL(DOOR, standIn.erpnext.url), host: SITE, anyCertificate: false };
  return {
    site,
    door,
    secret: SECRET,
    shopDomain: "demo-store.myshopify.com",
    timeZone: "UTC",
    close: () => standIn.close(),
  };
}

async function applySettings(site: FrappeClient, currency: string): Promise<void> {
  for (const { doctype, documentName, single, values } of booksSettings({ company: { ...COMPANY, currency } })) {
    if (single) await site.update(doctype, documentName, values);
    else await site.insert(doctype, values);
  }
}
