import {
  cancelledOrder,
  fulfilledOrder,
  isTestId,
  paidOrder,
  placedOrder,
  TEST_ID_PATTERN,
  testIds,
  type ShopFacts,
} from "./order-payload";

const product = {
  productId: 8_000_000_000_001,
  variantId: 8_000_000_000_002,
  variantGid: "gid://shopify/ProductVariant/8000000000002",
  title: "Mug",
  variantTitle: "Blue",
  sku: "MUG",
  vendor: "Acme",
  price: 11,
};
const facts: ShopFacts = { currency: "EUR", taxesIncluded: true, taxTitle: "VAT", timeZone: "Europe/Berlin" };
const at = new Date("2026-11-26T20:00:00Z");
const { timeZone } = facts;

function order(quantity: number, changes: Partial<ShopFacts> = {}) {
  return placedOrder({ ...facts, ...changes, product }, { nextId: testIds(at), quantity, at });
}

it.each(["2026-11-26", "2090-01-01"])(
  "gives ids in %s that Shopify does not and that are whole numbers here",
  (day) => {
    const nextId = testIds(new Date(day));
    const [first, second] = [nextId(), nextId()];
    expect(second - first).toBe(1);
    expect(Number.isSafeInteger(second)).toBe(true);
    expect(isTestId(String(second))).toBe(true);
    expect(String(second)).toHaveLength(TEST_ID_PATTERN.length);
  },
);

it.each(["5800000001001", "820982911946154508", "9100000000000000"])("takes %s for no id of its own", (id) => {
  expect(isTestId(id)).toBe(false);
});

it.each([
  [true, "1.00", "27.00"],
  [false, "1.10", "29.70"],
])("with taxes included: %s, a piece's tax is %s and the order %s", (taxesIncluded, tax, total) => {
  const placed = order(2, { taxesIncluded });
  const [line] = placed.line_items;
  expect(placed).toMatchObject({ test: true, financial_status: "pending", customer: null, total_price: total });
  expect(line).toMatchObject({ product_exists: true, name: "Mug - Blue", quantity: 2, price: "11.00" });
  const each = Number((line as unknown as { tax_lines: { price: string }[] }).tax_lines[0]!.price) / 2;
  expect(each.toFixed(2)).toBe(tax);
});

it("ships in parts, each with an id of its own, and is fulfilled once nothing is left", () => {
  const part = fulfilledOrder(order(2), { id: 71, quantity: 1, at, timeZone });
  expect(part).toMatchObject({
    fulfillment_status: "partial",
    fulfillments: [{ id: 71, line_items: [{ quantity: 1 }] }],
  });
  const whole = fulfilledOrder(part, { id: 72, quantity: 1, at, timeZone });
  expect(whole).toMatchObject({ fulfillment_status: "fulfilled", line_items: [{ fulfillable_quantity: 0 }] });
  expect(whole.fulfillments).toHaveLength(2);
});

it("is dated by the company's own day, on which its stock was received", () => {
  const late = new Date("2026-11-26T23:30:00Z");
  const placed = placedOrder({ ...facts, product }, { nextId: testIds(late), quantity: 1, at: late });
  const { fulfillments } = fulfilledOrder(placed, { id: 71, quantity: 1, at: late, timeZone });
  expect([placed["created_at"], fulfillments]).toEqual([
    "2026-11-27T00:30:00+01:00",
    [expect.objectContaining({ created_at: "2026-11-27T00:30:00+01:00" })],
  ]);
});

it("is paid in full, or cancelled with nothing left to ship", () => {
  expect(paidOrder(order(1), at)).toMatchObject({ financial_status: "paid", total_outstanding: "0.00" });
  expect(cancelledOrder(order(1), at)).toMatchObject({
    financial_status: "voided",
    cancelled_at: at.toISOString(),
    line_items: [{ fulfillable_quantity: 0 }],
  });
});
