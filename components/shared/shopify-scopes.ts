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
