import { formatMoney, moneySet, parseMoney, taxOf, type Cents } from "./money";
import type {
  RestAddress,
  RestCustomer,
  RestLineItem,
  RestOrder,
  RestProduct,
  RestShippingLine,
  RestTaxLine,
  RestVariant,
} from "./rest-types";

/** One line of an order to be: a variant of the catalogue, or what is left of one whose product was deleted. */
export interface LineDraft {
  readonly variant: RestVariant;
  readonly product: RestProduct;
  readonly quantity: number;
  /** Discount on the whole line in cents. */
  readonly discount?: Cents;
  /** The product is gone from the catalogue: Shopify keeps the title and clears both ids. */
  readonly deleted?: boolean;
}

export interface OrderDraft {
  readonly id: number;
  /** 1001 makes the order "#1001". */
  readonly number: number;
  readonly at: Date;
  readonly currency: string;
  readonly lines: readonly LineDraft[];
  readonly customer?: RestCustomer;
  readonly address?: RestAddress;
  /** Price of the shipping in cents; no shipping line without one. */
  readonly shipping?: Cents;
  readonly tax: { readonly title: string; readonly rate: number; readonly included: boolean };
  readonly discountCode?: string;
  readonly note?: string;
  readonly test?: boolean;
  readonly tags?: readonly string[];
}

/** Ids of an order's parts, derived from the order's own so that the same draft always gives the same order. */
function partId(orderId: number, kind: "line" | "shipping" | "fulfillment" | "refund", index: number): number {
  return orderId * 1000 + { line: 0, shipping: 300, fulfillment: 600, refund: 900 }[kind] + index + 1;
}

export function fulfillmentId(order: RestOrder): number {
  return partId(order.id, "fulfillment", order.fulfillments.length);
}

export function refundId(order: RestOrder): number {
  return partId(order.id, "refund", order.refunds.length);
}

function taxLine(draft: OrderDraft, amount: Cents): RestTaxLine {
  const tax = taxOf(amount, draft.tax.rate, draft.tax.included);
  return {
    title: draft.tax.title,
    rate: draft.tax.rate,
    price: formatMoney(tax),
    price_set: moneySet(tax, draft.currency),
  };
}

function buildLine(draft: OrderDraft, line: LineDraft, index: number): RestLineItem {
  const { product, variant, quantity, discount = 0, deleted = false } = line;
  const simple = variant.title === "Default Title";
  return {
    id: partId(draft.id, "line", index),
    product_id: deleted ? null : product.id,
    variant_id: deleted ? null : variant.id,
    product_exists: !deleted,
    title: product.title,
    variant_title: simple ? null : variant.title,
    name: simple ? product.title : `${product.title} - ${variant.title}`,
    sku: variant.sku,
    vendor: product.vendor,
    quantity,
    current_quantity: quantity,
    fulfillable_quantity: quantity,
    fulfillment_status: null,
    price: variant.price,
    price_set: moneySet(parseMoney(variant.price), draft.currency),
    // Shopify spreads a discount code over the lines as allocations; `total_discount` stays for manual line discounts.
    total_discount: formatMoney(0),
    total_discount_set: moneySet(0, draft.currency),
    discount_allocations:
      discount === 0
        ? []
        : [
            {
              amount: formatMoney(discount),
              amount_set: moneySet(discount, draft.currency),
              discount_application_index: 0,
            },
          ],
    tax_lines: [taxLine(draft, parseMoney(variant.price) * quantity - discount)],
    taxable: true,
    requires_shipping: true,
    gift_card: false,
    grams: variant.grams,
    fulfillment_service: "manual",
    properties: [],
  };
}

function buildShipping(draft: OrderDraft): RestShippingLine[] {
  if (draft.shipping === undefined) return [];
  return [
    {
      id: partId(draft.id, "shipping", 0),
      title: "DHL Paket",
      code: "DHL Paket",
      source: "shopify",
      price: formatMoney(draft.shipping),
      price_set: moneySet(draft.shipping, draft.currency),
      discounted_price: formatMoney(draft.shipping),
      discounted_price_set: moneySet(draft.shipping, draft.currency),
      discount_allocations: [],
      tax_lines: [taxLine(draft, draft.shipping)],
    },
  ];
}

interface Totals {
  readonly lineItems: Cents;
  readonly discounts: Cents;
  readonly subtotal: Cents;
  readonly shipping: Cents;
  readonly tax: Cents;
  readonly total: Cents;
}

