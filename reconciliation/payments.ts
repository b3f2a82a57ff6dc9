import { amountOf, decimalOf } from "./amount";
import { areSame, isBooked, isGivenUp } from "./books";
import { differs, type Compared, type Differs } from "./compared";

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
  const status = shopify.financialStatus ?? "without a payment";
  const names = books.invoices.join(", ");
  if (books.cash > tolerance) {
    return [differs("paid-only-here", `not paid in Shopify (${status}), ${decimalOf(books.cash)} paid for ${names}`)];
  }
  if (!isGivenUp(shopify) || books.invoiced - books.credited <= tolerance) return [];
  return [differs("invoice-stands", `not paid in Shopify (${status}), ${names} is open`)];
}

function withoutInvoice({ shopify, worth, erpnext }: Compared): Differs {
  const drafts = erpnext.invoices.filter(({ docstatus }) => docstatus === 0).map(({ name }) => name);
  const draft = drafts.length === 0 ? "" : `: ${drafts.join(", ")} is a draft`;
  const paid = `${decimalOf(worth.received)} received in Shopify (${shopify.financialStatus ?? "unknown"})`;
  const refunded = worth.refunded > 0n ? `, ${decimalOf(worth.refunded)} of it refunded` : "";
  return differs("no-invoice", `${paid}${refunded}, no submitted Sales Invoice${draft}`);
}

/** Several invoices may share an order; together they are the order, or as much of it as was paid. */
function invoicedTotal({ order, books, worth, tolerance }: Compared): readonly Differs[] {
  const ordered = amountOf(order.total);
  if (areSame(books.invoiced, ordered, tolerance)) return [];
  if (worth.open > 0n && books.invoiced < ordered && books.invoiced >= worth.received - tolerance) return [];
  const names = books.invoices.join(", ");
  return [
    differs("invoice-total", `${order.name} is of ${decimalOf(ordered)}, ${names} of ${decimalOf(books.invoiced)}`),
  ];
}

function credits(of: Compared, isOther: boolean): readonly Differs[] {
  const { worth, books, tolerance, erpnext } = of;
  const [refunded, credited] = [decimalOf(worth.refunded), decimalOf(books.credited)];
  if (books.credited < worth.refunded - tolerance) {
    const drafts = erpnext.invoices.filter(({ docstatus, isReturn }) => isReturn && docstatus === 0);
    const draft = drafts.length === 0 ? "" : `: ${drafts.map(({ name }) => name).join(", ")} is a draft`;
    const here = books.creditNotes.length === 0 ? "no submitted credit note" : `${credited} credited here`;
    return [differs("no-credit-note", `${refunded} refunded in Shopify, ${here}${draft}`, "refunded")];
  }
  if (books.credited <= worth.refunded + tolerance || isOther || isBooked(books, worth, tolerance)) return [];
  const notes = books.creditNotes.join(", ");
  return [differs("credited-only-here", `${refunded} refunded in Shopify, ${credited} credited in ${notes}`)];
}

/** What is still open on both sides. Where the order itself has another amount, only what is open here can be told. */
function payments({ shopify, worth, books, tolerance }: Compared, isOther: boolean): readonly Differs[] {
  const more = books.open - worth.open;
  const status = shopify.financialStatus ?? "unknown";
  if (more > tolerance) {
    const names = books.invoices.join(", ");
    const due = worth.open > 0n ? `, ${decimalOf(worth.open)} in Shopify` : "";
    return [
      differs("no-payment", `${status} in Shopify, ${decimalOf(books.open)} of ${names} is outstanding here${due}`),
    ];
  }
  if (more >= -tolerance || isOther) return [];
  const refunded = decimalOf(worth.refunded);
  if (books.creditNotes.length > 0 && worth.refunded > 0n) {
    const notes = books.creditNotes.join(", ");
    const detail = `${refunded} refunded in Shopify; of ${notes} ${decimalOf(-more)} is not paid out here`;
    return [differs("no-refund-payment", detail, "refunded")];
  }
  const received = decimalOf(worth.received - worth.refunded);
  return [differs("paid-only-here", `${received} received in Shopify, ${decimalOf(books.cash)} paid here`)];
}
