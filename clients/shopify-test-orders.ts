import type { ShopifyOperation, ShopifyUserError } from "./shopify-operations";

/** An order as a test run looks at it. */
export interface TestedOrder {
  /** `gid://shopify/Order/<number>`. */
  readonly id: string;
  /** The number in the id: what ERPNext keeps as `shopify_order_id`. */
  readonly legacyResourceId: string;
  /** For example "#1001". */
  readonly name: string;
  readonly createdAt: string;
  readonly closedAt: string | null;
  readonly cancelledAt: string | null;
  /** PENDING, PAID, … */
  readonly displayFinancialStatus: string | null;
  /** UNFULFILLED, PARTIALLY_FULFILLED, FULFILLED, … */
  readonly displayFulfillmentStatus: string;
  readonly lineItems: {
    readonly nodes: readonly { readonly quantity: number; readonly product: { readonly id: string } | null }[];
  };
}

const ORDER_FIELDS =
  "id legacyResourceId name createdAt closedAt cancelledAt displayFinancialStatus displayFulfillmentStatus " +
  "lineItems(first: 20) { nodes { quantity product { id } } }";

export interface SaleableProducts {
  readonly products: {
    readonly nodes: readonly {
      readonly legacyResourceId: string;
      readonly title: string;
      readonly vendor: string;
      readonly variants: {
        readonly nodes: readonly {
          readonly id: string;
          readonly legacyResourceId: string;
          readonly title: string;
          readonly sku: string | null;
          readonly price: string;
        }[];
      };
    }[];
  };
  readonly shop: {
    readonly currencyCode: string;
    readonly taxesIncluded: boolean;
    readonly plan: { readonly publicDisplayName: string; readonly partnerDevelopment: boolean };
  };
}

/** The shop's active products with their first variants, and what an order in it is counted in. Needs read_products. */
export const SALEABLE_PRODUCTS: ShopifyOperation<SaleableProducts, Record<string, never>> = {
  name: "SaleableProducts",
  repeatable: true,
  document: `query SaleableProducts {
  products(first: 50, query: "status:active") {
    nodes {
      legacyResourceId title vendor
      variants(first: 5) { nodes { id legacyResourceId title sku price } }
    }
  }
  shop { currencyCode taxesIncluded plan { publicDisplayName partnerDevelopment } }
}`,
};

export interface OrderFound {
  readonly order: TestedOrder | null;
}

export const ORDER_FIND: ShopifyOperation<OrderFound, { readonly id: string }> = {
  name: "OrderFind",
  repeatable: true,
  document: `query OrderFind($id: ID!) { order(id: $id) { ${ORDER_FIELDS} } }`,
};

export interface NewestOrders {
  readonly orders: { readonly nodes: readonly TestedOrder[] };
}

/** The newest orders that a search finds, the newest first. Needs read_orders and read_products. */
export const NEWEST_ORDERS: ShopifyOperation<NewestOrders, { readonly query: string | null }> = {
  name: "NewestOrders",
  repeatable: true,
  document: `query NewestOrders($query: String) {
  orders(first: 20, query: $query, sortKey: CREATED_AT, reverse: true) { nodes { ${ORDER_FIELDS} } }
}`,
};

/** Part of Shopify's OrderCreateOrderInput. */
export interface TestOrderInput {
  /** Shopify marks the order as a test; it counts in no report. */
  readonly test: true;
  readonly financialStatus: "PENDING";
  readonly lineItems: readonly { readonly variantId: string; readonly quantity: number }[];
  readonly note: string;
  readonly tags: readonly string[];
}

export interface OrderCreate {
  readonly orderCreate: {
    readonly order: TestedOrder | null;
    readonly userErrors: readonly ShopifyUserError[];
  } | null;
}

/** Makes an order without payment, receipt or change of stock. Needs write_orders; shops on trial take five a minute. */
export const ORDER_CREATE: ShopifyOperation<OrderCreate, { readonly order: TestOrderInput }> = {
  name: "OrderCreate",
  // Shopify knows no key that would tell a second order from the first one sent again.
  repeatable: false,
  document: `mutation OrderCreate($order: OrderCreateOrderInput!) {
  orderCreate(order: $order, options: { inventoryBehaviour: BYPASS, sendReceipt: false, sendFulfillmentReceipt: false }) {
    order { ${ORDER_FIELDS} }
    userErrors { field message }
  }
}`,
};

