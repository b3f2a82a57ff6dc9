import { amountOf, decimalOf, sumOf, type Decimal } from "../../../reconciliation/amount";
import type { ErpnextOrder, LogEntry } from "../../../reconciliation/order";
import { decimal, minor } from "./amounts";
import type { Kind } from "./kinds";

/** A kind of order, what it must be booked at, and what was found. */
export interface Row {
  readonly kind: string;
  readonly shop: string;
  readonly wanted: string;
  /** Empty where all is right. */
  readonly wrong: string;
}

/** What was read of one order: its documents, and where a kind asks for it its balances by role, items and customer. */
export interface Found {
  readonly order: ErpnextOrder | undefined;
  readonly log: readonly LogEntry[];
  /** Undefined where the site cannot tell: then they are not compared. */
  readonly accounts: Readonly<Record<string, Decimal>> | undefined;
  readonly items: Readonly<Record<string, number>>;
  readonly customer: string | undefined;
}

type Totals = Omit<Kind["booked"], "accounts" | "items" | "customer">;
type Side = keyof Totals;

/** Compares to the last decimal; what the kind says nothing of is not looked at. */
export function judge(kind: Kind, found: Found, decimals: number): Row {
  const { accounts = {}, items, customer, ...totals } = kind.booked;
  const sides = (Object.entries(totals) as readonly (readonly [Side, string])[]).map(
    ([side, value]) => [side, inCurrency(side, value, decimals), seen(side, found.order)] as const,
  );
  const { accounts: seenAccounts } = found;
  const balances =
    seenAccounts === undefined
      ? []
      : Object.entries(accounts).map(
          ([role, value]) => [role, decimal(minor(value), decimals), seenAccounts[role] ?? "none"] as const,
        );
  const others = [
    ...(items === undefined ? [] : [["items", counted(items), counted(found.items)] as const]),
    ...(customer === undefined ? [] : [["customer", customer, found.customer ?? "none"] as const]),
  ];
  const compared = [...sides, ...balances];
  const faults = [
    ...compared.filter(([, wanted, is]) => !isSame(is, wanted)),
    ...others.filter(([, wanted, is]) => is !== wanted),
  ].map(([what, , is]) => `${what} ${is}`);
  const failures = found.log.filter(({ status }) => status === "Error").map(({ message }) => message.slice(0, 160));
  return {
    kind: kind.kind,
    shop: kind.shop,
    wanted: [...compared, ...others].map(([what, wanted]) => `${what} ${wanted}`).join(", "),
    wrong: faults.length === 0 ? "" : [...faults, ...failures].join("; "),
  };
}

function counted(items: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(items).toSorted(([one], [other]) => one.localeCompare(other));
  return sorted.map(([item, pieces]) => `${pieces} ${item}`).join(" + ");
}

function inCurrency(side: Side, value: string, decimals: number): string {
  const isPieces = side === "shipped" || side === "returned";
  return value === "none" || isPieces ? value : decimal(minor(value), decimals);
}

function isSame(found: string, wanted: string): boolean {
  if (found === "none" || wanted === "none") return found === wanted;
  return amountOf(found) === amountOf(wanted);
}

function seen(side: Side, order: ErpnextOrder | undefined): string {
  const invoices = living(order?.invoices);
  switch (side) {
    case "ordered":
      return total(living(order?.salesOrders).map((one) => one.total));
    case "invoiced":
      return total(invoices.filter(({ isReturn }) => !isReturn).map((one) => one.total));
    case "open":
      return decimalOf(sumOf(invoices.filter(({ isReturn }) => !isReturn).map((one) => one.outstanding)));
    case "credited":
      return total(invoices.filter(({ isReturn }) => isReturn).map((one) => decimalOf(-amountOf(one.total))));
    case "shipped":
      return pieces(living(order?.deliveryNotes).filter(({ isReturn }) => !isReturn));
    case "returned":
      return pieces(living(order?.deliveryNotes).filter(({ isReturn }) => isReturn));
  }
}

function living<T extends { readonly docstatus: number }>(documents: readonly T[] = []): readonly T[] {
  return documents.filter(({ docstatus }) => docstatus !== 2);
}

function total(amounts: readonly Decimal[]): string {
  return amounts.length === 0 ? "none" : decimalOf(sumOf(amounts));
}

function pieces(notes: readonly { readonly pieces: number }[]): string {
  return notes.length === 0 ? "none" : String(Math.abs(notes.reduce((sum, note) => sum + note.pieces, 0)));
}

/** The closing line. */
export function tally(rows: readonly Row[]): string {
  return `wrong: ${rows.filter(({ wrong }) => wrong !== "").length} of ${rows.length}`;
}