function totalsOf(draft: OrderDraft, lines: readonly RestLineItem[], shipping: readonly RestShippingLine[]): Totals {
  const lineItems = lines.reduce((sum, line) => sum + parseMoney(line.price) * line.quantity, 0);
  const discounts = draft.lines.reduce((sum, line) => sum + (line.discount ?? 0), 0);
  const tax = [...lines, ...shipping]
    .flatMap((part) => part.tax_lines)
    .reduce((sum, line) => sum + parseMoney(line.price), 0);
  const shippingPrice = draft.shipping ?? 0;
  const subtotal = lineItems - discounts;
  return {
    lineItems,
    discounts,
    subtotal,
    shipping: shippingPrice,
    tax,
    total: subtotal + shippingPrice + (draft.tax.included ? 0 : tax),
  };
}

function moneyFields(totals: Totals, draft: OrderDraft) {
  const { currency } = draft;
  return {
    total_line_items_price: formatMoney(totals.lineItems),
    total_line_items_price_set: moneySet(totals.lineItems, currency),
    total_discounts: formatMoney(totals.discounts),
    total_discounts_set: moneySet(totals.discounts, currency),
    subtotal_price: formatMoney(totals.subtotal),
    subtotal_price_set: moneySet(totals.subtotal, currency),
    total_shipping_price_set: moneySet(totals.shipping, currency),
    total_tax: formatMoney(totals.tax),
    total_tax_set: moneySet(totals.tax, currency),
    total_price: formatMoney(totals.total),
    total_price_set: moneySet(totals.total, currency),
    total_tip_received: formatMoney(0),
    current_subtotal_price: formatMoney(totals.subtotal),
    current_total_discounts: formatMoney(totals.discounts),
    current_total_tax: formatMoney(totals.tax),
    current_total_price: formatMoney(totals.total),
    current_total_price_set: moneySet(totals.total, currency),
    total_outstanding: formatMoney(totals.total),
    tax_lines:
      totals.tax === 0
        ? []
        : [
            {
              title: draft.tax.title,
              rate: draft.tax.rate,
              price: formatMoney(totals.tax),
              price_set: moneySet(totals.tax, currency),
            },
          ],
  };
}

function discountFields(
  draft: OrderDraft,
  discounts: Cents,
): Pick<RestOrder, "discount_codes" | "discount_applications"> {
  if (discounts === 0) return { discount_codes: [], discount_applications: [] };
  const code = draft.discountCode ?? "WELCOME";
  const amount = formatMoney(discounts);
  return {
    discount_codes: [{ code, amount, type: "fixed_amount" }],
    discount_applications: [{ type: "discount_code", code, value: amount, value_type: "fixed_amount" }],
  };
}

function buyerFields(
  draft: OrderDraft,
): Pick<RestOrder, "email" | "contact_email" | "phone" | "customer" | "billing_address" | "shipping_address"> {
  const { customer } = draft;
  const address = draft.address ?? customer?.default_address ?? null;
  return {
    email: customer?.email ?? "",
    contact_email: customer?.email ?? null,
    phone: customer?.phone ?? null,
    customer: customer ?? null,
    billing_address: address,
    shipping_address: draft.shipping === undefined ? null : address,
  };
}

/** A new, open, unpaid and unfulfilled order whose every total follows from its lines. */
export function buildOrder(draft: OrderDraft): RestOrder {
  const lines = draft.lines.map((line, index) => buildLine(draft, line, index));
  const shipping = buildShipping(draft);
  const totals = totalsOf(draft, lines, shipping);
  const at = draft.at.toISOString();
  return {
    id: draft.id,
    admin_graphql_api_id: `gid://shopify/Order/${draft.id}`,
    app_id: 580111,
    name: `#${draft.number}`,
    number: draft.number - 1000,
    order_number: draft.number,
    confirmed: true,
    test: draft.test ?? false,
    created_at: at,
    updated_at: at,
    processed_at: at,
    closed_at: null,
    cancelled_at: null,
    cancel_reason: null,
    currency: draft.currency,
    presentment_currency: draft.currency,
    note: draft.note ?? null,
    tags: (draft.tags ?? []).join(", "),
    source_name: "web",
    financial_status: "pending",
    fulfillment_status: null,
    payment_gateway_names: ["manual"],
    taxes_included: draft.tax.included,
    ...moneyFields(totals, draft),
    ...discountFields(draft, totals.discounts),
    ...buyerFields(draft),
    line_items: lines,
    shipping_lines: shipping,
    fulfillments: [],
    refunds: [],
  };
}
