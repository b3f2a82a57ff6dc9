import { amountOf, sumOf, type Amount } from "./amount";
import { booksOf, netShipping, worthOf } from "./books";
import type { Expectations } from "./compared";
import type { ErpnextOrder, ShopifyOrder } from "./order";

/**
 * What is added up by month. gross: what was ordered, after edits, without cancelled orders that nothing was booked of ·
 * charges: tax, and shipping without its tax, in the gross: ERPNext's orders have one sum of both · refunded: in ERPNext the
 * credit notes · paid: received less paid back.
 */
export const FIGURES = ["gross", "charges", "refunded", "paid"] as const;
export type Figure = (typeof FIGURES)[number];
export type Money = Readonly<Record<Figure, Amount>>;

export interface OrderMoney {
  readonly shopify: Money;
  readonly erpnext: Money;
  /** The tax in Shopify's charges; the rest is shipping. */
  readonly tax: Amount;
}

export const NO_MONEY: Money = { gross: 0n, charges: 0n, refunded: 0n, paid: 0n };

/** One order's part of the month; a side that does not have it has nothing. */
export function moneyOf(
  shopify: ShopifyOrder | undefined,
  erpnext: ErpnextOrder | undefined,
  wanted: Expectations,
): OrderMoney {
  const isCancelled = shopify !== undefined && shopify.cancelledAt !== null;
  const counts = shopify !== undefined && (!isCancelled || isInvoiced(erpnext)) && isWanted(shopify, wanted);
  return {
    shopify: shopify === undefined || !isWanted(shopify, wanted) ? NO_MONEY : shopifyMoney(shopify, { counts, wanted }),
    erpnext: erpnext === undefined ? NO_MONEY : erpnextMoney(erpnext, { isCancelled, wanted }),
    tax: counts ? amountOf(shopify.tax) : 0n,
  };
}

function isWanted({ test }: ShopifyOrder, { testOrders = false }: Expectations): boolean {
  return !test || testOrders;
}

function isInvoiced(erpnext: ErpnextOrder | undefined): boolean {
  return erpnext?.invoices.some(({ docstatus }) => docstatus === 1) ?? false;
}

function shopifyMoney(order: ShopifyOrder, of: { readonly counts: boolean; readonly wanted: Expectations }): Money {
  const { received, refunded, value } = worthOf(order);
  const paid = of.wanted.salesInvoices ? received - refunded : 0n;
  if (!of.counts) return { ...NO_MONEY, paid };
  const gross = order.cancelledAt === null ? value : received;
  const charges = amountOf(order.tax) + netShipping(order);
  return { gross, charges, refunded: of.wanted.salesInvoices ? refunded : 0n, paid };
}

/** Of a cancelled order the invoices count: its Sales Order may live or not. Without invoices there is no money to compare. */
function erpnextMoney(
  erpnext: ErpnextOrder,
  { isCancelled, wanted }: { readonly isCancelled: boolean; readonly wanted: Expectations },
): Money {
  const living = erpnext.salesOrders.filter(({ docstatus }) => docstatus !== 2);
  const { invoiced, credited, cash, invoices } = booksOf(erpnext);
  const isUndone = isCancelled && invoices.length > 0;
  const counted = isUndone && living.length === 0 ? erpnext.salesOrders.slice(0, 1) : living;
  return {
    gross: isUndone ? invoiced : sumOf(living.map(({ total }) => total)),
    charges: sumOf(counted.map(({ charges }) => charges)),
    refunded: wanted.salesInvoices ? credited : 0n,
    paid: wanted.salesInvoices ? cash : 0n,
  };
}

/** ERPNext less Shopify. */
export function differenceOf({ shopify, erpnext }: Pick<OrderMoney, "shopify" | "erpnext">): Money {
  return {
    gross: erpnext.gross - shopify.gross,
    charges: erpnext.charges - shopify.charges,
    refunded: erpnext.refunded - shopify.refunded,
    paid: erpnext.paid - shopify.paid,
  };
}
