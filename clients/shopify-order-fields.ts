/** An amount in the shop's own currency. */
export interface ShopMoney {
  readonly shopMoney: { readonly amount: string };
}

/** An order as far as it is compared with ERPNext. */
export interface OrderNode {
  /** The number that REST and the connector know the order by. */
  readonly legacyResourceId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly cancelledAt: string | null;
  readonly closedAt: string | null;
  readonly test: boolean;
  readonly edited: boolean;
  readonly currencyCode: string;
  readonly presentmentCurrencyCode: string;
  readonly taxesIncluded: boolean;
  readonly paymentGatewayNames: readonly string[];
  /** Null for an order without transactions. */
  readonly displayFinancialStatus: string | null;
  readonly displayFulfillmentStatus: string;
  readonly originalTotalPriceSet: ShopMoney;
  readonly totalPriceSet: ShopMoney;
  readonly currentTotalPriceSet: ShopMoney;
  readonly totalTaxSet: ShopMoney | null;
  readonly totalDiscountsSet: ShopMoney | null;
  readonly currentShippingPriceSet: ShopMoney;
  readonly totalRefundedShippingSet: ShopMoney;
  readonly totalTipReceivedSet: ShopMoney;
  readonly currentTotalDutiesSet: ShopMoney | null;
  readonly currentTotalAdditionalFeesSet: ShopMoney | null;
  readonly totalReceivedSet: ShopMoney;
  readonly totalRefundedSet: ShopMoney;
  readonly totalOutstandingSet: ShopMoney;
  /** All shipping costs together. */
  readonly shippingLine: { readonly taxLines: readonly { readonly priceSet: ShopMoney }[] } | null;
  readonly fulfillments: readonly {
    readonly legacyResourceId: string;
    readonly status: string;
    readonly totalQuantity: number;
  }[];
}

const AMOUNTS = [
  "originalTotalPriceSet",
  "totalPriceSet",
  "currentTotalPriceSet",
  "totalTaxSet",
  "totalDiscountsSet",
  "currentShippingPriceSet",
  "totalRefundedShippingSet",
  "totalTipReceivedSet",
  "currentTotalDutiesSet",
  "currentTotalAdditionalFeesSet",
  "totalReceivedSet",
  "totalRefundedSet",
  "totalOutstandingSet",
] as const satisfies readonly (keyof OrderNode)[];

/** No connection is among them, which Shopify would charge for each order of a page. */
export const ORDER_FIELDS = `legacyResourceId name createdAt updatedAt cancelledAt closedAt test edited
      currencyCode presentmentCurrencyCode taxesIncluded paymentGatewayNames
      displayFinancialStatus displayFulfillmentStatus
      ${AMOUNTS.map((amount) => `${amount} { shopMoney { amount } }`).join("\n      ")}
      shippingLine { taxLines { priceSet { shopMoney { amount } } } }
      fulfillments { legacyResourceId status totalQuantity }`;
