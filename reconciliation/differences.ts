import { amountOf, decimalOf, type Amount } from "./amount";
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
    const names = erpnext.salesOrders.map(({ name }) => name).join(", ");
    return [differs("only-cancelled-here", `${names} is cancelled, the order in Shopify is not`)];
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
  return [differs("duplicate", `${living.map(({ name }) => name).join(", ")} are all of this order`)];
}

function testOrder(living: readonly SalesOrder[], { invoices }: Books): readonly Differs[] {
  const booked = [...living.map(({ name }) => name), ...invoices];
  return booked.length === 0 ? [] : [differs("test-booked", `a test order, booked as ${booked.join(", ")}`)];
}

function submission(living: readonly SalesOrder[]): readonly Differs[] {
  const draft = living.find(({ docstatus }) => docstatus === 0);
  if (draft === undefined || living.some(({ docstatus }) => docstatus === 1)) return [];
  return [differs("not-submitted", `${draft.name} is a draft`)];
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
    const keeping = stands.length === 0 ? "" : `; ${stands.join(", ")} keeps the connector from cancelling it`;
    const money = worth.refunded > 0n ? `, ${decimalOf(worth.refunded)} refunded` : "";
    return [differs("not-cancelled", `cancelled in Shopify${money}, ${order.name} is "${order.status}"${keeping}`)];
  }
  if (books.invoices.length > 0 && !undone) {
    const said = `cancelled in Shopify, which kept ${decimalOf(kept)}; ${books.invoices.join(", ")} of ${decimalOf(books.invoiced)} stands`;
    return [differs("not-cancelled", said)];
  }
  if (books.invoices.length > 0) {
    if (books.open < -tolerance) return [owed(books, worth)];
    return books.open > tolerance ? [differs("no-payment", `${decimalOf(books.open)} is still outstanding here`)] : [];
  }
  if (kept <= 0n) return [];
  return [differs("no-invoice", `cancelled in Shopify, which kept ${decimalOf(kept)}; no Sales Invoice says so`)];
}

/** A credit note that the buyer has not got the money of. */
function owed(books: Books, { refunded }: Worth): Differs {
  const [notes, open] = [books.creditNotes.join(", "), decimalOf(-books.open)];
  return differs(
    "no-refund-payment",
    `${decimalOf(refunded)} refunded in Shopify; of ${notes} ${open} is not paid out here`,
    "refunded",
  );
}

/** Documents that the connector's own cancelling stops at. */
function standing({ invoices, deliveryNotes }: ErpnextOrder): readonly string[] {
  return [...invoices, ...deliveryNotes].filter(({ docstatus }) => docstatus !== 2).map(({ name }) => name);
}

function currencies({ shopify, order, erpnext }: Compared): readonly Differs[] {
  const submitted = erpnext.invoices.filter(({ docstatus }) => docstatus === 1);
  const other = [order, ...submitted].filter(({ currency }) => currency !== "" && currency !== shopify.currency);
  if (other.length === 0) return [];
  const named = other.map(({ name, currency }) => `${name} in ${currency}`).join(", ");
  return [differs("currency", `${shopify.currency} in Shopify, ${named}`)];
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
  const detail = `changed in Shopify since its import: ${decimalOf(worth.value)} now, ${decimalOf(here)} in ${order.name}`;
  return [differs("edited", detail, "edited")];
}

function total({ shopify, order, worth, tolerance }: Compared, here: Amount): Differs {
  const lacks = worth.value - here;
  const detail = `${decimalOf(worth.value)} in Shopify, ${decimalOf(here)} in ${order.name}`;
  if (areSame(amountOf(order.grandTotal), worth.value, tolerance)) {
    const said = `${detail}, which ERPNext rounded from ${decimalOf(amountOf(order.grandTotal))}`;
    return differs("total", said, "rounded-total");
  }
  const [duties, tips] = [shopify.duties, shopify.tips].map(amountOf);
  if (duties !== 0n && lacks === duties) return differs("total", `${detail}: the duties are not booked`, "duties");
  if (tips !== 0n && lacks === tips) return differs("total", `${detail}: the tip is not booked`, "tip");
  if (areSame(lacks, 0n, lossOf(shopify, order))) {
    return differs("total", `${detail}: the prices of ${order.pieces} pieces were rounded`, "rounding");
  }
  return differs("total", detail);
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
  const detail = `${decimalOf(there)} of tax and shipping in Shopify, ${decimalOf(here)} in ${order.name}`;
  return [differs("charges", detail)];
}
