import type { ShopifyClient } from "./shopify";
import type { ShopifyOperation } from "./shopify-operations";

interface VariantPage {
  readonly productVariants: {
    readonly nodes: readonly { readonly sku: string | null; readonly product: { readonly title: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** Shopify gives at most 250 at a time; a page costs about what ten orders do. */
export const VARIANT_SKUS: ShopifyOperation<VariantPage, { readonly after: string | null }> = {
  name: "VariantSkus",
  repeatable: true,
  document: `query VariantSkus($after: String) {
  productVariants(first: 250, after: $after) {
    nodes { sku product { title } }
    pageInfo { hasNextPage endCursor }
  }
}`,
};

/** SKUs that more than one variant has. Shopify does not keep them unique. */
export interface SharedSkus {
  readonly shared: readonly { readonly sku: string; readonly products: readonly string[] }[];
  /** How many variants were looked at, and whether those are all. */
  readonly variants: number;
  readonly isWhole: boolean;
}

/** 10,000 variants. */
const PAGES = 40;

/** @param pages how many pages are read at most @throws ShopifyError */
export async function sharedSkus(shop: Pick<ShopifyClient, "query">, pages = PAGES): Promise<SharedSkus> {
  const products = new Map<string, string[]>();
  let [after, variants, isWhole]: [string | null, number, boolean] = [null, 0, false];
  for (let page = 0; page < pages && !isWhole; page += 1) {
    const answer: VariantPage = await shop.query(VARIANT_SKUS, { after });
    const { nodes, pageInfo } = answer.productVariants;
    variants += nodes.length;
    for (const { sku, product } of nodes) {
      const key = (sku ?? "").trim();
      if (key !== "") products.set(key, [...(products.get(key) ?? []), product.title]);
    }
    isWhole = !pageInfo.hasNextPage;
    after = pageInfo.endCursor;
  }
  const shared = [...products]
    .filter(([, titles]) => titles.length > 1)
    .map(([sku, titles]) => ({ sku, products: titles }));
  return { shared, variants, isWhole };
}
