import { decimal, minor, net, Prices, type Minor, type Rest } from "./amounts";
import { soldAs, type Sold } from "./catalogue";
import type { Kind } from "./kinds";

export interface Draft {
  /** Shopify's id of the order; those of its parts follow from it. */
  readonly id: number;
  /** ISO 4217, the company's. */
  readonly currency: string;
  readonly decimals: number;
  readonly at: Date;
}

/** Finds every order of a kind in ERPNext by `shopify_order_number`, whichever run made it: SQL's LIKE. */
export const MATRIX_NUMBER_PATTERN = "#M%";

/** Whether an order is of a kind, and no merchant's whose numbers begin alike. */
export function isMatrixOrder(id: string, number: string): boolean {
  return number === numberOf(id);
}

/** What Shopify would show as the order's number. */
export function numberOf(id: number | string): string {
  return `#M${id}`;
}

/** Money that moved, as Shopify's REST has it. */
export type Transaction = Rest & { readonly gateway: string };

/** How often each line's pieces were taken out, shipped, and given back. */
interface Pieces {
  removed: number;
  shipped: number;
  refunded: number;
}

/** An order while things happen to it: what steps.ts changes, and rest-order.ts writes as Shopify does. */
export class Story {
  status: "pending" | "authorized" | "partially_paid" | "paid" | "partially_refunded" | "refunded" | "voided" =
    "pending";
  cancelled = false;
  received: Minor = 0;
  refunded: Minor = 0;
  readonly fulfilments: Rest[] = [];
  readonly refunds: Rest[] = [];
  readonly transactions: Transaction[] = [];
  readonly pieces: readonly Pieces[];
  readonly prices: Prices;
  /** How many deliveries tell of it: each is a second younger than the one before. */
  told = 0;
  readonly #present: boolean[];

  constructor(
    readonly kind: Kind,
    readonly draft: Draft,
  ) {
    this.prices = new Prices(kind.taxes === "included");
    this.pieces = kind.lines.map(() => ({ removed: 0, shipped: 0, refunded: 0 }));
    this.#present = kind.lines.map(({ added }) => !added);
  }

  /** Lines that the order has by now, with their places in the kind's list. */
  get lines(): readonly { readonly line: Kind["lines"][number]; readonly index: number; readonly of: Pieces }[] {
    return this.kind.lines.flatMap((line, index) => {
      const of = this.pieces[index];
      return of === undefined || this.#present[index] !== true ? [] : [{ line, index, of }];
    });
  }

  add(index: number): void {
    this.#present[index] = true;
  }

  /** All of it as it was ordered or added, before anything was taken out. */
  get placed(): Minor {
    return this.lines.reduce((sum, { line }) => sum + this.prices.worth(line, line.pieces), 0) + this.#charges();
  }

  /** What an edit took out. */
  get removed(): Minor {
    return this.lines.reduce((sum, { line, of }) => sum + this.prices.worth(line, of.removed), 0);
  }

  /** What the buyer still owes. */
  get due(): Minor {
    return this.placed - this.removed - this.received;
  }

  id(part: number): number {
    return this.draft.id * 1000 + part;
  }

  lineId(index: number): number {
    return this.id(index);
  }

  money(amount: Minor): string {
    return decimal(amount, this.draft.decimals);
  }

  both(amount: Minor): Rest {
    const { currency, decimals } = this.draft;
    const [foreign, rate] = this.kind.presentment ?? [currency, 1];
    const whole = rate === 1 ? amount / 10 ** decimals : (amount / 10 ** decimals) * rate;
    return {
      shop_money: { amount: this.money(amount), currency_code: currency },
      presentment_money: {
        amount: whole.toFixed(foreign === currency ? decimals : 2),
        currency_code: foreign,
      },
    };
  }

  taxes(amount: Minor, vat: Kind["lines"][number]["vat"]): Rest[] {
    return vat.map(([title, rate]) => ({
      title,
      rate: rate / 100,
      price: this.money(this.prices.tax(amount, [[title, rate]])),
    }));
  }

  /** A line as it stands in an order or a fulfilment. */
  line(index: number): Rest {
    const line = this.kind.lines[index];
    const of = this.pieces[index];
    if (line === undefined || of === undefined) throw new Error(`${this.kind.kind} has no line ${index + 1}`);
    const discount = minor(line.discount);
    return {
      id: this.lineId(index),
      ...namesOf(line, soldAs(line, this.kind, this.draft.id)),
      quantity: line.pieces,
      current_quantity: line.pieces - of.removed - of.refunded,
      price: this.money(minor(line.price)),
      total_discount: this.money(0),
      discount_allocations: discount === 0 ? [] : [{ amount: this.money(discount) }],
      tax_lines: this.taxes(net(line), line.vat),
      gift_card: line.item === "gift card",
      requires_shipping: line.item !== "gift card",
      duties: line.duty === undefined ? [] : [{ id: this.id(600 + index), price_set: this.both(minor(line.duty)) }],
    };
  }

  shippingWorth(): Minor {
    const kept = this.kind.shipping.filter(({ removed }) => !removed);
    return kept.reduce(
      (sum, { price, discount, vat }) => sum + this.prices.gross(minor(price) - minor(discount), vat),
      0,
    );
  }

  #charges(): Minor {
    const { duties = "0.00", fees, lines } = this.kind;
    const duty = lines.reduce((sum, one) => sum + minor(one.duty ?? "0.00"), minor(duties));
    return (
      this.shippingWorth() + duty + fees.reduce((sum, { price, vat }) => sum + this.prices.gross(minor(price), vat), 0)
    );
  }
}

/** What a line says of its product. */
function namesOf({ item, title: own }: Kind["lines"][number], found: Sold | undefined): Rest {
  const title = own ?? found?.title ?? "Custom";
  return {
    product_id: found?.product ?? null,
    variant_id: found?.variant ?? null,
    product_exists: found !== undefined && item !== "deleted",
    sku: found?.sku ?? null,
    title,
    name: title,
  };
}
