import { zonedTimeOf } from "../../../clients/site-time";

/** What can be ordered: a variant of a product that the store really has, since the connector asks Shopify for it. */
export interface Saleable {
  readonly productId: number;
  readonly variantId: number;
  /** `gid://shopify/ProductVariant/<number>`. */
  readonly variantGid: string;
  readonly title: string;
  /** Null where the product has the one default variant. */
  readonly variantTitle: string | null;
  readonly sku: string | null;
  readonly vendor: string;
  /** Decimal, in the shop's currency. */
  readonly price: number;
}

/** What orders of a shop have in common. */
export interface ShopFacts {
  /** ISO 4217. */
  readonly currency: string;
  readonly taxesIncluded: boolean;
  /** A tax title that the customer's file maps to an account. */
  readonly taxTitle: string;
  /** Of the company: ERPNext books on the day that an order's times name, and looks at the stock of that day. */
  readonly timeZone: string;
}

interface Money {
  readonly shop_money: { readonly amount: string; readonly currency_code: string };
  readonly presentment_money: { readonly amount: string; readonly currency_code: string };
}

interface OrderLine {
  readonly id: number;
  readonly quantity: number;
  readonly fulfillable_quantity: number;
  readonly fulfillment_status: "fulfilled" | "partial" | null;
  readonly [field: string]: unknown;
}

/** An order in the form of Shopify's REST API and of its deliveries, as far as this project changes it afterwards. */
export interface OrderPayload {
  readonly id: number;
  readonly name: string;
  readonly financial_status: "pending" | "paid" | "voided";
  readonly fulfillment_status: "fulfilled" | "partial" | null;
  readonly line_items: readonly [OrderLine];
  readonly fulfillments: readonly unknown[];
  readonly [field: string]: unknown;
}

/** Rate of the test orders' tax. Which one does not matter: amounts come with the order, the account by the title. */
const TAX_RATE = 0.1;

const SHIPPING_PRICE = 5;

/**
 * Where the ids of made-up orders begin. Shopify's own have 13 digits and grow by about a million million a year, so these,
 * with 16, meet none of them for centuries, and they are still whole numbers to JavaScript (below 2^53).
 */
export const TEST_ID_BASE = 9_000_000_000_000_000;

/** Finds every made-up order in ERPNext, whichever run made it: SQL's LIKE, one "_" a digit. */
export const TEST_ID_PATTERN = `900${"_".repeat(13)}`;

/** Whether an order id is of a made-up order. */
export function isTestId(id: string): boolean {
  return /^900\d{13}$/.test(id);
}

/** Gives ids that no other run gives: they go on from the millisecond in which it was made. */
export function testIds(now: Date): () => number {
  let next = TEST_ID_BASE + now.getTime();
  return () => (next += 1);
}

/** A new unpaid order of one product with tax and shipping, without a customer: the connector takes the default one. */
export function placedOrder(
  facts: ShopFacts & { readonly product: Saleable },
  order: { readonly nextId: () => number; readonly quantity: number; readonly at: Date },
): OrderPayload {
  const { currency } = facts;
  const id = order.nextId();
  const at = zonedTimeOf(order.at.getTime(), facts.timeZone);
  const goods = facts.product.price * order.quantity;
  const total = goods + SHIPPING_PRICE + (facts.taxesIncluded ? 0 : taxOn(goods + SHIPPING_PRICE, false));
  return {
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#TEST-${id - TEST_ID_BASE}`,
    order_number: id - TEST_ID_BASE,
    test: true,
    confirmed: true,
    created_at: at,
    updated_at: at,
    processed_at: at,
    closed_at: null,
    cancelled_at: null,
    cancel_reason: null,
    currency,
    presentment_currency: currency,
    note: "made by stack validate",
    tags: "stack-validate",
    source_name: "web",
    email: "",
    customer: null,
    billing_address: null,
    shipping_address: null,
    financial_status: "pending",
    fulfillment_status: null,
    taxes_included: facts.taxesIncluded,
    ...money("total_line_items_price", goods, currency),
    ...money("subtotal_price", goods, currency),
    ...money("total_discounts", 0, currency),
    ...money("total_tax", taxOn(goods + SHIPPING_PRICE, facts.taxesIncluded), currency),
    ...money("total_price", total, currency),
    total_outstanding: amount(total),
    discount_codes: [],
    discount_applications: [],
    line_items: [lineOf(facts, { id: order.nextId(), quantity: order.quantity })],
    shipping_lines: [shippingOf(facts, order.nextId())],
    fulfillments: [],
    refunds: [],
  };
}

