import type { ShopifyOperation } from "./shopify-operations";

/** What a shop says of itself. */
export interface ShopFacts {
  readonly shop: {
    readonly name: string;
    /** ISO 4217. */
    readonly currencyCode: string;
    /** Name in the tz database. */
    readonly ianaTimezone: string;
    readonly billingAddress: {
      /** English name. */
      readonly country: string | null;
    };
  };
}

export const SHOP_FACTS: ShopifyOperation<ShopFacts, Record<string, never>> = {
  name: "ShopFacts",
  repeatable: true,
  document: `query ShopFacts {
  shop { name currencyCode ianaTimezone billingAddress { country } }
}`,
};

/** Taxes of the newest orders, and how they were paid. */
export interface RecentTaxes {
  readonly orders: {
    readonly nodes: readonly {
      readonly taxLines: readonly {
        readonly title: string;
        /** For example 0.19. */
        readonly rate: number | null;
      }[];
      /** For example "shopify_payments". */
      readonly paymentGatewayNames: readonly string[];
      /** ISO 4217: what the buyer saw and paid. */
      readonly presentmentCurrencyCode: string;
    }[];
  };
}

/** Shopify refuses it to an app without access to protected customer data, which every order holds. */
export const RECENT_TAXES: ShopifyOperation<RecentTaxes, { readonly first: number }> = {
  name: "RecentTaxes",
  repeatable: true,
  document: `query RecentTaxes($first: Int!) {
  orders(first: $first, sortKey: CREATED_AT, reverse: true) {
    nodes { taxLines { title rate } paymentGatewayNames presentmentCurrencyCode }
  }
}`,
};

/** SKUs of the catalogue. */
export interface VariantSkus {
  readonly productVariants: {
    readonly nodes: readonly { readonly sku: string | null }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

export const VARIANT_SKUS: ShopifyOperation<VariantSkus, { readonly first: number; readonly after: string | null }> = {
  name: "VariantSkus",
  repeatable: true,
  document: `query VariantSkus($first: Int!, $after: String) {
  productVariants(first: $first, after: $after) { nodes { sku } pageInfo { hasNextPage endCursor } }
}`,
};
