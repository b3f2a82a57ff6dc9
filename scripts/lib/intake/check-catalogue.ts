import { ShopifyError, type ShopifyQueries } from "../../../clients/shopify";
import { VARIANT_SKUS, type VariantSkus } from "../../../clients/shopify-shop";
import type { Customer } from "../../../customers/schema";
import type { ShopSeen } from "./check-shopify";
import type { Finding } from "./finding";

/** How much of a catalogue is checked: a shop that reuses SKUs does it among the first thousand variants. */
const PAGE = 250;
const PAGES = 4;

/** How many SKUs a sentence names. */
const NAMED = 3;

/** SKUs that several variants carry; undefined where Shopify does not show the catalogue. */
export async function skusOfSeveral(shop: ShopifyQueries): Promise<readonly string[] | undefined> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  let after: string | null = null;
  try {
    for (let page = 0; page < PAGES; page += 1) {
      const { productVariants }: VariantSkus = await shop.query(VARIANT_SKUS, { first: PAGE, after });
      for (const { sku } of productVariants.nodes) {
        if (sku === null || sku === "") continue;
        if (seen.has(sku)) shared.add(sku);
        seen.add(sku);
      }
      after = productVariants.pageInfo.endCursor;
      if (!productVariants.pageInfo.hasNextPage) break;
    }
    return [...shared];
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    return undefined;
  }
}

/** Whether each SKU is one variant's. The connector finds an item by its SKU first, our app never does. */
export function skuFinding({ booksApp }: Pick<Customer["erpnext"], "booksApp">, { sharedSkus }: ShopSeen): Finding {
  const check = "shopify SKUs";
  if (sharedSkus === undefined) return { check, state: "unknown", saw: "the catalogue could not be read" };
  if (sharedSkus.length === 0) return { check, state: "ok", saw: `no SKU twice in the first ${PAGE * PAGES} variants` };
  const named = sharedSkus.slice(0, NAMED).map((sku) => `"${sku}"`);
  const more = sharedSkus.length > NAMED ? ` and ${sharedSkus.length - NAMED} more` : "";
  const saw = `several variants share ${named.join(", ")}${more}`;
  if (booksApp) return { check, state: "ok", saw: `${saw}: they stay items of their own, since the app asks for ids` };
  const next = 'give each variant its own SKU, or set "erpnext.booksApp": without it one takes the other\'s stock';
  return { check, state: "limited", saw, next };
}

/** In which currencies buyers pay. Shopify tells amounts in the shop's too, and those are booked. */
export function buyersCurrencyFinding({ buyersCurrencies, currency }: ShopSeen): Finding {
  const check = "shopify buyers' currencies";
  const foreign = buyersCurrencies.filter((code) => code !== currency);
  if (foreign.length === 0) return { check, state: "ok", saw: `recent buyers paid in ${currency}` };
  const saw = `recent buyers also paid in ${foreign.join(", ")}; orders are booked in ${currency}, and with the app say what was paid`;
  return { check, state: "ok", saw };
}
