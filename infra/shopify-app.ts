import { ShopifyApp } from "../components/providers/shopify-app";
import type { Customer } from "../customers/schema";
import type { Endpoints } from "./endpoints";

/**
 * Asks Shopify first whose token this is: a revoked one, a missing scope or another currency than the company's ends an
 * update before anything is built.
 */
export function checkShopifyApp(customer: Customer, endpoints: Endpoints): ShopifyApp {
  return new ShopifyApp("shopify-app", {
    customer: customer.slug,
    shopDomain: customer.shopify.shopDomain,
    app: customer.shopify.app,
    currency: customer.company.currency,
    ...(endpoints.shopifyApiUrl === undefined ? {} : { apiUrl: endpoints.shopifyApiUrl }),
  });
}
