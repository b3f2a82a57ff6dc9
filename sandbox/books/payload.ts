import type { Kind } from "./kinds";

/** Amounts in minor units of the currency: 1990 is 19.90 EUR, 1990 JPY and 1.990 KWD. */
type Minor = number;

/** A bag of fields as Shopify's REST and its deliveries have them. */
type Rest = Record<string, unknown>;

type Line = Kind["lines"][number];

/** Catalogue of the matrix: Shopify's product, variant and SKU, and ERPNext's item. */
export const PRODUCTS = {
  cup: { product: 7_700_100, variant: 7_700_101, sku: "MATRIX-CUP", title: "Matrix cup" },
  bowl: { product: 7_700_200, variant: 7_700_201, sku: "MATRIX-BOWL", title: "Matrix bowl" },
  poster: { product: 7_700_300, variant: 7_700_301, sku: "MATRIX-POSTER", title: "Matrix poster" },
} as const;

/** What a delivery says, and under which topic. */
export interface Event {
  readonly topic: string;
  readonly payload: Rest;
}

export interface Draft {
  /** Shopify's id of the order; those of its parts follow from it. */
  readonly id: number;
  /** ISO 4217, the company's. */
  readonly currency: string;
  readonly decimals: number;
  readonly at: Date;
}

export function minor(money: string): Minor {
  return Math.round(Number(money) * 100);
}

/** A decimal as Shopify writes it. */
export function decimal(amount: Minor, decimals: number): string {
  return (amount / 10 ** decimals).toFixed(decimals);
}

/** The deliveries that Shopify would make of a kind of order, in their sequence. */
export function eventsOf(kind: Kind, draft: Draft): readonly Event[] {
  const story = new Story(kind, draft);
  if (kind.late !== undefined) {
    for (const step of kind.late) story.happen(step);
    return [{ topic: "orders/create", payload: story.order() }];
  }
  const events: Event[] = [{ topic: "orders/create", payload: story.order() }];
  for (const step of kind.then) events.push({ topic: story.happen(step), payload: story.order() });
  return events;
}

/** An order while things happen to it. */
class Story {
  #status: "pending" | "paid" | "partially_refunded" | "refunded" | "voided" = "pending";
  #cancelled = false;
  #refunded: Minor = 0;
  readonly #fulfilments: Rest[] = [];
  readonly #refunds: Rest[] = [];
  readonly #transactions: Rest[] = [];
  readonly #shipped: number[];
  readonly #lines: readonly Rest[];
  readonly #shipping: readonly Rest[];
  readonly #placed: Minor;
  readonly #removed: Minor;

  constructor(
    private readonly kind: Kind,
    private readonly draft: Draft,
  ) {
    this.#shipped = kind.lines.map(() => 0);
    this.#lines = kind.lines.map((line, index) => this.#line(line, index));
    const { shipping } = kind;
    this.#shipping =
      shipping === undefined
        ? []
        : [
            {
              id: draft.id * 100 + 90,
              title: "Standard",
              price: this.#money(minor(shipping.price)),
              discount_allocations: [],
              tax_lines: this.#taxes(minor(shipping.price), shipping.vat),
            },
          ];
    this.#placed = kind.lines.reduce((sum, line) => sum + this.#worth(line, line.pieces), 0) + this.#shippingWorth();
    this.#removed = kind.lines.reduce((sum, line) => sum + this.#worth(line, line.edited), 0);
  }

  /** @returns the topic that Shopify announces it under */
  happen(step: string): string {
    if (step === "pays") return this.#pay();
    if (step === "ships" || step === "ships one") return this.#ship(step === "ships one");
    if (step === "cancels") return this.#cancel();
    return this.#refund(step.replace("refunds ", ""));
  }

