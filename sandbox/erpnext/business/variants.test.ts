import { lineOf, orderOf, variantProduct } from "../testing/orders";
import { startConfiguredSite, type TestSite } from "../testing/site";

let site: TestSite;
beforeEach(async () => {
  site = await startConfiguredSite();
});
afterEach(() => site.close());

async function ordered(number: number): Promise<unknown> {
  const line = lineOf(300, { variant_id: 300 + number, sku: `NEW-${number}` });
  return (await site.process("orders/create", orderOf(number, { line_items: [line] })))["message"];
}

test("a product whose options differ in case alone can never be made", async () => {
  site.shopify.products = [variantProduct(300, ["red", "Red"])];
  expect(await ordered(1)).toBe("Attribute value: Red must appear only once");
});

test("a variant that was deleted and made again has the attributes of the one before", async () => {
  site.shopify.products = [variantProduct(300, ["S"])];
  await ordered(1);
  const [again] = variantProduct(300, ["S"])["variants"] as object[];
  site.shopify.products = [{ ...variantProduct(300, ["S"]), variants: [{ ...again, id: 399, sku: "NEW-99" }] }];
  expect(await ordered(99)).toBe("Item variant 301 exists with same attributes");
});
