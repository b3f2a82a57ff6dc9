import { text } from "../core/messages";
import { amountOf, inText, type Amount } from "./amount";
import {
  areSame,
  booksOf,
  CEILING,
  isBooked,
  lossOf,
  netShipping,
  toleranceOf,
  worthOf,
  type Books,
  type Worth,
} from "./books";
import { differs, type Compared, type Differs, type Expectations } from "./compared";
import { deliveryDifferences } from "./goods";
import type { ErpnextOrder, SalesOrder, ShopifyOrder } from "./order";
import { moneyDifferences } from "./payments";

/** In what an order that both sides have is not the same. */
export function differencesOf(shopify: ShopifyOrder, erpnext: ErpnextOrder, wanted: Expectations): readonly Differs[] {
  const living = erpnext.salesOrders.filter(({ docstatus }) => docstatus !== 2);
  const books = booksOf(erpnext);
  if (shopify.test && wanted.testOrders !== true) return testOrder(living, books);
  const worth = worthOf(shopify);
  const duplicate = duplicates(living);
  const [order] = living;
  if (shopify.cancelledAt !== null) return [...duplicate, ...cancellation({ shopify, erpnext, worth, books }, living)];
  if (order === undefined) {
    const orders = erpnext.salesOrders.map(({ name }) => name);
    return [differs("only-cancelled-here", text("finding.cancelledHere", { orders }))];
  }
  const compared = { shopify, erpnext, wanted, worth, books, order, tolerance: toleranceOf(shopify, order) };
  const currency = currencies(compared);
  const delivery = deliveryDifferences(compared);
  if (currency.length > 0) return [...duplicate, ...submission(living), ...currency, ...delivery];
  const values = value(compared);
  const inside = values.length > 0 ? [] : charges(compared);
  const money = moneyDifferences(compared, values.length > 0);
  return [...duplicate, ...submission(living), ...values, ...inside, ...money, ...delivery];
}

function duplicates(living: readonly SalesOrder[]): readonly Differs[] {
  if (living.length < 2) return [];
  return [differs("duplicate", text("finding.duplicate", { orders: living.map(({ name }) => name) }))];
}

function testOrder(living: readonly SalesOrder[], { invoices }: Books): readonly Differs[] {
  const booked = [...living.map(({ name }) => name), ...invoices];
  return booked.length === 0 ? [] : [differs("test-booked", text("finding.testBooked", { documents: booked }))];
}

function submission(living: readonly SalesOrder[]): readonly Differs[] {
  const draft = living.find(({ docstatus }) => docstatus === 0);
  if (draft === undefined || living.some(({ docstatus }) => docstatus === 1)) return [];
  return [differs("not-submitted", text("finding.draft", { order: draft.name }))];
}

type Cancelled = Pick<Compared, "shopify" | "erpnext" | "worth" | "books">;

/** Whatever was made of it has to be undone, but for what the merchant kept of the money. */
function cancellation(
  { shopify, erpnext, worth, books }: Cancelled,
  living: readonly SalesOrder[],
): readonly Differs[] {
  const kept = worth.received - worth.refunded;
  const pieces = Math.max(0, ...erpnext.salesOrders.map((order) => order.pieces));
  const tolerance = toleranceOf(shopify, { pieces });
  const undone = books.invoices.length > 0 && areSame(books.invoiced - books.credited, kept, tolerance);
  const [order] = living.filter(({ status }) => status !== "Closed" && !undone);
  const stands = standing(erpnext);
  if (order !== undefined) {
    const values = {
      refunded: worth.refunded > 0n ? inText(worth.refunded) : "none",
      order: order.name,
      status: order.status,
      documents: stands.length === 0 ? "none" : stands,
    };
    return [differs("not-cancelled", text("finding.notCancelled", values))];
  }
  if (books.invoices.length > 0 && !undone) {
    const values = { kept: inText(kept), invoices: books.invoices, invoiced: inText(books.invoiced) };
    return [differs("not-cancelled", text("finding.invoiceKept", values))];
  }
  if (books.invoices.length > 0) {
    if (books.open < -tolerance) return [owed(books, worth)];
    if (books.open <= tolerance) return [];
    return [differs("no-payment", text("finding.cancelledOpen", { open: inText(books.open) }))];
  }
  if (kept <= 0n) return [];
  return [differs("no-invoice", text("finding.keptWithoutInvoice", { kept: inText(kept) }))];
}