  order(): Rest {
    const { id, currency, at } = this.draft;
    const [country, code] = this.kind.country;
    const now = at.toISOString().replace(/\.\d+Z$/, "Z");
    const address = { address1: "Weg 1", city: "Prague", zip: "10115", country, country_code: code };
    const person = { first_name: "Mia", last_name: `Matrix ${id}`, phone: null };
    return {
      id,
      name: `#M${id}`,
      created_at: now,
      updated_at: now,
      processed_at: now,
      cancelled_at: this.#cancelled ? now : null,
      currency,
      presentment_currency: currency,
      test: false,
      taxes_included: this.kind.taxes === "included",
      financial_status: this.#status,
      fulfillment_status: this.#fulfilments.length === 0 ? null : "fulfilled",
      payment_gateway_names: ["manual"],
      total_price: this.#money(this.#placed),
      current_total_price: this.#money(this.#placed - this.#removed - this.#refunded),
      total_tip_received: "0.00",
      line_items: this.#lines,
      shipping_lines: this.#shipping,
      fulfillments: [...this.#fulfilments],
      refunds: this.#refunds,
      transactions: [...this.#transactions],
      customer: {
        id: id * 10,
        email: `matrix-${id}@example.com`,
        ...person,
        default_address: { id: id * 10 + 1, ...person, ...address },
      },
      billing_address: { id: id * 10 + 2, ...person, ...address },
      shipping_address: { id: id * 10 + 3, ...person, ...address },
    };
  }

  #pay(): string {
    this.#status = "paid";
    this.#transactions.push(this.#transaction("sale", this.#placed - this.#removed));
    return "orders/paid";
  }

  #ship(one: boolean): string {
    const lines = this.#lines.flatMap((line, index) => {
      const left = Number(line["current_quantity"]) - (this.#shipped[index] ?? 0);
      const pieces = one ? Math.min(1, left) : left;
      this.#shipped[index] = (this.#shipped[index] ?? 0) + pieces;
      return pieces > 0 ? [{ ...line, quantity: pieces }] : [];
    });
    const id = this.draft.id * 100 + 50 + this.#fulfilments.length;
    const created_at = this.draft.at.toISOString();
    this.#fulfilments.push({
      id,
      order_id: this.draft.id,
      status: "success",
      created_at,
      location_id: 1,
      line_items: lines,
    });
    return one ? "orders/partially_fulfilled" : "orders/fulfilled";
  }

  #cancel(): string {
    this.#cancelled = true;
    this.#status = "voided";
    return "orders/cancelled";
  }

  #refund(which: string): string {
    const all = which === "all";
    const lines = this.kind.lines.flatMap((line, index) =>
      all || index + 1 === Number(which) ? [{ line, index }] : [],
    );
    const amount =
      lines.reduce((sum, { line }) => sum + this.#worth(line, line.pieces), 0) + (all ? this.#shippingWorth() : 0);
    this.#status = amount >= this.#placed ? "refunded" : "partially_refunded";
    this.#refunded += amount;
    const at = this.draft.at.toISOString();
    this.#refunds.push({
      id: this.draft.id * 100 + 70 + this.#refunds.length,
      order_id: this.draft.id,
      created_at: at,
      processed_at: at,
      note: null,
      refund_line_items: lines.map(({ line, index }) => ({
        id: this.draft.id * 100 + 80 + index,
        line_item_id: this.#lines[index]?.["id"],
        quantity: line.pieces,
        subtotal: this.#money(net(line)),
        total_tax: this.#money(this.#tax(net(line), line.vat)),
        restock_type: "no_restock",
        location_id: null,
      })),
      order_adjustments: [],
      transactions: [this.#transaction("refund", amount)],
    });
    return "refunds/create";
  }

  #transaction(kind: "sale" | "refund", amount: Minor): Rest {
    const id = this.draft.id * 1000 + this.#transactions.length + (kind === "sale" ? 0 : 500);
    const processed_at = this.draft.at.toISOString();
    return { id, kind, status: "success", gateway: "manual", amount: this.#money(amount), processed_at };
  }

  #line(line: Line, index: number): Rest {
    const found = line.item === "none" ? undefined : PRODUCTS[line.item];
    const title = line.title ?? found?.title ?? "Custom";
    const discount = minor(line.discount);
    return {
      id: this.draft.id * 100 + index,
      product_id: found?.product ?? null,
      variant_id: found?.variant ?? null,
      product_exists: found !== undefined,
      sku: found?.sku ?? null,
      title,
      name: title,
      quantity: line.pieces,
      current_quantity: line.pieces - line.edited,
      price: this.#money(minor(line.price)),
      total_discount: this.#money(0),
      discount_allocations: discount === 0 ? [] : [{ amount: this.#money(discount) }],
      tax_lines: this.#taxes(net(line), line.vat),
      gift_card: false,
      requires_shipping: true,
    };
  }

  #taxes(amount: Minor, vat: Line["vat"]): Rest[] {
    return vat.map(([title, rate]) => ({
      title,
      rate: rate / 100,
      price: this.#money(this.#tax(amount, [[title, rate]])),
    }));
  }

  /** Shopify rounds each tax of a line by itself. */
  #tax(amount: Minor, vat: Line["vat"]): Minor {
    const included = this.kind.taxes === "included";
    return vat.reduce((sum, [, rate]) => sum + Math.round((amount * rate) / (included ? 100 + rate : 100)), 0);
  }

  /** What so many pieces of a line cost, with their taxes. */
  #worth(line: Line, pieces: number): Minor {
    if (pieces === 0) return 0;
    const share = (net(line) * pieces) / line.pieces;
    return share + (this.kind.taxes === "included" ? 0 : this.#tax(share, line.vat));
  }

  #shippingWorth(): Minor {
    const { shipping, taxes } = this.kind;
    if (shipping === undefined) return 0;
    const price = minor(shipping.price);
    return price + (taxes === "included" ? 0 : this.#tax(price, shipping.vat));
  }

  #money(amount: Minor): string {
    return decimal(amount, this.draft.decimals);
  }
}

/** The whole line after its discount, as it is priced. */
function net(line: Line): Minor {
  return minor(line.price) * line.pieces - minor(line.discount);
}
