import type { SaleableProducts } from "../../../clients/shopify-test-orders";
import { newestArchived } from "./archived";
import { chooseDrive, type DriveName } from "./choose-drive";
import { chooseSaleable } from "./saleable";

const READ = ["read_orders", "read_products"];
const WRITE = [...READ, "write_orders", "write_merchant_managed_fulfillment_orders"];

it.each<[DriveName | undefined, readonly string[], DriveName]>([
  [undefined, READ, "deliveries"],
  [undefined, WRITE, "api"],
  ["api", WRITE, "api"],
  ["deliveries", WRITE, "deliveries"],
  ["hand", READ, "hand"],
])("asked for %s with %j, it drives by %s", (asked, scopes, name) => {
  expect(chooseDrive(asked, { scopes, customer: "acme" }).name).toBe(name);
});

it("refuses the Admin API to an app that may only read, and names what it lacks", () => {
  expect(() => chooseDrive("api", { scopes: READ, customer: "acme" })).toThrow(
    "lacks the scopes write_orders, read_merchant_managed_fulfillment_orders, write_merchant_managed_fulfillment_orders",
  );
});

function products(...prices: readonly string[]): SaleableProducts {
  const variant = (price: string) => ({
    id: `gid/${price}`,
    legacyResourceId: "2",
    title: "Default Title",
    sku: "",
    price,
  });
  return {
    products: {
      nodes: prices.map((price) => ({
        legacyResourceId: "1",
        title: "Mug",
        vendor: "A",
        variants: { nodes: [variant(price)] },
      })),
    },
    shop: { currencyCode: "EUR", taxesIncluded: true, plan: { publicDisplayName: "Basic", partnerDevelopment: false } },
  };
}

it("orders the first variant that costs something", () => {
  expect(chooseSaleable(products("0.00", "3.50", "9.00"), "acme")).toEqual({
    productId: 1,
    variantId: 2,
    variantGid: "gid/3.50",
    title: "Mug",
    variantTitle: null,
    sku: null,
    vendor: "A",
    price: 3.5,
  });
  expect(() => chooseSaleable(products("0.00"), "acme")).toThrow("no active product with a price");
});

it("pulls an archived order that can become a Sales Order", () => {
  const order = {
    id: "gid://shopify/Order/1",
    legacyResourceId: "1",
    name: "#1001",
    createdAt: "2026-01-02T03:04:05Z",
    closedAt: "2026-01-03T00:00:00Z",
    cancelledAt: null,
    displayFinancialStatus: "PAID",
    displayFulfillmentStatus: "FULFILLED",
    lineItems: { nodes: [{ quantity: 1, product: { id: "gid://shopify/Product/1" } }] },
  };
  const found = { id: "1", name: "#1001", createdAt: new Date(order.createdAt) };
  expect(newestArchived([order])).toEqual(found);
  expect(newestArchived([{ ...order, closedAt: null }])).toBeUndefined();
  expect(newestArchived([{ ...order, cancelledAt: order.closedAt }])).toBeUndefined();
  expect(newestArchived([{ ...order, lineItems: { nodes: [{ quantity: 1, product: null }] } }])).toBeUndefined();
});
