import { IMPORT_JOB, importStates } from "../backfill/catalog";
import { type Erpnext } from "./erpnext";
import { failed, ok, skipped, type Outcome } from "./matrix-row";

/** A product as far as the catalog row looks at it. */
export interface CatalogProduct {
  readonly productId: number;
  readonly title: string;
}

const PAGE = "ecommerce_integrations.shopify.page.shopify_import_products.shopify_import_products";

/** How many missing products are named in the evidence. */
const NAMED = 3;

/** Imports the catalog and looks for each of these products among the mapped ones. */
export async function catalogRow(erpnext: Erpnext, products: readonly CatalogProduct[]): Promise<Outcome> {
  if (products.length === 0) return skipped("the store has no active product: add one");
  await erpnext.frappe.call(`${PAGE}.import_all_products`);
  let missing = products;
  const seen = await erpnext.until(async () => {
    missing = await unmapped(erpnext, products);
    // Products may be there from before: a job that no worker takes has brought none of them.
    return missing.length === 0 && !(await importStates(erpnext.frappe)).includes("queued") ? true : undefined;
  });
  const arrived = `${products.length - missing.length} of ${products.length} products`;
  const evidence = [
    arrived,
    `${await count(erpnext, "Item")} Items`,
    `${await count(erpnext, "Ecommerce Item")} Ecommerce Items`,
  ];
  if (seen.value === true) return ok(...evidence);
  if (missing.length === 0) return failed(...evidence, `job ${IMPORT_JOB} is still queued: no worker takes it`);
  const named = missing.slice(0, NAMED).map(({ title, productId }) => `"${title}" (${productId})`);
  return failed(...evidence, `not there after ${Math.round(erpnext.pace.limitMs / 1000)} s: ${named.join(", ")}`);
}

async function unmapped(erpnext: Erpnext, products: readonly CatalogProduct[]): Promise<readonly CatalogProduct[]> {
  const rows = await erpnext.frappe.list("Ecommerce Item", {
    fields: ["integration_item_code"],
    filters: [["integration_item_code", "in", products.map(({ productId }) => String(productId))]],
    limit: 10_000,
  });
  const mapped = new Set(rows.map((row) => String(row["integration_item_code"])));
  return products.filter(({ productId }) => !mapped.has(String(productId)));
}

async function count({ frappe }: Erpnext, doctype: string): Promise<number> {
  return Number(await frappe.call("frappe.client.get_count", { doctype }));
}
