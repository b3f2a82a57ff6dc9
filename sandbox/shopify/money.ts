import type { RestMoneySet } from "./rest-types";

/** Cents of a two-decimal currency: the only form in which amounts are added here, so that totals are exact. */
export type Cents = number;

/** 1990 -> "19.90", the way Shopify writes money. */
export function formatMoney(cents: Cents): string {
  return (cents / 100).toFixed(2);
}

/** "19.90" -> 1990. */
export function parseMoney(amount: string): Cents {
  return Math.round(Number(amount) * 100);
}

/** An amount with its currency, twice: these shops sell in the currency that they keep their books in. */
export function moneySet(cents: Cents, currency: string): RestMoneySet {
  const money = { amount: formatMoney(cents), currency_code: currency };
  return { shop_money: money, presentment_money: money };
}

/**
 * The tax in or on `amount`, rounded to cents half up.
 *
 * @param rate - 0.19 for 19 %.
 * @param included - whether `amount` holds the tax already, as prices in European shops do.
 */
export function taxOf(amount: Cents, rate: number, included: boolean): Cents {
  return included ? Math.round((amount * rate) / (1 + rate)) : Math.round(amount * rate);
}
