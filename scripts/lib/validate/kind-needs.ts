import type { Customer } from "../../../customers/schema";
import { readsShop, taxesOf, type Kind } from "../matrix/kinds";

/** What the customer's file says of orders. */
export type BookedBy = Pick<Customer, "accounting" | "sync"> & {
  readonly erpnext: Pick<Customer["erpnext"], "booksApp">;
};

/** What a kind cannot be tried without on this store; undefined for one that can. */
export function lacking(kind: Kind, customer: BookedBy): string | undefined {
  return NEEDS.map((need) => need(kind, customer)).find((lack) => lack !== undefined);
}

type Need = (kind: Kind, customer: BookedBy) => string | undefined;

/** Each with the reason that the report gives. */
const NEEDS: readonly Need[] = [
  (kind, { erpnext }) =>
    kind.app && !erpnext.booksApp
      ? 'it is booked by the app shopify_books, and "erpnext.booksApp" is false'
      : undefined,
  (kind) => (readsShop(kind) ? "ERPNext reads such an order from Shopify, which does not have it" : undefined),
  // The server hands no create on to ERPNext while it has the order.
  ({ app, then }) => (app && then.includes("heals") ? "./stack heal sends it, and not Shopify" : undefined),
  ({ booked }, { sync }) =>
    isAsked(booked.invoiced) && !sync.salesInvoices ? '"sync.salesInvoices" is false' : undefined,
  ({ booked }, { sync }) =>
    isAsked(booked.shipped) && !sync.deliveryNotes ? '"sync.deliveryNotes" is false' : undefined,
  ({ booked }, { sync }) =>
    isAsked(booked.credited) && sync.refunds === "off" ? '"sync.refunds" is "off"' : undefined,
  (kind, { sync }) =>
    isDeposit(kind) && sync.partialPayments ? "this store books deposits (sync.partialPayments)" : undefined,
  unmapped,
];

function isAsked(value: string | undefined): boolean {
  return value !== undefined && value !== "none";
}

function isDeposit({ then, late = [], booked }: Kind): boolean {
  return booked.invoiced === "none" && [...then, ...late].some((step) => /^pays \d/.test(step));
}

function unmapped(kind: Kind, { accounting, sync, erpnext }: BookedBy): string | undefined {
  if (!erpnext.booksApp || sync.unmappedTaxes === "default") return undefined;
  const isMapped = ([title, perCent]: readonly [string, number]): boolean =>
    accounting.taxAccounts.some(({ shopifyTax, rate }) => shopifyTax === title && (rate ?? perCent) === perCent);
  const [tax] = taxesOf(kind).filter((one) => !isMapped(one));
  if (tax === undefined) return undefined;
  return `"sync.unmappedTaxes" is "refuse" and accounting.taxAccounts lacks ${tax[0]} of ${tax[1]} %`;
}
