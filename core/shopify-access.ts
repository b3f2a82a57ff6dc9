/** What an app's scopes let it see. */

/** To write implies to read. */
export function isGranted(scope: string, granted: readonly string[]): boolean {
  return granted.includes(scope) || granted.includes(scope.replace(/^read_/, "write_"));
}

/** Without `read_all_orders` Shopify shows the orders of so many days, and says nothing of the others. */
export const VISIBLE_DAYS = 60;

/** The moment before which orders cannot be seen (ISO 8601); undefined where all can be. */
export function visibleSince(granted: readonly string[], now: Date): string | undefined {
  if (granted.includes("read_all_orders")) return undefined;
  return new Date(now.getTime() - VISIBLE_DAYS * 86_400_000).toISOString();
}

/** An access scope of Shopify's Admin API, and what it is asked for. */
export interface ShopifyScope {
  readonly scope: string;
  /** A sentence that the merchant can be shown. */
  readonly why: string;
}

/** The playbook's scopes without which orders do not arrive whole. */
export const REQUIRED_SCOPES: readonly ShopifyScope[] = [
  {
    scope: "read_products",
    why: "Products and variants become Items in ERPNext; an order's lines are booked on them.",
  },
  { scope: "read_orders", why: "Orders are what this is about; without it Shopify announces none." },
  { scope: "read_customers", why: "The customer of an order becomes a Customer with addresses in ERPNext." },
  { scope: "read_inventory", why: "Stock items and locations are matched with ERPNext's warehouses." },
];

/** Asked for apart, since an app works without it and nothing says what is missing. */
export const ALL_ORDERS_SCOPE: ShopifyScope = {
  scope: "read_all_orders",
  why: "Without it Shopify shows orders of the last 60 days only and says nothing of the others, so history ends there.",
};
