import { amountOf, sizeOf, sumOf, type Amount } from "./amount";
import type { ErpnextOrder, SalesOrder, ShopifyOrder } from "./order";

/** What an order is worth by Shopify's own figures. */
export interface Worth {
  /** Whether any money was captured for it, which has to be in the books whatever became of it since. */
  readonly captured: boolean;
  /** What was ordered after all edits, before refunds. */
  readonly value: Amount;
  readonly received: Amount;
  readonly refunded: Amount;
  /** What the buyer still owes. */
  readonly open: Amount;
}

/** Statuses of an order for which money came in; PARTIALLY_PAID too. A free order is PAID without any money. */
const CAPTURED: ReadonlySet<string> = new Set(["PAID", "PARTIALLY_PAID", "PARTIALLY_REFUNDED", "REFUNDED"]);
/** Statuses of a payment that never comes. */
const GIVEN_UP: ReadonlySet<string> = new Set(["VOIDED", "EXPIRED"]);

/**
 * `outstanding` is what is not yet transacted, so what was received and what is outstanding are together what the order is
 * worth now, edits included. Before any money came the total after edits says it.
 */
export const worthOf = ofTheSame((order: ShopifyOrder): Worth => {
  const status = order.financialStatus ?? "";
  const [received, due] = [amountOf(order.received), amountOf(order.outstanding)];
  const captured = received > 0n || CAPTURED.has(status);
  const value = received > 0n ? received + due : amountOf(order.current);
  return { captured, value, received, refunded: amountOf(order.refunded), open: due > 0n ? due : 0n };
});

export function isGivenUp({ financialStatus }: ShopifyOrder): boolean {
  return financialStatus !== null && GIVEN_UP.has(financialStatus);
}

/** What ERPNext's submitted documents of an order come to. */
export interface Books {
  readonly invoices: readonly string[];
  readonly creditNotes: readonly string[];
  readonly invoiced: Amount;
  readonly credited: Amount;
  /** What its payment ledger still expects; negative: what is to be paid out. */
  readonly open: Amount;
  /** Money received less money paid out: what of the invoices and credit notes is no longer open. */
  readonly cash: Amount;
}

const NO_BOOKS: Books = { invoices: [], creditNotes: [], invoiced: 0n, credited: 0n, open: 0n, cash: 0n };

export const booksOf = ofTheSame(({ invoices }: Pick<ErpnextOrder, "invoices">): Books => {
  if (invoices.length === 0) return NO_BOOKS;
  const submitted = invoices.filter(({ docstatus }) => docstatus === 1);
  const returns = submitted.filter(({ isReturn }) => isReturn);
  const sales = submitted.filter(({ isReturn }) => !isReturn);
  const invoiced = sumOf(sales.map(({ total }) => total));
  const credited = sizeOf(sumOf(returns.map(({ total }) => total)));
  const open = sumOf(submitted.map(({ outstanding }) => outstanding));
  const names = (some: typeof invoices): readonly string[] => some.map(({ name }) => name);
  const cash = invoiced - credited - open;
  return { invoices: names(sales), creditNotes: names(returns), invoiced, credited, open, cash };
});

/** Half of the smallest amount that ERPNext keeps the price of one piece in: two decimals, unless a Property Setter says more. */
const HALF_A_CENT = amountOf("0.005");
/** However many pieces: beyond it a difference is money that someone misses. */
export const CEILING = amountOf("0.05");

/**
 * By how much ERPNext's total may differ. The connector takes included taxes and discounts out of the price of one piece, and
 * ERPNext rounds that price: half a cent a piece (2 of 19.90 with 19 % in it come to 44.69 for 44.70 with the shipping, seen on
 * ERPNext 15). One piece, or a price that nothing is taken out of, loses nothing.
 */
export function toleranceOf(shopify: ShopifyOrder, order: Pick<SalesOrder, "pieces">): Amount {
  const lost = lossOf(shopify, order);
  return lost > CEILING ? CEILING : lost;
}

/** What the rounding of single prices can lose of an order, without the ceiling. */
export function lossOf(shopify: ShopifyOrder, { pieces }: Pick<SalesOrder, "pieces">): Amount {
  const isDivided = shopify.taxesIncluded || amountOf(shopify.discounts) !== 0n;
  return isDivided && pieces >= 2 ? HALF_A_CENT * BigInt(Math.round(pieces)) : 0n;
}

export function areSame(left: Amount, right: Amount, tolerance: Amount): boolean {
  return sizeOf(left - right) <= tolerance;
}

/** Whether invoices and credit notes together come to what Shopify has, whatever the Sales Order says. */
export function isBooked(books: Books, worth: Worth, tolerance: Amount): boolean {
  return areSame(books.invoiced - books.credited, worth.value - worth.refunded, tolerance);
}

/** Shipping without its tax, as ERPNext keeps it. */
export function netShipping({ shipping, shippingTax, taxesIncluded }: ShopifyOrder): Amount {
  return amountOf(shipping) - (taxesIncluded ? amountOf(shippingTax) : 0n);
}

/** Two questions about one order follow each other, the differences and the money: the second has the first's answer. */
function ofTheSame<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  let last: { readonly key: Key; readonly value: Value } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, value: make(key) };
    return last.value;
  };
}
