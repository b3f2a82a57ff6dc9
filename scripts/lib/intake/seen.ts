import { answerAt } from "./answers";
import type { TaxSeen } from "../recent-orders";
import { hasBooksApp, type Known } from "./question";

/** A row of accounting.taxAccounts. */
export interface TaxRow {
  readonly shopifyTax: string;
  /** Per cent. */
  readonly rate?: number;
  readonly account: string;
}

/** What the names of a company's accounts end with. */
export function suffixOf({ answers }: Known): string {
  return ` - ${String(answerAt(answers, ["company", "abbreviation"]))}`;
}

/**
 * The taxes of the shop's recent orders with a name for each one's account. With the app a title of several rates has a row for
 * each, since one account for two rates makes the VAT return wrong.
 */
export function taxesSeen(known: Known): readonly (Omit<TaxRow, "account"> & { readonly proposal: string })[] {
  const { taxes = [], rates = [] } = known.shop ?? {};
  return taxes.flatMap((tax) => {
    const own = rates.filter(({ title, rate }) => title === tax.title && rate !== null);
    if (own.length < 2 || !hasBooksApp(known)) return [{ shopifyTax: tax.title, proposal: described(tax) }];
    return own.map((one) => ({ shopifyTax: one.title, rate: perCent(one.rate ?? 0), proposal: described(one) }));
  });
}

/** Gateways of the shop's recent orders. A gift card's money is not new: it is redeemed from its own account. */
export function gatewaysSeen({ shop }: Known): readonly string[] {
  return (shop?.gateways ?? []).filter((gateway) => gateway !== "gift_card");
}

/** A title with its rate, as accounts are commonly named: "VAT 19 %". */
function described({ title, rate }: TaxSeen): string {
  return rate === null || title.includes("%") ? title : `${title} ${perCent(rate)} %`;
}

function perCent(fraction: number): number {
  return Number((fraction * 100).toFixed(4));
}
