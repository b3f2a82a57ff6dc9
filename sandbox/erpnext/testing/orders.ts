import type { Fields } from "../frappe/document";

/** A product without variants, as Shopify's REST gives it. */
export function plainProduct(id: number, title = `Product ${id}`): Fields {
  return {
    id,
    title,
    body_html: `<p>${title}</p>`,
    vendor: "Demo Vendor",
    product_type: "Mugs",
    options: [{ name: "Title", values: ["Default Title"] }],
    variants: [
      { id: id + 1, title: "Default Title", sku: `SKU-${id}`, price: "10.00", weight: 0.4, weight_unit: "kg" },
    ],
    image: { src: `https://cdn.invalid/${id}.png` },
  };
}

/** A product with one option, "Size", and two variants. */
export function variantProduct(id: number, sizes: readonly string[] = ["S", "L"]): Fields {
  return {
    ...plainProduct(id, `Shirt ${id}`),
    options: [{ name: "Size", values: [...sizes] }],
    variants: sizes.map((size, index) => ({
      id: id + 1 + index,
      title: size,
      option1: size,
      sku: `SKU-${id}-${size}`,
      price: "20.00",
      weight: 0.2,
      weight_unit: "kg",
    })),
  };
}

/** One line of an order for a plain product. */
export function lineOf(product: number, overrides: Fields = {}): Fields {
  return {
    id: product * 10,
    product_id: product,
    variant_id: product + 1,
    sku: `SKU-${product}`,
    title: `Product ${product}`,
    name: `Product ${product}`,
    product_exists: true,
    quantity: 2,
    price: "10.00",
    tax_lines: [{ title: "DE MwSt", rate: 0.19, price: "3.80" }],
    discount_allocations: [],
    ...overrides,
  };
}

/** An order of one line, 2 × 10.00 and 3.80 tax and 4.90 shipping = 28.70, neither paid nor fulfilled. */
export function orderOf(id: number, overrides: Fields = {}): Fields {
  return {
    id,
    name: `#${id}`,
    created_at: "2026-11-20T10:00:00+01:00",
    financial_status: "pending",
    currency: "EUR",
    taxes_included: false,
    customer: { id: 77, first_name: "Mia", last_name: "Muster", email: "mia@example.invalid" },
    billing_address: { id: 5, address1: "Weg 1", city: "Berlin", zip: "10115", country: "Germany" },
    shipping_address: { id: 6, address1: "Weg 2", city: "Berlin", zip: "10115", country: "Germany" },
    line_items: [lineOf(100)],
    shipping_lines: [{ title: "Standard", price: "4.90", tax_lines: [], discount_allocations: [] }],
    fulfillments: [],
    ...overrides,
  };
}

/** A fulfilment of some lines. */
export function fulfilmentOf(id: number, lines: Fields[]): Fields {
  return { id, order_id: 1, created_at: "2026-11-21T09:00:00+01:00", location_id: 3, line_items: lines };
}
