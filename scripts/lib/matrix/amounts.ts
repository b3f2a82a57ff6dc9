import type { Kind } from "./kinds";

/** Amounts in minor units of the currency: 1990 is 19.90 EUR, 1990 JPY and 1.990 KWD. */
export type Minor = number;

/** A bag of fields as Shopify's REST and its deliveries have them. */
export type Rest = Record<string, unknown>;

export type Line = Kind["lines"][number];
type Vat = Line["vat"];

export function minor(money: string): Minor {
  return Math.round(Number(money) * 100);
}

/** A decimal as Shopify writes it. */
export function decimal(amount: Minor, decimals: number): string {
  return (amount / 10 ** decimals).toFixed(decimals);
}

/** The whole line after its discount, as it is priced. */
export function net(line: Line): Minor {
  return minor(line.price) * line.pieces - minor(line.discount);
}

/** What Shopify charges by a kind's rules: taxes are in the prices or come on top. */
export class Prices {
  constructor(private readonly included: boolean) {}

  /** Shopify rounds each tax of a line by itself. */
  tax(amount: Minor, vat: Vat): Minor {
    return vat.reduce((sum, [, rate]) => sum + Math.round((amount * rate) / (this.included ? 100 + rate : 100)), 0);
  }

  /** With its taxes. */
  gross(amount: Minor, vat: Vat): Minor {
    return amount + (this.included ? 0 : this.tax(amount, vat));
  }

  /** What so many pieces of a line cost, with their taxes. */
  worth(line: Line, pieces: number): Minor {
    if (pieces === 0) return 0;
    return this.gross(Math.round((net(line) * pieces) / line.pieces), line.vat);
  }
}
