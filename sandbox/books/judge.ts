import { amountOf, decimalOf, sumOf, type Decimal } from "../../reconciliation/amount";
import type { ErpnextOrder, LogEntry } from "../../reconciliation/order";
import type { Kind } from "./kinds";
import { decimal, minor } from "./payload";

/** A kind of order, what it must be booked at, and what was found. */
export interface Row {
  readonly kind: string;
  readonly shop: string;
  readonly wanted: string;
  /** Empty where all is right. */
  readonly wrong: string;
}

type Side = keyof Kind["booked"];

/** Compares to the last decimal; what the kind says nothing of is not looked at. */
export function judge(
  kind: Kind,
  of: { order: ErpnextOrder | undefined; log: readonly LogEntry[]; decimals: number },
): Row {
  const { order, decimals } = of;
  const sides = Object.entries(kind.booked) as readonly (readonly [Side, string])[];
  const wanted = sides.map(([side, value]) => [side, value, inCurrency(side, value, decimals)] as const);
  const faults = wanted.flatMap(([side, , value]) => {
    const found = seen(side, order);
    return isSame(found, value) ? [] : [`${side} ${found}`];
  });
  const failures = of.log.filter(({ status }) => status === "Error").map(({ message }) => message.slice(0, 120));
  const wrong = faults.length === 0 ? "" : [...faults, ...failures].join("; ");
  return {
    kind: kind.kind,
    shop: kind.shop,
    wanted: wanted.map(([side, , value]) => `${side} ${value}`).join(", "),
    wrong,
  };
}

function inCurrency(side: Side, value: string, decimals: number): string {
  return value === "none" || side === "shipped" ? value : decimal(minor(value), decimals);
}

function isSame(found: string, wanted: string): boolean {
  if (found === "none" || wanted === "none") return found === wanted;
  return amountOf(found) === amountOf(wanted);
}

function seen(side: Side, order: ErpnextOrder | undefined): string {
  const living = <T extends { readonly docstatus: number }>(documents: readonly T[] = []): readonly T[] =>
    documents.filter(({ docstatus }) => docstatus !== 2);
  const invoices = living(order?.invoices);
  const total = (amounts: readonly Decimal[]): string => (amounts.length === 0 ? "none" : decimalOf(sumOf(amounts)));
  switch (side) {
    case "ordered":
      return total(living(order?.salesOrders).map((one) => one.total));
    case "invoiced":
      return total(invoices.filter(({ isReturn }) => !isReturn).map((one) => one.total));
    case "open":
      return decimalOf(sumOf(invoices.filter(({ isReturn }) => !isReturn).map((one) => one.outstanding)));
    case "credited":
      return total(invoices.filter(({ isReturn }) => isReturn).map((one) => decimalOf(-amountOf(one.total))));
    case "shipped": {
      const notes = living(order?.deliveryNotes);
      return notes.length === 0 ? "none" : String(notes.reduce((sum, { pieces }) => sum + pieces, 0));
    }
  }
}

/** The closing line. */
export function tally(rows: readonly Row[]): string {
  return `wrong: ${rows.filter(({ wrong }) => wrong !== "").length} of ${rows.length}`;
}
