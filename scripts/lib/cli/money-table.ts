import { amountOf } from "../../../reconciliation/amount";
import { percentOf, type CoverageSummary } from "../../../reconciliation/coverage";
import { monthDifference, type Figures } from "../../../reconciliation/month-money";
import { FIGURES } from "../../../reconciliation/order-money";
import type { Terminal } from "./terminal";

const HEAD = ["month", "", "gross", "tax and shipping", "refunded", "paid, net"];

/** The share of Shopify's orders that ERPNext has, as one figure. It is 100 % only when the money agrees too. */
export function shareLine({ share, shopify, inErpnext, agreed }: CoverageSummary): string {
  const orders = `${inErpnext} of ${shopify} orders are in ERPNext`;
  if (share === undefined) return orders;
  return share === 1 && !agreed ? `${orders}, but the money differs` : `${orders}, ${percentOf(share)}`;
}

/** The money of each month that differs, on both sides; one sentence where all agree. */
export function printMoney({ months, shopify, agreed }: CoverageSummary, terminal: Terminal): void {
  if (shopify === 0) return;
  if (agreed) {
    terminal.print("The money of both sides agrees, month by month.");
    return;
  }
  const differing = Object.entries(months).filter(([, money]) => isDifferent(monthDifference(money)));
  terminal.table(
    HEAD,
    differing.flatMap(([month, money]) => [
      [month, "Shopify", ...figures(money.shopify)],
      ["", "ERPNext", ...figures(money.erpnext)],
      ["", "difference", ...figures(monthDifference(money))],
    ]),
  );
}

function isDifferent(difference: Figures): boolean {
  return FIGURES.some((figure) => amountOf(difference[figure]) !== 0n);
}

function figures(of: Figures): readonly string[] {
  return FIGURES.map((figure) => of[figure]);
}
