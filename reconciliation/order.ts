/** An order as Shopify tells it, as far as the two sides are compared. Times are ISO 8601. */
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
  /** `displayFinancialStatus`, for example PAID; null where Shopify tells none. */
  readonly financialStatus: string | null;
  /** `displayFulfillmentStatus`, for example PARTIALLY_FULFILLED. */
  readonly fulfillmentStatus: string;
  /** Decimal, in the shop's currency, as the order was placed: the connector does not follow later edits. */
  readonly total: string;
}

/** A line of an order: the id of its product, or null where it never had one or the product has been deleted. */
export interface OrderLine {
  readonly title: string;
  readonly productId: string | null;
}

/** Frappe's state of a document: 0 draft, 1 submitted, 2 cancelled. */
export type Docstatus = 0 | 1 | 2;

export interface SalesOrder {
  readonly name: string;
  readonly docstatus: Docstatus;
  /** For example "To Deliver and Bill". */
  readonly status: string;
  readonly grandTotal: number;
  /** `total_qty`: how many pieces its lines have. */
  readonly pieces: number;
  /** YYYY-MM-DD: the day on which the order was placed. */
  readonly date: string;
}

export interface SalesInvoice {
  readonly name: string;
  readonly docstatus: Docstatus;
  /** What is still to be paid, in the company's currency. */
  readonly outstanding: number;
}

export interface DeliveryNote {
  readonly name: string;
  readonly docstatus: Docstatus;
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