export interface OrderMarkAsPaid {
  readonly orderMarkAsPaid: { readonly userErrors: readonly ShopifyUserError[] } | null;
}

/** Records that the whole order was paid outside of Shopify. Needs write_orders. */
export const ORDER_MARK_AS_PAID: ShopifyOperation<OrderMarkAsPaid, { readonly id: string }> = {
  name: "OrderMarkAsPaid",
  repeatable: false,
  document: `mutation OrderMarkAsPaid($id: ID!) { orderMarkAsPaid(input: { id: $id }) { userErrors { field message } } }`,
};

export interface FulfillmentOrders {
  readonly order: {
    readonly fulfillmentOrders: {
      readonly nodes: readonly {
        readonly id: string;
        /** OPEN and IN_PROGRESS can be fulfilled. */
        readonly status: string;
        readonly lineItems: { readonly nodes: readonly { readonly id: string; readonly remainingQuantity: number }[] };
      }[];
    };
  } | null;
}

/** What of an order is still to be shipped. Needs read_merchant_managed_fulfillment_orders. */
export const FULFILLMENT_ORDERS: ShopifyOperation<FulfillmentOrders, { readonly id: string }> = {
  name: "FulfillmentOrders",
  repeatable: true,
  document: `query FulfillmentOrders($id: ID!) {
  order(id: $id) {
    fulfillmentOrders(first: 5) { nodes { id status lineItems(first: 20) { nodes { id remainingQuantity } } } }
  }
}`,
};

/** Part of Shopify's FulfillmentInput. */
export interface FulfillmentInput {
  readonly notifyCustomer: false;
  readonly lineItemsByFulfillmentOrder: readonly {
    readonly fulfillmentOrderId: string;
    readonly fulfillmentOrderLineItems: readonly { readonly id: string; readonly quantity: number }[];
  }[];
}

export interface FulfillmentCreate {
  readonly fulfillmentCreate: { readonly userErrors: readonly ShopifyUserError[] } | null;
}

/** Ships. Needs write_merchant_managed_fulfillment_orders. */
export const FULFILLMENT_CREATE: ShopifyOperation<FulfillmentCreate, { readonly fulfillment: FulfillmentInput }> = {
  name: "FulfillmentCreate",
  repeatable: false,
  document: `mutation FulfillmentCreate($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) { userErrors { field message } }
}`,
};

export interface OrderCancel {
  readonly orderCancel: { readonly userErrors: readonly ShopifyUserError[] } | null;
}

/** Cancels an order without refund, restock or message; Shopify does it a moment later. Needs write_orders. */
export const ORDER_CANCEL: ShopifyOperation<OrderCancel, { readonly id: string }> = {
  name: "OrderCancel",
  repeatable: false,
  document: `mutation OrderCancel($id: ID!) {
  orderCancel(orderId: $id, reason: OTHER, restock: false, notifyCustomer: false) {
    userErrors: orderCancelUserErrors { field message }
  }
}`,
};

export interface OrderClose {
  readonly orderClose: { readonly userErrors: readonly ShopifyUserError[] } | null;
}

/** Archives an order. Needs write_orders. */
export const ORDER_CLOSE: ShopifyOperation<OrderClose, { readonly id: string }> = {
  name: "OrderClose",
  repeatable: true,
  document: `mutation OrderClose($id: ID!) { orderClose(input: { id: $id }) { userErrors { field message } } }`,
};

export interface OrderDelete {
  readonly orderDelete: {
    readonly deletedId: string | null;
    readonly userErrors: readonly ShopifyUserError[];
  } | null;
}

/** Deletes an order for good, where Shopify lets it: test orders and cancelled ones. Needs write_orders. */
export const ORDER_DELETE: ShopifyOperation<OrderDelete, { readonly id: string }> = {
  name: "OrderDelete",
  repeatable: false,
  document: `mutation OrderDelete($id: ID!) { orderDelete(orderId: $id) { deletedId userErrors { field message } } }`,
};
