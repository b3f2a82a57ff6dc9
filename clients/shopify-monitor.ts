import type { ShopifyOperation } from "./shopify-operations";

/** What a monitor of a shop looks at. */

interface Count {
  readonly count: number;
  readonly precision: "EXACT" | "AT_LEAST";
}

export interface ProductCount {
  readonly productsCount: Count | null;
}

/** Without a limit of null Shopify stops counting at 10,000. Needs `read_products`. */
export const PRODUCT_COUNT: ShopifyOperation<ProductCount, Record<string, never>> = {
  name: "ProductCount",
  repeatable: true,
  document: `query ProductCount {
  productsCount(limit: null) { count precision }
}`,
};

export interface CustomerCount {
  readonly customersCount: Count | null;
}

/** Needs `read_customers`. */
export const CUSTOMER_COUNT: ShopifyOperation<CustomerCount, Record<string, never>> = {
  name: "CustomerCount",
  repeatable: true,
  document: `query CustomerCount {
  customersCount(limit: null) { count precision }
}`,
};

export interface NewestOrders {
  readonly orders: {
    readonly nodes: readonly {
      readonly legacyResourceId: string;
      readonly name: string;
      readonly createdAt: string;
      readonly totalPriceSet: { readonly shopMoney: { readonly amount: string } };
    }[];
  };
}

export const NEWEST_ORDERS: ShopifyOperation<NewestOrders, { readonly first: number }> = {
  name: "NewestOrders",
  repeatable: true,
  document: `query NewestOrders($first: Int!) {
  orders(first: $first, sortKey: CREATED_AT, reverse: true) {
    nodes { legacyResourceId name createdAt totalPriceSet { shopMoney { amount } } }
  }
}`,
};
