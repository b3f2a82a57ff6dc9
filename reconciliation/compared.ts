import type { Text } from "../core/messages";
import type { Amount } from "./amount";
import type { Books, Worth } from "./books";
import type { Cause, Difference } from "./finding";
import type { ErpnextOrder, SalesOrder, ShopifyOrder } from "./order";

/** What the connector is set to make of an order. */
export interface Expectations {
  /** `sync_sales_invoice`. */
  readonly salesInvoices: boolean;
  /** `sync_delivery_note`. */
  readonly deliveryNotes: boolean;
  /** Whether test orders are booked like any other, as on a test store. @default false */
  readonly testOrders?: boolean;
}

export interface Differs {
  readonly difference: Difference;
  readonly detail: Text;
  readonly cause: Cause | null;
}

/** All that a rule looks at. */
export interface Compared {
  readonly shopify: ShopifyOrder;
  readonly erpnext: ErpnextOrder;
  readonly wanted: Expectations;
  readonly worth: Worth;
  readonly books: Books;
  /** The Sales Order that counts. */
  readonly order: SalesOrder;
  readonly tolerance: Amount;
}

export function differs(difference: Difference, detail: Text, cause: Cause | null = null): Differs {
  return { difference, detail, cause };
}
