import type { Settings } from "../settings";

/** Addresses in the admins of both sides. */
export interface Links {
  /** An order in Shopify's admin. */
  order(id: string): string;
  document(doctype: string, name: string): string;
  /** The Sales Orders of a Shopify order. */
  search(id: string): string;
}

export function linksOf({ shop, site }: Pick<Settings, "shop" | "site">): Links {
  const store = shop.domain.replace(/\.myshopify\.com$/, "");
  return {
    order: (id) => `https://admin.shopify.com/store/${encodeURIComponent(store)}/orders/${encodeURIComponent(id)}`,
    document: (doctype, name) =>
      `${site.url}/app/${doctype.toLowerCase().replaceAll(" ", "-")}/${encodeURIComponent(name)}`,
    search: (id) => `${site.url}/app/sales-order?shopify_order_id=${encodeURIComponent(id)}`,
  };
}
