import fc from "fast-check";

import { amountOf, decimalOf } from "../amount";
import type { Difference } from "../finding";
import type { ErpnextOrder, SalesInvoice, ShopifyOrder } from "../order";
import { deliveryNote, salesInvoice, salesOrder, shopifyOrder } from "./world";

/** One order as both sides have it. */
export interface Pairing {
  readonly shopify: ShopifyOrder;
  readonly erpnext: ErpnextOrder;
}

const LIVES = ["pending", "authorized", "paid", "part-refunded", "refunded", "free", "voided", "cancelled"] as const;
type Life = (typeof LIVES)[number];

const STATUS: Readonly<Record<Life, string | null>> = {
  pending: "PENDING",
  authorized: "AUTHORIZED",
  paid: "PAID",
  "part-refunded": "PARTIALLY_REFUNDED",
  refunded: "REFUNDED",
  free: "PAID",
  voided: "VOIDED",
  cancelled: null,
};

interface Drawn {
  readonly life: Life;
  readonly cents: number;
  readonly refundShare: number;
  readonly pieces: number;
  readonly shipped: number;
  readonly off: number;
  readonly taxesIncluded: boolean;
}

export function money(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** An order of any kind, booked as it has to be; ERPNext's own rounding included. */
export const anyConsistent: fc.Arbitrary<Pairing> = fc
  .record({
    life: fc.constantFrom(...LIVES),
    cents: fc.integer({ min: 400, max: 5_000_000 }),
    refundShare: fc.double({ min: 0.2, max: 0.8, noNaN: true }),
    pieces: fc.integer({ min: 2, max: 30 }),
    shipped: fc.integer({ min: 0, max: 2 }),
    off: fc.integer({ min: -1, max: 1 }),
    taxesIncluded: fc.boolean(),
  })
  .map(consistent);

function consistent(drawn: Drawn): Pairing {
  const { life, off, taxesIncluded } = drawn;
  const cents = life === "free" ? 0 : drawn.cents;
  const refunded = Math.round(cents * (REFUNDED[life]?.(drawn.refundShare) ?? 0));
  const booked = cents === 0 || !taxesIncluded ? cents : cents + off;
  const shipped = life === "cancelled" ? 0 : ([0, 1, drawn.pieces][drawn.shipped] ?? 0);
  const of = { ...drawn, cents, refunded, booked, shipped, tax: Math.round(cents * 0.16) };
  return { shopify: shopifySide(of), erpnext: erpnextSide(of) };
}

const REFUNDED: Readonly<Partial<Record<Life, (share: number) => number>>> = {
  refunded: () => 1,
  "part-refunded": (share) => share,
};
const PAID: ReadonlySet<Life> = new Set(["paid", "part-refunded", "refunded", "free"]);

interface Whole extends Drawn {
  readonly refunded: number;
  readonly booked: number;
  readonly tax: number;
}

function shopifySide({ life, cents, refunded, tax, taxesIncluded, pieces, shipped }: Whole): ShopifyOrder {
  const isCancelled = life === "cancelled";
  return shopifyOrder("5", {
    financialStatus: STATUS[life],
    total: money(cents),
    current: isCancelled ? "0.00" : money(cents - refunded),
    received: PAID.has(life) ? money(cents) : "0.0",
    refunded: money(refunded),
    outstanding: PAID.has(life) || isCancelled ? "0.0" : money(cents),
    cancelledAt: isCancelled ? "2026-10-06T08:00:00Z" : null,
    tax: money(tax),
    taxesIncluded,
    fulfillmentStatus: shipped === 0 ? "UNFULFILLED" : shipped === pieces ? "FULFILLED" : "PARTIALLY_FULFILLED",
    fulfilments: shipped === 0 ? [] : [{ id: "51", status: "SUCCESS", pieces: shipped }],
  });
}

function erpnextSide({ life, booked, refunded, tax, pieces, shipped }: Whole): ErpnextOrder {
  const credited = life === "refunded" ? booked : refunded;
  const docstatus = life === "cancelled" ? 2 : 1;
  return {
    id: "5",
    salesOrders: [salesOrder("SO-5", { docstatus, total: money(booked), charges: money(tax), pieces })],
    invoices: [
      ...(PAID.has(life) ? [salesInvoice("SI-5", { total: money(booked) })] : []),
      ...(credited > 0 ? [salesInvoice("CN-5", { total: money(-credited) })] : []),
    ],
    deliveryNotes: shipped === 0 ? [] : [deliveryNote("DN-5", { fulfilment: "51", pieces: shipped })],
  };
}

/** One thing that goes wrong with one side, and what it has to be called. */
export interface Fault {
  readonly finds: Difference;
  /** Undefined where this order cannot have it. */
  readonly make: (pairing: Pairing) => Pairing | undefined;
}

const has = ({ erpnext }: Pairing, name: string): boolean => erpnext.invoices.some((each) => each.name === name);
const lives = ({ shopify }: Pairing): boolean => shopify.cancelledAt === null;

function withErpnext(pairing: Pairing, more: Partial<ErpnextOrder>): Pairing {
  return { ...pairing, erpnext: { ...pairing.erpnext, ...more } };
}

function withInvoice(pairing: Pairing, name: string, more: (was: SalesInvoice) => Partial<SalesInvoice>): Pairing {
  const change = (each: SalesInvoice): SalesInvoice => (each.name === name ? { ...each, ...more(each) } : each);
  return withErpnext(pairing, { invoices: pairing.erpnext.invoices.map(change) });
}

/** An amount with more of it; far more than any rounding. */
function plus(decimal: string, more: string): string {
  return decimalOf(amountOf(decimal) + amountOf(more));
}

/** Everything that was booked of the order, with another amount: as the connector does when a line is missing. */
function bookedAs(pairing: Pairing, change: (total: string) => string): Pairing {
  const { salesOrders } = pairing.erpnext;
  const orders = salesOrders.map((order) => ({
    ...order,
    total: change(order.total),
    grandTotal: change(order.total),
  }));
  const other = withErpnext(pairing, { salesOrders: orders });
  return withInvoice(other, "SI-5", ({ total }) => ({ total: change(total) }));
}

export const FAULTS: Readonly<Record<string, Fault>> = {
  "a second Sales Order": {
    finds: "duplicate",
    make: (of) =>
      lives(of)
        ? withErpnext(of, { salesOrders: [...of.erpnext.salesOrders, { ...of.erpnext.salesOrders[0]!, name: "SO-6" }] })
        : undefined,
  },
  "cancelled in Shopify alone": {
    finds: "not-cancelled",
    make: (of) =>
      lives(of) && of.shopify.received === "0.0" && !has(of, "SI-5")
        ? {
            ...of,
            shopify: { ...of.shopify, cancelledAt: "2026-10-07T00:00:00Z", current: "0.0", outstanding: "0.0" },
          }
        : undefined,
  },
  "an invoice that outlives its cancelled order": {
    finds: "not-cancelled",
    make: (of) =>
      lives(of)
        ? undefined
        : withErpnext(of, { invoices: [salesInvoice("SI-5", { total: plus(of.erpnext.salesOrders[0]!.total, "0") })] }),
  },
  "cancelled in ERPNext alone": {
    finds: "only-cancelled-here",
    make: (of) =>
      lives(of)
        ? withErpnext(of, { salesOrders: of.erpnext.salesOrders.map((order) => ({ ...order, docstatus: 2 as const })) })
        : undefined,
  },
  "a test order among the real ones": {
    finds: "test-booked",
    make: (of) => (lives(of) ? { ...of, shopify: { ...of.shopify, test: true } } : undefined),
  },
  "another currency": {
    finds: "currency",
    make: (of) =>
      lives(of)
        ? withErpnext(of, { salesOrders: of.erpnext.salesOrders.map((order) => ({ ...order, currency: "USD" })) })
        : undefined,
  },
  "a line that was not booked": {
    finds: "total",
    make: (of) =>
      lives(of) && amountOf(of.shopify.total) > 0n ? bookedAs(of, (total) => plus(total, "-1.5")) : undefined,
  },
  "a free line charged": {
    finds: "total",
    make: (of) => (lives(of) ? bookedAs(of, (total) => plus(total, "16.72")) : undefined),
  },
  "an edit after the import": {
    finds: "edited",
    make: (of) => {
      if (!["PENDING", "AUTHORIZED"].includes(of.shopify.financialStatus ?? "")) return undefined;
      const total = plus(of.shopify.total, "-1.5");
      return { ...of, shopify: { ...of.shopify, edited: true, total, current: total, outstanding: total } };
    },
  },
  "a tax that was left out": {
    finds: "charges",
    make: (of) =>
      lives(of) && amountOf(of.shopify.tax) > amountOf("0.05")
        ? withErpnext(of, { salesOrders: of.erpnext.salesOrders.map((order) => ({ ...order, charges: "0" })) })
        : undefined,
  },
  "no invoice, whatever became of the money": {
    finds: "no-invoice",
    make: (of) => (has(of, "SI-5") ? withErpnext(of, { invoices: [] }) : undefined),
  },
  "a second invoice": {
    finds: "invoice-total",
    make: (of) =>
      has(of, "SI-5") && amountOf(of.shopify.total) > 0n
        ? withErpnext(of, { invoices: [...of.erpnext.invoices, { ...of.erpnext.invoices[0]!, name: "SI-6" }] })
        : undefined,
  },
  "an invoice that is not paid": {
    finds: "no-payment",
    make: (of) =>
      has(of, "SI-5") && amountOf(of.shopify.total) > 0n
        ? withInvoice(of, "SI-5", ({ total }) => ({ outstanding: total }))
        : undefined,
  },
  "a payment that Shopify never had": {
    finds: "paid-only-here",
    make: (of) =>
      lives(of) && ["PENDING", "VOIDED", "AUTHORIZED"].includes(of.shopify.financialStatus ?? "")
        ? withErpnext(of, { invoices: [salesInvoice("SI-5", { total: of.erpnext.salesOrders[0]!.total })] })
        : undefined,
  },
  "an open invoice of a payment that was voided": {
    finds: "invoice-stands",
    make: (of) => {
      if (of.shopify.financialStatus !== "VOIDED") return undefined;
      const { total } = of.erpnext.salesOrders[0]!;
      return withErpnext(of, { invoices: [salesInvoice("SI-5", { total, outstanding: total })] });
    },
  },
  "a refund without a credit note": {
    finds: "no-credit-note",
    make: (of) =>
      has(of, "CN-5")
        ? withErpnext(of, { invoices: of.erpnext.invoices.filter(({ name }) => name !== "CN-5") })
        : undefined,
  },
  "a credit note that is a draft": {
    finds: "no-credit-note",
    make: (of) => (has(of, "CN-5") ? withInvoice(of, "CN-5", () => ({ docstatus: 0 })) : undefined),
  },
  "a credit note that was not paid out": {
    finds: "no-refund-payment",
    make: (of) => (has(of, "CN-5") ? withInvoice(of, "CN-5", ({ total }) => ({ outstanding: total })) : undefined),
  },
  "a credit note that Shopify knows nothing of": {
    finds: "credited-only-here",
    make: (of) =>
      has(of, "SI-5") && !has(of, "CN-5") && amountOf(of.shopify.total) > 0n
        ? withErpnext(of, { invoices: [...of.erpnext.invoices, salesInvoice("CN-5", { total: "-1.50" })] })
        : undefined,
  },
  "a fulfilment without a Delivery Note": {
    finds: "no-delivery-note",
    make: (of) => (of.erpnext.deliveryNotes.length > 0 ? withErpnext(of, { deliveryNotes: [] }) : undefined),
  },
  "a second fulfilment that was lost": {
    finds: "no-delivery-note",
    make: (of) =>
      of.shopify.fulfilments.length === 1
        ? {
            ...of,
            shopify: {
              ...of.shopify,
              fulfilments: [...of.shopify.fulfilments, { id: "52", status: "SUCCESS", pieces: 1 }],
            },
          }
        : undefined,
  },
  "a fulfilment that was cancelled": {
    finds: "delivered-only-here",
    make: (of) =>
      of.shopify.fulfilments.length === 1
        ? {
            ...of,
            shopify: {
              ...of.shopify,
              fulfillmentStatus: "UNFULFILLED",
              fulfilments: of.shopify.fulfilments.map((each) => ({ ...each, status: "CANCELLED" })),
            },
          }
        : undefined,
  },
};
