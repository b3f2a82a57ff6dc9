import { isObjectType } from "graphql";

import { adminSchema } from "../sandbox/shopify/graphql/admin-schema";
import { ORDER_FIELDS } from "./shopify-order-fields";

/** What Shopify's own schema says of the fields that are compared; a meaning from memory was wrong before. */
const order = adminSchema("2026-10").getType("Order");
if (!isObjectType(order)) throw new Error("the Admin schema has no Order");
const fields = order.getFields();

test.each([
  ["originalTotalPriceSet", /at the time of order creation/],
  ["totalPriceSet", /before returns[^]*includes taxes and discounts/],
  ["currentTotalPriceSet", /after returns[^]*includes taxes and discounts/],
  ["totalTaxSet", /total tax amount before returns/],
  ["totalDiscountsSet", /before returns[^]*both order and line level discounts/],
  ["currentShippingPriceSet", /after applying refunds and discounts[^]*taxesIncluded[^]*includes\s+taxes/],
  ["totalRefundedShippingSet", /amount of shipping that was refunded/],
  ["totalReceivedSet", /received from the customer before returns/],
  ["totalRefundedSet", /total amount that was refunded/],
  ["totalOutstandingSet", /not yet transacted[^]*payment from\s+customer to merchant[^]*negative value[^]*refund/],
  ["totalTipReceivedSet", /sum of all tip amounts/],
  ["edited", /any edits applied/],
  ["shippingLine", /summary of all shipping costs/i],
  ["test", /can't be converted into a real order/],
])("%s means what it is compared as", (name, meaning) => {
  expect(fields[name]?.description).toMatch(meaning);
  expect(fields[name]?.deprecationReason ?? null).toBeNull();
  expect(ORDER_FIELDS).toContain(name);
});

test("a status of payment may be missing, and amounts of what an order does not have", () => {
  expect(String(fields["displayFinancialStatus"]?.type)).toBe("OrderDisplayFinancialStatus");
  expect(String(fields["currentTotalDutiesSet"]?.type)).toBe("MoneyBag");
  expect(String(fields["totalReceivedSet"]?.type)).toBe("MoneyBag!");
});

test("what is named for shipping is not compared: the schema calls it money that went back", () => {
  expect(fields["totalShippingPriceSet"]?.description).toMatch(/shipping costs returned to the customer/);
  expect(ORDER_FIELDS).not.toContain("totalShippingPriceSet");
});
