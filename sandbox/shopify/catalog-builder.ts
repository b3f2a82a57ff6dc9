import { formatMoney, type Cents } from "./money";
import type { RestAddress, RestCustomer, RestProduct, RestVariant } from "./rest-types";

export interface VariantDraft {
  /** The value of the product's one option, for example "Blue". */
  readonly value: string;
  readonly sku: string;
  readonly price: Cents;
}

export interface ProductDraft {
  readonly id: number;
  readonly title: string;
  readonly at: Date;
  readonly status?: RestProduct["status"];
  /** A simple product: one variant that Shopify calls "Default Title". */
  readonly simple?: { readonly sku: string; readonly price: Cents };
  readonly option?: { readonly name: string; readonly variants: readonly VariantDraft[] };
}

function handleOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 80);
}

function buildVariant(draft: ProductDraft, variant: VariantDraft, index: number): RestVariant {
  const id = draft.id * 1000 + index + 1;
  const at = draft.at.toISOString();
  return {
    id,
    product_id: draft.id,
    title: variant.value,
    sku: variant.sku,
    price: formatMoney(variant.price),
    compare_at_price: null,
    position: index + 1,
    option1: variant.value,
    option2: null,
    option3: null,
    created_at: at,
    updated_at: at,
    taxable: true,
    barcode: null,
    grams: 250,
    weight: 0.25,
    weight_unit: "kg",
    inventory_item_id: id + 500,
    inventory_quantity: 40,
    inventory_policy: "deny",
    inventory_management: "shopify",
    fulfillment_service: "manual",
    requires_shipping: true,
  };
}

export function buildProduct(draft: ProductDraft): RestProduct {
  const at = draft.at.toISOString();
  const drafts = draft.option?.variants ?? [
    { value: "Default Title", sku: draft.simple?.sku ?? "", price: draft.simple?.price ?? 0 },
  ];
  const status = draft.status ?? "active";
  return {
    id: draft.id,
    title: draft.title,
    body_html: `<p>${draft.title}</p>`,
    vendor: "Nordlicht Keramik",
    product_type: "Tableware",
    handle: handleOf(draft.title),
    status,
    created_at: at,
    updated_at: at,
    published_at: status === "active" ? at : null,
    tags: "",
    variants: drafts.map((variant, index) => buildVariant(draft, variant, index)),
    options: [
      {
        id: draft.id * 1000 + 900,
        product_id: draft.id,
        name: draft.option?.name ?? "Title",
        position: 1,
        values: drafts.map((variant) => variant.value),
      },
    ],
    images: [],
    image: null,
  };
}

export interface CustomerDraft {
  readonly id: number;
  readonly at: Date;
  readonly email: string | null;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly city?: { readonly name: string; readonly zip: string; readonly street: string };
}

function buildAddress(draft: CustomerDraft): RestAddress | undefined {
  if (draft.city === undefined) return undefined;
  const { firstName = null, lastName = null } = draft;
  return {
    id: draft.id * 10 + 1,
    first_name: firstName,
    last_name: lastName,
    name: [firstName, lastName].filter((part) => part !== null).join(" "),
    company: null,
    address1: draft.city.street,
    address2: null,
    city: draft.city.name,
    province: null,
    province_code: null,
    zip: draft.city.zip,
    country: "Germany",
    country_code: "DE",
    phone: "+49 30 901820",
  };
}

/** A customer; Shopify leaves `default_address` out, rather than null, where there is none. */
export function buildCustomer(draft: CustomerDraft): RestCustomer {
  const at = draft.at.toISOString();
  const address = buildAddress(draft);
  return {
    id: draft.id,
    email: draft.email,
    phone: null,
    first_name: draft.firstName ?? null,
    last_name: draft.lastName ?? null,
    state: "disabled",
    created_at: at,
    updated_at: at,
    note: null,
    tags: "",
    currency: "EUR",
    tax_exempt: false,
    verified_email: true,
    ...(address === undefined ? {} : { default_address: address }),
  };
}
