import { text } from "../frappe/document";
import { isMapped } from "./ecommerce-items";
import { syncProduct } from "./products";
import { savedSession } from "./shopify-rest";
import type { Work } from "../site";

/** The name under which RQ Job shows the catalog import. */
export const CATALOG_JOB = "shopify.job.sync.all.products";
export const CATALOG_METHOD =
  "ecommerce_integrations.shopify.page.shopify_import_products.shopify_import_products.queue_sync_all_products";

const PAGE = "100";

export interface ProductCount {
  readonly shopifyCount: number | null;
  readonly syncedCount: number;
  readonly erpnextCount: number;
}

/** What the import page counts: products in Shopify, mapped ones, and Items; variants are left out. */
export async function productCount(work: Work): Promise<ProductCount> {
  const shopify = savedSession(work);
  const count = shopify === undefined ? null : Number((await shopify.one("products/count.json"))["count"]);
  const withoutVariants = (doctype: string): number =>
    [...work.tx.all(doctype)].filter((doc) => text(doc["variant_of"]) === "").length;
  return { shopifyCount: count, syncedCount: withoutVariants("Ecommerce Item"), erpnextCount: withoutVariants("Item") };
}

/**
 * Imports every product that is not mapped yet, page by page. It commits between pages only, so what it has touched stays
 * locked meanwhile; a product that fails is skipped, and nothing says so: the import page shows it, no log keeps it.
 */
export async function importAllProducts(work: Work): Promise<void> {
  const shopify = savedSession(work);
  if (shopify === undefined) return;
  for await (const products of shopify.pages("products.json", { limit: PAGE })) {
    for (const product of products) {
      const before = work.tx.savepoint();
      try {
        if (!isMapped(work.tx, { product: product["id"] })) await syncProduct(work, { product: product["id"] });
      } catch {
        work.signal.throwIfAborted();
        work.tx.rollbackTo(before);
      }
    }
    work.tx.commit();
  }
}
