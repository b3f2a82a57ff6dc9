import type { OrderNode, ShopMoney } from "../shopify-order-fields";

export function shopMoney(amount: string): ShopMoney {
  return { shopMoney: { amount } };
}

/** An order as Shopify answers: one piece, neither paid nor shipped. */
export function orderNode(total: string, more: Partial<OrderNode> = {}): OrderNode {
  const [money, nothing] = [shopMoney(total), shopMoney("0.0")];
  return {
    legacyResourceId: "5000000000000",
    name: "#1001",
    createdAt: "2026-11-20T10:00:00Z",
    updatedAt: "2026-11-20T11:00:00Z",
    cancelledAt: null,
    closedAt: null,
    test: false,
    edited: false,
    currencyCode: "EUR",
    presentmentCurrencyCode: "EUR",
    taxesIncluded: true,
    paymentGatewayNames: ["manual"],
    displayFinancialStatus: "PENDING",
    displayFulfillmentStatus: "UNFULFILLED",
    originalTotalPriceSet: money,
    totalPriceSet: money,
    currentTotalPriceSet: money,
    totalTaxSet: nothing,
    totalDiscountsSet: nothing,
    currentShippingPriceSet: nothing,
    totalRefundedShippingSet: nothing,
    totalTipReceivedSet: nothing,
    currentTotalDutiesSet: null,
    currentTotalAdditionalFeesSet: null,
    totalReceivedSet: nothing,
    totalRefundedSet: nothing,
    totalOutstandingSet: money,
    shippingLine: null,
    fulfillments: [],
    ...more,
  };
}
