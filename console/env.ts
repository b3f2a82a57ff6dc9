import type { D1Database } from "@cloudflare/workers-types";

/** The bindings of the Worker, as components/sync-console.ts makes them. Secrets are secret bindings. */
export interface ConsoleEnv {
  readonly DATABASE: D1Database;
  /** The customer's slug. */
  readonly CUSTOMER: string;
  /** Name, currency, time zone and locale of the company: a {@link CompanyFormat} in JSON. */
  readonly COMPANY: string;
  /** `https://<team>.cloudflareaccess.com`: who issues the Access tokens. */
  readonly ACCESS_ISSUER: string;
  /** `sync.salesInvoices` and `sync.deliveryNotes` of the customer's file, "true" or "false": what an order has to have. */
  readonly SALES_INVOICES: string;
  readonly DELIVERY_NOTES: string;
  /** Whether test orders are booked like any other, "true" or "false": on a test store there are no others. */
  readonly TEST_ORDERS: string;
  /** The audience tag of the console's Access application. */
  readonly ACCESS_AUDIENCE: string;

  /** `<store>.myshopify.com` */
  readonly SHOP_DOMAIN: string;
  /** Where Shopify is asked instead, without a path; absent: at the shop's own domain. */
  readonly SHOPIFY_API_URL?: string;
  /** What the subscriptions have to point at. */
  readonly WEBHOOK_URL: string;
  /** The topics that must be subscribed, as the intake writes them ("orders/create"), separated by commas. */
  readonly SHOPIFY_TOPICS: string;
  /** When the token was made (ISO 8601 date), where the stack knows it. */
  readonly SHOPIFY_TOKEN_SINCE?: string;
  /** A custom app's Admin API token; or both of the next. */
  readonly SHOPIFY_ADMIN_TOKEN?: string;
  readonly SHOPIFY_CLIENT_ID?: string;
  readonly SHOPIFY_CLIENT_SECRET?: string;

  /** `https://<hosts.ui>` */
  readonly ERPNEXT_URL: string;
  /** Where ERPNext is asked instead, without a path. */
  readonly ERPNEXT_API_URL?: string;
  /** `https://<hosts.hook>/healthz`: what the server says of its queues and workers. */
  readonly HEALTH_URL: string;
  /** What the server says more than its state for. */
  readonly HEALTH_TOKEN: string;
  readonly ERPNEXT_API_KEY: string;
  readonly ERPNEXT_API_SECRET: string;
  /** The service token that passes Access in front of ERPNext. */
  readonly ERPNEXT_ACCESS_CLIENT_ID: string;
  readonly ERPNEXT_ACCESS_CLIENT_SECRET: string;
}