export function paidOrder(order: OrderPayload, at: Date): OrderPayload {
  return { ...order, financial_status: "paid", total_outstanding: amount(0), updated_at: at.toISOString() };
}

/** The order with one more fulfilment of so many pieces. */
export function fulfilledOrder(
  order: OrderPayload,
  shipment: { readonly id: number; readonly quantity: number; readonly at: Date; readonly timeZone: string },
): OrderPayload {
  const [line] = order.line_items;
  const left = line.fulfillable_quantity - shipment.quantity;
  const status = left === 0 ? ("fulfilled" as const) : ("partial" as const);
  const shipped = { ...line, fulfillable_quantity: left, fulfillment_status: status };
  const at = zonedTimeOf(shipment.at.getTime(), shipment.timeZone);
  const fulfillment = {
    id: shipment.id,
    order_id: order.id,
    name: `${order.name}-F${order.fulfillments.length + 1}`,
    status: "success",
    created_at: at,
    updated_at: at,
    location_id: null,
    service: "manual",
    tracking_company: null,
    tracking_number: null,
    line_items: [{ ...shipped, quantity: shipment.quantity }],
  };
  return {
    ...order,
    fulfillment_status: status,
    line_items: [shipped],
    fulfillments: [...order.fulfillments, fulfillment],
    updated_at: at,
  };
}

export function cancelledOrder(order: OrderPayload, at: Date): OrderPayload {
  const now = at.toISOString();
  const [line] = order.line_items;
  return {
    ...order,
    financial_status: "voided",
    cancelled_at: now,
    closed_at: now,
    cancel_reason: "other",
    updated_at: now,
    line_items: [{ ...line, current_quantity: 0, fulfillable_quantity: 0 }],
    total_outstanding: amount(0),
  };
}

function lineOf(
  facts: ShopFacts & { readonly product: Saleable },
  line: { readonly id: number; readonly quantity: number },
): OrderLine {
  const { product, currency, taxesIncluded } = facts;
  const { title, variantTitle } = product;
  return {
    id: line.id,
    product_id: product.productId,
    variant_id: product.variantId,
    product_exists: true,
    title,
    variant_title: variantTitle,
    name: variantTitle === null ? title : `${title} - ${variantTitle}`,
    sku: product.sku,
    vendor: product.vendor,
    quantity: line.quantity,
    current_quantity: line.quantity,
    fulfillable_quantity: line.quantity,
    fulfillment_status: null,
    fulfillment_service: "manual",
    ...money("price", product.price, currency),
    ...money("total_discount", 0, currency),
    discount_allocations: [],
    tax_lines: [taxLine(facts, taxOn(product.price * line.quantity, taxesIncluded))],
    taxable: true,
    requires_shipping: true,
    gift_card: false,
    properties: [],
  };
}

function shippingOf(facts: ShopFacts, id: number) {
  return {
    id,
    title: "Standard",
    code: "Standard",
    source: "shopify",
    ...money("price", SHIPPING_PRICE, facts.currency),
    ...money("discounted_price", SHIPPING_PRICE, facts.currency),
    discount_allocations: [],
    tax_lines: [taxLine(facts, taxOn(SHIPPING_PRICE, facts.taxesIncluded))],
  };
}

function taxLine({ taxTitle, currency }: ShopFacts, tax: number) {
  return { title: taxTitle, rate: TAX_RATE, ...money("price", tax, currency) };
}

function taxOn(price: number, included: boolean): number {
  return included ? price - price / (1 + TAX_RATE) : price * TAX_RATE;
}

/** A field of money, and beside it the same with its currency. */
function money(field: string, value: number, currency: string): Readonly<Record<string, string | Money>> {
  const set = { amount: amount(value), currency_code: currency };
  return { [field]: set.amount, [`${field}_set`]: { shop_money: set, presentment_money: set } };
}

function amount(value: number): string {
  return value.toFixed(2);
}
