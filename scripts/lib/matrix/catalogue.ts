import type { Line, Rest } from "./amounts";
import type { Kind, OwnProduct } from "./kinds";

/** Ids that a line of an order carries. */
export interface Sold {
  readonly product: number;
  readonly variant: number;
  readonly sku: string;
  readonly title: string;
}

/** Products that every run shares, mapped before it begins. */
export const PRODUCTS = {
  cup: { product: 7_700_100, variant: 7_700_101, sku: "MATRIX-CUP", title: "Matrix cup" },
  bowl: { product: 7_700_200, variant: 7_700_201, sku: "MATRIX-BOWL", title: "Matrix bowl" },
  poster: { product: 7_700_300, variant: 7_700_301, sku: "MATRIX-POSTER", title: "Matrix poster" },
} as const satisfies Record<string, Sold>;

/** What a line says of its product; undefined for one that never had a product, or whose product is gone. */
export function soldAs(line: Line, { product }: Pick<Kind, "product">, order: number): Sold | undefined {
  if (line.item === "none" || line.item === "gift card") return undefined;
  if (line.item === "deleted") {
    return { product: order * 10 + 9, variant: order * 100 + 99, sku: "", title: line.title ?? "Gone" };
  }
  if (line.item !== "own") return PRODUCTS[line.item];
  if (product === undefined) throw new Error(`a line of the item "own" needs "product"`);
  const variant = variantsOf(product, order)[line.variant - 1];
  if (variant === undefined) throw new Error(`"${product.title}" has no variant ${line.variant}`);
  const title = line.title ?? product.title;
  return { product: order * 10, variant: variant.id, sku: variant.sku, title };
}

/** The product as GET products/ID.json tells it. Ids follow from the order's. */
export function ownProduct(own: OwnProduct, order: number): Rest {
  const [name, values] = own.option ?? ["Title", ["Default Title"]];
  return {
    id: order * 10,
    title: own.title,
    body_html: own.title,
    vendor: own.vendor,
    product_type: own.type,
    options: [{ name, values }],
    variants: variantsOf(own, order),
    image: null,
  };
}

/** A product that gets options gets new variants with it. */
function variantsOf(own: OwnProduct, order: number) {
  const values = own.option?.[1] ?? ["Default Title"];
  return values.map((value, index) => ({
    id: order * 100 + (own.option === undefined ? 0 : index + 1),
    product_id: order * 10,
    title: value,
    option1: value,
    sku: own.sku ?? `${order}-${index}`,
    price: "10.00",
    weight: own.unit === null ? null : 1,
    weight_unit: own.unit,
  }));
}
