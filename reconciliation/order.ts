import type { Decimal } from "./amount";

/**
 * An order as Shopify tells it, as far as the two sides are compared. Times are ISO 8601. Amounts are in the shop's currency
 * and mean what the descriptions of the Admin API's schema say (2026-10; clients/shopify-order-fields.test.ts reads them).
 */
export interface ShopifyOrder {
  /** `legacyResourceId`: what the connector keeps in `shopify_order_id`. */
  readonly id: string;
  /** What the merchant calls it, for example `#1001`. */
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly cancelledAt: string | null;
  readonly closedAt: string | null;
  readonly test: boolean;
  /** Whether any edits were applied to it. */
  readonly edited: boolean;
  /** `displayFinancialStatus`, for example PAID; null for an order without transactions. */
  readonly financialStatus: string | null;
  /** `displayFulfillmentStatus`, for example PARTIALLY_FULFILLED. */
  readonly fulfillmentStatus: string;
  /** ISO 4217: the shop's when the order was placed, and the buyer's. */
  readonly currency: string;
  readonly presentmentCurrency: string;
  readonly taxesIncluded: boolean;
  /** Names of all payment gateways of the order. */
  readonly gateways: readonly string[];
  /** `originalTotalPriceSet`: the total at the time of order creation. */
  readonly placed: Decimal;
  /** `totalPriceSet`: the total before returns, with taxes and discounts. Edits change it. */
  readonly total: Decimal;
  /** `currentTotalPriceSet`: the total after returns and edits; 0 once all is cancelled. */
  readonly current: Decimal;
  /** `totalTaxSet`: all tax before returns, that of the shipping included. */
  readonly tax: Decimal;
  /** `currentShippingPriceSet` and `totalRefundedShippingSet` together: before refunds; with tax where taxes are included. */
  readonly shipping: Decimal;
  /** Tax lines of `shippingLine`, which sums up all shipping costs. */
  readonly shippingTax: Decimal;
  /** `totalDiscountsSet`: of lines and of the order, before returns. */
  readonly discounts: Decimal;
  readonly tips: Decimal;
  /** `currentTotalDutiesSet` and `currentTotalAdditionalFeesSet` together. */
  readonly duties: Decimal;
  /** `totalReceivedSet`: captured, before refunds. */
  readonly received: Decimal;
  readonly refunded: Decimal;
  /** `totalOutstandingSet`: positive is still owed by the buyer, negative is owed to the buyer. */
  readonly outstanding: Decimal;
  readonly fulfilments: readonly Fulfilment[];
}

export interface Fulfilment {
  readonly id: string;
  /** `FulfillmentStatus`, for example SUCCESS or CANCELLED. */
  readonly status: string;
  /** Pieces of all its lines. */
  readonly pieces: number;
}

/** A line of an order. Shopify tells no product for one that never had any (custom item, tip) and for a deleted one. */
export interface OrderLine {
  readonly title: string;
  readonly productId: string | null;
  /** Who made the variant: kept of a deleted product, and null for a line that never had one. */
  readonly vendor: string | null;
}

/** Frappe's state of a document: 0 draft, 1 submitted, 2 cancelled. */
export type Docstatus = 0 | 1 | 2;

/** Amounts of ERPNext's documents are in the document's currency. */
export interface SalesOrder {
  readonly name: string;
  readonly docstatus: Docstatus;
  /** For example "To Deliver and Bill". */
  readonly status: string;
  /** ISO 4217; empty where ERPNext did not tell it. */
  readonly currency: string;
  /** What is to be paid: `rounded_total`, or `grand_total` where ERPNext does not round. */
  readonly total: Decimal;
  /** `grand_total`: before ERPNext rounds to the currency's smallest fraction. */
  readonly grandTotal: Decimal;
  /** `total_taxes_and_charges`: all taxes, and the shipping without its tax. */
  readonly charges: Decimal;
  /** `total_qty`: how many pieces its lines have. */
  readonly pieces: number;
  /** `per_delivered`: share of the pieces that Delivery Notes took out of stock, 0 to 100. */
  readonly delivered: number;
  /** YYYY-MM-DD: the day on which the order was placed. */
  readonly date: string;
}

export interface SalesInvoice {
  readonly name: string;
  readonly docstatus: Docstatus;
  /** A credit note: its amounts are negative. */
  readonly isReturn: boolean;
  readonly currency: string;
  /** As of {@link SalesOrder}. */
  readonly total: Decimal;
  /** What ERPNext's payment ledger says is still to be paid; negative: to be paid out. */
  readonly outstanding: Decimal;
}

export interface DeliveryNote {
  readonly name: string;
  readonly docstatus: Docstatus;
  /** Goods that came back: its pieces are negative. */
  readonly isReturn: boolean;
  /** `shopify_fulfillment_id`; empty where a person made it. */
  readonly fulfilment: string;
  readonly pieces: number;
}

/** Everything that ERPNext has of one Shopify order. Several Sales Orders are a defect, which no index forbids. */
export interface ErpnextOrder {
  /** `shopify_order_id`. */
  readonly id: string;
  readonly salesOrders: readonly SalesOrder[];
  readonly invoices: readonly SalesInvoice[];
  readonly deliveryNotes: readonly DeliveryNote[];
}

/** A row of the connector's "Ecommerce Integration Log" about one order. */
export interface LogEntry {
  readonly orderId: string;
  readonly name: string;
  readonly status: "Queued" | "Success" | "Error" | "Invalid";
  /** Dotted path of what the connector ran. */
  readonly method: string;
  /** The connector's own words. */
  readonly message: string;
  /** ISO 8601. */
  readonly createdAt: string;
}
