import { COMPANY, SYNC } from "../testing/company";
import { type ConnectorFacts, shopifySettingSecrets, shopifySettingValues, webhookRows } from "./shopify-setting";

const facts: ConnectorFacts = {
  shopify: { shopDomain: "acme.myshopify.com", app: "custom" },
  company: COMPANY,
  accounting: {
    warehouse: "Stores - AG",
    customerGroup: "Shopify",
    defaultCustomer: "Shopify Customer",
    cashBankAccount: "Bank - AG",
    costCenter: "Main - AG",
    shippingAccount: "Freight - AG",
    defaultTaxAccount: "Umsatzsteuer 19 % - AG",
    taxAccounts: [
      { shopifyTax: "DE VAT", account: "Umsatzsteuer 19 % - AG", description: "19 % USt" },
      { shopifyTax: "DE VAT reduced", account: "Umsatzsteuer 7 % - AG" },
    ],
    paymentAccounts: [],
  },
  sync: SYNC,
};

test("each fact of the intake goes into its field, and no other field is managed", () => {
  expect(shopifySettingValues(facts)).toEqual({
    enable_shopify: 1,
    shopify_url: "acme.myshopify.com",
    company: "Acme GmbH",
    warehouse: "Stores - AG",
    customer_group: "Shopify",
    default_customer: "Shopify Customer",
    cash_bank_account: "Bank - AG",
    cost_center: "Main - AG",
    sales_order_series: "SO-Shopify-",
    sync_delivery_note: 0,
    delivery_note_series: "DN-Shopify-",
    sync_sales_invoice: 1,
    sales_invoice_series: "SI-Shopify-",
    taxes: [
      { shopify_tax: "DE VAT", tax_account: "Umsatzsteuer 19 % - AG", tax_description: "19 % USt" },
      { shopify_tax: "DE VAT reduced", tax_account: "Umsatzsteuer 7 % - AG" },
    ],
    default_sales_tax_account: "Umsatzsteuer 19 % - AG",
    default_shipping_charges_account: "Freight - AG",
    add_shipping_as_item: 0,
    upload_erpnext_items: 0,
    update_erpnext_stock_levels_to_shopify: 0,
    is_old_data_migrated: 1,
  });
});

test.each([
  { sync: { salesInvoices: false, deliveryNotes: true }, invoice: 0, note: 1 },
  { sync: { salesInvoices: true, deliveryNotes: true }, invoice: 1, note: 1 },
  { sync: { salesInvoices: false, deliveryNotes: false }, invoice: 0, note: 0 },
])("the sync scope $sync decides which documents an order becomes", ({ sync, invoice, note }) => {
  const values = shopifySettingValues({ ...facts, sync: { ...facts.sync, ...sync } });
  expect([values.sync_sales_invoice, values.sync_delivery_note]).toEqual([invoice, note]);
});

test("the connector's table gets Shopify's numeric ids and the connector's spelling of the topics", () => {
  expect(
    webhookRows([
      { topic: "ORDERS_CREATE", webhookId: "1001" },
      { topic: "ORDERS_PARTIALLY_FULFILLED", webhookId: "1005" },
    ]),
  ).toEqual([
    { webhook_id: "1001", method: "orders/create" },
    { webhook_id: "1005", method: "orders/partially_fulfilled" },
  ]);
});

test("a custom app's token goes into the field named password", () => {
  expect(shopifySettingSecrets("custom")).toEqual({
    password: "shopifyAdminToken",
    shared_secret: "shopifyApiSecret",
  });
});

test("a Dev-Dashboard app's daily token is the server's to write, not this stack's", () => {
  expect(shopifySettingSecrets("dev-dashboard")).toEqual({ shared_secret: "shopifyApiSecret" });
});
