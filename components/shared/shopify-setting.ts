import type { Customer } from "../../customers/schema";
import { type ConnectorEvent, connectorEvent, type ManagedSubscription } from "../../core/connector";

/** The part of the intake that the connector's settings are made from. */
export type ConnectorFacts = Pick<Customer, "company" | "accounting" | "sync"> & {
  readonly shopify: Pick<Customer["shopify"], "shopDomain" | "app">;
};

/** A row of the connector's table `webhooks`. */
export interface WebhookRow {
  /** Shopify's numeric id of the subscription. */
  readonly webhook_id: string;
  /** The topic. */
  readonly method: ConnectorEvent;
}

/** The subscriptions of a stack, as the connector keeps its own. */
export function webhookRows(subscriptions: readonly ManagedSubscription[]): WebhookRow[] {
  return subscriptions.map(({ topic, webhookId }) => ({ webhook_id: webhookId, method: connectorEvent(topic) }));
}

/**
 * The plain fields of Shopify Setting: which fact of the intake goes into which. Not in it on purpose: `webhooks`, which
 * comes from Shopify; the secrets ({@link shopifySettingSecrets}); and `sync_old_orders` with its window, which the backfill
 * sets and the connector clears. Check fields are 0 or 1, as Frappe reads them back.
 */
export function shopifySettingValues({ shopify, company, accounting, sync }: ConnectorFacts) {
  return {
    enable_shopify: 1,
    shopify_url: shopify.shopDomain,
    company: company.legalName,
    warehouse: accounting.warehouse,
    customer_group: accounting.customerGroup,
    default_customer: accounting.defaultCustomer,
    cash_bank_account: accounting.cashBankAccount,
    cost_center: accounting.costCenter,
    sales_order_series: "SO-Shopify-",
    sync_delivery_note: sync.deliveryNotes ? 1 : 0,
    delivery_note_series: "DN-Shopify-",
    sync_sales_invoice: sync.salesInvoices ? 1 : 0,
    sales_invoice_series: "SI-Shopify-",
    // By title alone, so of a title with several rates the first row; by rate books our app (shopify-books.ts).
    taxes: accounting.taxAccounts
      .filter(({ shopifyTax }, index, all) => all.findIndex((other) => other.shopifyTax === shopifyTax) === index)
      .map(taxRow),
    default_sales_tax_account: accounting.defaultTaxAccount,
    default_shipping_charges_account: accounting.shippingAccount,
    add_shipping_as_item: 0,
    // Shopify is the source of truth: nothing is pushed back to it.
    upload_erpnext_items: 0,
    update_erpnext_stock_levels_to_shopify: 0,
    // At 0, every save queues a migration that loops and jams the workers.
    is_old_data_migrated: 1,
  };
}

/**
 * The secret fields of Shopify Setting and the config key each is read from. A Dev-Dashboard app has no lasting token: the
 * server mints one a day and writes `password` itself, so managing it here would put yesterday's back. Enabling without a
 * token is safe, because the connector asks Shopify nothing while webhook rows are present.
 */
export function shopifySettingSecrets(app: Customer["shopify"]["app"]): Record<string, string> {
  const signature = { shared_secret: "shopifyApiSecret" };
  return app === "custom" ? { password: "shopifyAdminToken", ...signature } : signature;
}

/** Without a description the connector writes the tax's own title and rate, so none is sent then. */
function taxRow(tax: Customer["accounting"]["taxAccounts"][number]) {
  return {
    shopify_tax: tax.shopifyTax,
    tax_account: tax.account,
    ...(tax.description === undefined ? {} : { tax_description: tax.description }),
  };
}
