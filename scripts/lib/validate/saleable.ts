import type { SaleableProducts } from "../../../clients/shopify-test-orders";
import { UserError } from "../../../core/user-error";
import type { Saleable } from "./order-payload";

/** Shopify's name of the only variant of a product that has none. */
const DEFAULT_VARIANT = "Default Title";

/** ERPNext makes no Payment Entry of nothing. */
const CHEAPEST = 0.01;

/** The first variant that costs something. @throws UserError where the store has none */
export function chooseSaleable({ products }: SaleableProducts, customer: string): Saleable {
  const all = products.nodes.flatMap((product) => product.variants.nodes.map((variant) => ({ product, variant })));
  const found = all.find(({ variant }) => Number(variant.price) >= CHEAPEST);
  if (found === undefined) {
    throw new UserError({
      what: "the store has no active product with a price",
      customer,
      next: "add one in Shopify's admin and run the command again",
    });
  }
  const { product, variant } = found;
  return {
    productId: Number(product.legacyResourceId),
    variantId: Number(variant.legacyResourceId),
    variantGid: variant.id,
    title: product.title,
    variantTitle: variant.title === DEFAULT_VARIANT ? null : variant.title,
    sku: variant.sku === "" ? null : variant.sku,
    vendor: product.vendor,
    price: Number(variant.price),
  };
}