/** A credit note that the buyer has not got the money of. */
function owed(books: Books, { refunded }: Worth): Differs {
  const values = { refunded: inText(refunded), notes: books.creditNotes, open: inText(-books.open) };
  return differs("no-refund-payment", text("finding.notPaidOut", values), "refunded");
}

/** Documents that the connector's own cancelling stops at. */
function standing({ invoices, deliveryNotes }: ErpnextOrder): readonly string[] {
  return [...invoices, ...deliveryNotes].filter(({ docstatus }) => docstatus !== 2).map(({ name }) => name);
}

function currencies({ shopify, order, erpnext }: Compared): readonly Differs[] {
  const submitted = erpnext.invoices.filter(({ docstatus }) => docstatus === 1);
  const other = [order, ...submitted].filter(({ currency }) => currency !== "" && currency !== shopify.currency);
  if (other.length === 0) return [];
  const documents = other.map(({ name, currency }) => text("finding.currencyOf", { document: name, currency }));
  return [differs("currency", text("finding.currency", { currency: shopify.currency, documents }))];
}

/** The amount of the order itself. */
function value(of: Compared): readonly Differs[] {
  const { shopify, order, worth, tolerance, books } = of;
  const here = amountOf(order.total);
  if (areSame(here, worth.value, tolerance)) return [];
  const states = [shopify.placed, shopify.total].map(amountOf);
  const isEdited = states.some((state) => state !== worth.value && areSame(here, state, tolerance));
  if (!isEdited) return [total(of, here)];
  const isCorrected = books.invoices.length > 0 && isBooked(books, worth, tolerance);
  if (isCorrected) return [];
  const values = { now: inText(worth.value), then: inText(here), order: order.name };
  return [differs("edited", text("finding.edited", values), "edited")];
}

function total({ shopify, order, worth, tolerance }: Compared, here: Amount): Differs {
  const lacks = worth.value - here;
  const amounts = text("finding.total", { there: inText(worth.value), here: inText(here), order: order.name });
  if (areSame(amountOf(order.grandTotal), worth.value, tolerance)) {
    const grandTotal = inText(amountOf(order.grandTotal));
    return differs("total", text("finding.roundedTotal", { total: amounts, grandTotal }), "rounded-total");
  }
  const [duties, tips] = [shopify.duties, shopify.tips].map(amountOf);
  if (duties !== 0n && lacks === duties) return differs("total", text("finding.duties", { total: amounts }), "duties");
  if (tips !== 0n && lacks === tips) return differs("total", text("finding.tip", { total: amounts }), "tip");
  if (areSame(lacks, 0n, lossOf(shopify, order))) {
    return differs("total", text("finding.roundedPrices", { total: amounts, pieces: order.pieces }), "rounding");
  }
  return differs("total", amounts);
}

/**
 * The taxes and the shipping in a total that is right. Duties and tips may be charges beside them, and the shipping may be
 * an item.
 */
function charges({ shopify, order }: Compared): readonly Differs[] {
  const shipping = netShipping(shopify);
  const there = amountOf(shopify.tax) + shipping;
  const here = amountOf(order.charges);
  const [duties, tips] = [amountOf(shopify.duties), amountOf(shopify.tips)];
  const beside = [0n, duties, tips, duties + tips, -shipping];
  if (beside.some((more) => areSame(here, there + more, CEILING))) return [];
  const values = { there: inText(there), here: inText(here), order: order.name };
  return [differs("charges", text("finding.charges", values))];
}
