import { amountOf, decimalOf, type Amount, type Decimal } from "./amount";
import { differenceOf, FIGURES, NO_MONEY, type Figure, type Money, type OrderMoney } from "./order-money";

export type Figures = Readonly<Record<Figure, Decimal>>;

/** The money of a month's orders on both sides. Plain JSON, exact decimals. */
export interface MonthMoney {
  readonly shopify: Figures;
  readonly erpnext: Figures;
  /** The part of the difference (ERPNext less Shopify) that no finding names: roundings that are tolerated. */
  readonly tolerated: Figures;
  /** The tax in Shopify's charges; the rest of them is shipping. */
  readonly tax: Decimal;
}

/** Adds up one by one. */
export class MoneyCounter {
  readonly #shopify = { ...NO_MONEY };
  readonly #erpnext = { ...NO_MONEY };
  readonly #tolerated = { ...NO_MONEY };
  #tax = 0n;

  add(money: OrderMoney, isFound: boolean): void {
    this.#tax += money.tax;
    for (const figure of FIGURES) {
      const [shopify, erpnext] = [money.shopify[figure], money.erpnext[figure]];
      if (shopify !== 0n) this.#shopify[figure] += shopify;
      if (erpnext !== 0n) this.#erpnext[figure] += erpnext;
      if (!isFound && shopify !== erpnext) this.#tolerated[figure] += erpnext - shopify;
    }
  }

  sums(): MonthMoney {
    return {
      shopify: written(this.#shopify),
      erpnext: written(this.#erpnext),
      tolerated: written(this.#tolerated),
      tax: decimalOf(this.#tax),
    };
  }
}

export const NO_MONTH_MONEY: MonthMoney = new MoneyCounter().sums();

export function addMonthMoney(left: MonthMoney, right: MonthMoney): MonthMoney {
  return {
    shopify: addFigures(left.shopify, right.shopify),
    erpnext: addFigures(left.erpnext, right.erpnext),
    tolerated: addFigures(left.tolerated, right.tolerated),
    tax: decimalOf(amountOf(left.tax) + amountOf(right.tax)),
  };
}

/** ERPNext less Shopify. */
export function monthDifference({ shopify, erpnext }: MonthMoney): Figures {
  return written(differenceOf({ shopify: read(shopify), erpnext: read(erpnext) }));
}

/** Whether nothing but tolerated roundings is between the two sides. */
export function isAgreed(money: MonthMoney): boolean {
  const difference = monthDifference(money);
  return FIGURES.every((figure) => amountOf(difference[figure]) === amountOf(money.tolerated[figure]));
}

function addFigures(left: Figures, right: Figures): Figures {
  return mapFigures((figure) => decimalOf(amountOf(left[figure]) + amountOf(right[figure])));
}

export function written(money: Money): Figures {
  return mapFigures((figure) => decimalOf(money[figure]));
}

function read(figures: Figures): Money {
  return mapFigures((figure): Amount => amountOf(figures[figure]));
}

function mapFigures<Value>(of: (figure: Figure) => Value): Readonly<Record<Figure, Value>> {
  return Object.fromEntries(FIGURES.map((figure) => [figure, of(figure)])) as Record<Figure, Value>;
}
