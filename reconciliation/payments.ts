import { text, type Text } from "../core/messages";
import { amountOf, inText } from "./amount";
import { areSame, isBooked, isGivenUp } from "./books";
import { differs, type Compared, type Differs } from "./compared";
import type { ShopifyOrder } from "./order";

/**
 * Invoices, payments and credit notes of an order that lives. Whatever was captured belongs into the books, also where it
 * was refunded since: a status tells what happened last, never all of it.
 *
 * @param isOther whether the Sales Order itself has another amount, which its invoices then have too
 */
export function moneyDifferences(of: Compared, isOther: boolean): readonly Differs[] {
  const { wanted, worth, books } = of;
  if (!wanted.salesInvoices) return [];
  if (!worth.captured) return uncaptured(of);
  if (books.invoices.length === 0) return [withoutInvoice(of)];
  const credit = credits(of, isOther);
  return [...invoicedTotal(of), ...credit, ...payments(of, isOther)];
}

/** An invoice that is not paid yet may stand: people send them before the money. */
function uncaptured({ shopify, books, tolerance }: Compared): readonly Differs[] {
  const status = shopify.financialStatus ?? text("finding.noPayment");
  const { invoices } = books;
  if (books.cash > tolerance) {
    return [differs("paid-only-here", text("finding.paidHere", { status, cash: inText(books.cash), invoices }))];
  }
  if (!isGivenUp(shopify) || books.invoiced - books.credited <= tolerance) return [];
  return [differs("invoice-stands", text("finding.invoiceStands", { status, invoices }))];
}

function withoutInvoice({ shopify, worth, erpnext }: Compared): Differs {
  const drafts = erpnext.invoices.filter(({ docstatus }) => docstatus === 0).map(({ name }) => name);
  const values = {
    received: inText(worth.received),
    status: statusOf(shopify),
    refunded: worth.refunded > 0n ? inText(worth.refunded) : "none",
    drafts: orNone(drafts),
  };
  return differs("no-invoice", text("finding.noInvoice", values));
}

/** Several invoices may share an order; together they are the order, or as much of it as was paid. */
function invoicedTotal({ order, books, worth, tolerance }: Compared): readonly Differs[] {
  const ordered = amountOf(order.total);
  if (areSame(books.invoiced, ordered, tolerance)) return [];
  if (worth.open > 0n && books.invoiced < ordered && books.invoiced >= worth.received - tolerance) return [];
  const values = { ordered: inText(ordered), invoices: books.invoices, invoiced: inText(books.invoiced) };
  return [differs("invoice-total", text("finding.invoiceTotal", { order: order.name, ...values }))];
}

function credits(of: Compared, isOther: boolean): readonly Differs[] {
  const { worth, books, tolerance, erpnext } = of;
  const [refunded, credited] = [inText(worth.refunded), inText(books.credited)];
  if (books.credited < worth.refunded - tolerance) {
    const notes = erpnext.invoices.filter(({ docstatus, isReturn }) => isReturn && docstatus === 0);
    const drafts = orNone(notes.map(({ name }) => name));
    const detail =
      books.creditNotes.length === 0
        ? text("finding.noCreditNote", { refunded, drafts })
        : text("finding.creditedLess", { refunded, credited, drafts });
    return [differs("no-credit-note", detail, "refunded")];
  }
  if (books.credited <= worth.refunded + tolerance || isOther || isBooked(books, worth, tolerance)) return [];
  const notes = books.creditNotes;
  return [differs("credited-only-here", text("finding.creditedMore", { refunded, credited, notes }))];
}

/** What is still open on both sides. Where the order itself has another amount, only what is open here can be told. */
function payments({ shopify, worth, books, tolerance }: Compared, isOther: boolean): readonly Differs[] {
  const more = books.open - worth.open;
  if (more > tolerance) {
    const due = worth.open > 0n ? inText(worth.open) : "none";
    const values = { status: statusOf(shopify), open: inText(books.open), invoices: books.invoices, due };
    return [differs("no-payment", text("finding.outstanding", values))];
  }
  if (more >= -tolerance || isOther) return [];
  if (books.creditNotes.length > 0 && worth.refunded > 0n) {
    const values = { refunded: inText(worth.refunded), notes: books.creditNotes, open: inText(-more) };
    return [differs("no-refund-payment", text("finding.notPaidOut", values), "refunded")];
  }
  const received = inText(worth.received - worth.refunded);
  return [differs("paid-only-here", text("finding.paidMore", { received, cash: inText(books.cash) }))];
}

function statusOf({ financialStatus }: ShopifyOrder): Text {
  return financialStatus ?? text("finding.unknownStatus");
}

/** As a value of a message that leaves an empty list out. */
function orNone(names: readonly string[]): readonly string[] | "none" {
  return names.length === 0 ? "none" : names;
}
