import { bulkOrder, bulkSummary } from "./bulk";
import { parseMoney, taxOf } from "./money";
import { OrderBook } from "./order-book";
import type { RestOrder } from "./rest-types";
import { demoShop, longTitle } from "./seed";

const now = new Date("2026-11-23T12:00:00Z");
const dayMs = 24 * 60 * 60 * 1000;
const shop = demoShop(now);

function sum(amounts: readonly string[]): number {
  return amounts.reduce((total, amount) => total + parseMoney(amount), 0);
}

/** Every total of an order, computed again from its lines alone. */
function recomputed(order: RestOrder) {
  const gross = order.line_items.reduce((total, line) => total + parseMoney(line.price) * line.quantity, 0);
  const discounts = sum(order.line_items.flatMap((line) => line.discount_allocations.map(({ amount }) => amount)));
  const shipping = sum(order.shipping_lines.map(({ price }) => price));
  const tax = sum(
    [...order.line_items, ...order.shipping_lines].flatMap((part) => part.tax_lines.map(({ price }) => price)),
  );
  return {
    gross,
    discounts,
    subtotal: gross - discounts,
    shipping,
    tax,
    total: gross - discounts + shipping + (order.taxes_included ? 0 : tax),
  };
}

function stated(order: RestOrder) {
  return {
    gross: parseMoney(order.total_line_items_price),
    discounts: parseMoney(order.total_discounts),
    subtotal: parseMoney(order.subtotal_price),
    shipping: parseMoney(order.total_shipping_price_set.shop_money.amount),
    tax: parseMoney(order.total_tax),
    total: parseMoney(order.total_price),
  };
}

describe("the demo shop", () => {
  it.each(shop.orders.map((order) => [order.name, order] as const))("adds up in order %s", (_, order) => {
    expect(stated(order)).toEqual(recomputed(order));
    expect(order.currency).toBe("EUR");
  });

  it("takes the tax out of prices that hold it and puts it on prices that do not", () => {
    expect(taxOf(1990, 0.19, true)).toBe(318);
    expect(taxOf(1990, 0.19, false)).toBe(378);
    expect(shop.orders.map((order) => order.taxes_included)).toContain(false);
  });

  it("has an order of each kind", () => {
    const kind = (order: RestOrder): string =>
      [
        order.financial_status,
        order.fulfillment_status ?? "unfulfilled",
        order.cancelled_at === null ? (order.closed_at === null ? "open" : "archived") : "cancelled",
      ].join(" ");
    expect([...new Set(shop.orders.map(kind))].sort()).toEqual([
      "paid fulfilled archived",
      "paid fulfilled open",
      "paid partial open",
      "paid unfulfilled open",
      "pending unfulfilled open",
      "refunded unfulfilled cancelled",
      "voided unfulfilled cancelled",
    ]);
  });

  it("has the products and lines that trip the connector", () => {
    expect(shop.products.map(({ status, variants }) => `${status} ${variants.length}`)).toEqual([
      "active 1",
      "active 1",
      "active 3",
      "active 1",
      "archived 1",
      "draft 1",
    ]);
    expect(longTitle).toHaveLength(200);
    const lines = shop.orders.flatMap((order) => order.line_items);
    expect(lines.filter((line) => line.title === longTitle)).toHaveLength(1);
    expect(
      lines
        .filter((line) => line.product_id === null)
        .map((line) => [line.title, line.variant_id, line.product_exists]),
    ).toEqual([
      ["Butter dish", null, false],
      ["Butter dish", null, false],
    ]);
    expect(shop.products.map((product) => product.title)).not.toContain("Butter dish");
  });

  it("has customers without an address and without a name", () => {
    expect(shop.customers.map((customer) => [customer.first_name, "default_address" in customer])).toEqual([
      ["Anna", true],
      ["Jonas", true],
      ["Mira", false],
      [null, false],
    ]);
  });

  it("has six orders older than 60 days", () => {
    const old = shop.orders.filter((order) => Date.parse(order.created_at) < now.getTime() - 60 * dayMs);
    expect(old.map((order) => order.name)).toEqual(["#1001", "#1002", "#1003", "#1004", "#1005", "#1006"]);
  });

  it("is the same shop each time", () => {
    expect(demoShop(now)).toEqual(shop);
  });
});

describe("a bulk history", () => {
  const history = { count: 100_000, until: now.toISOString() };
  const catalog = { products: shop.products, customers: shop.customers, currency: "EUR", locationId: 1 };

  it.each([0, 3, 7, 11, 17, 50_003, 99_999])("summarises order %i as the order itself does", (index) => {
    const order = bulkOrder(history, catalog, index);
    const book = new OrderBook([order], undefined, () => catalog);
    expect(book.sorted("id")).toEqual([bulkSummary(history, index)]);
    expect(stated(order)).toEqual(recomputed(order));
    expect(bulkOrder(history, catalog, index)).toEqual(order);
  });

  it("joins the orders that were made one by one, and yields to them", () => {
    const book = new OrderBook(shop.orders, history, () => catalog);
    expect(book.sorted("createdAt")).toHaveLength(100_018);
    const changed = { ...bulkOrder(history, catalog, 3), financial_status: "paid" as const };
    book.put(changed);
    expect(book.get(changed.id)).toBe(changed);
    expect(book.sorted("id")).toHaveLength(100_018);
    expect(book.get(4_000_000_100_000)).toBeUndefined();
  });
});
