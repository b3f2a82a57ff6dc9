import { sharedSkus } from "./shopify-skus";

const PAGES = [
  [
    { sku: "CUP", product: { title: "Red cup" } },
    { sku: null, product: { title: "Sample" } },
    { sku: "", product: { title: "Gift" } },
  ],
  [
    { sku: "CUP ", product: { title: "Blue bowl" } },
    { sku: "BOWL", product: { title: "Blue bowl" } },
  ],
];

const shop = {
  query: (_operation: unknown, { after }: { readonly after?: string | null }) => {
    const index = Number(after ?? 0);
    const pageInfo = { hasNextPage: index + 1 < PAGES.length, endCursor: String(index + 1) };
    return Promise.resolve({ productVariants: { nodes: PAGES[index] ?? [], pageInfo } });
  },
} as unknown as Parameters<typeof sharedSkus>[0];

test("names SKUs that several variants have, over all pages, and none that is empty", async () => {
  expect(await sharedSkus(shop)).toEqual({
    shared: [{ sku: "CUP", products: ["Red cup", "Blue bowl"] }],
    variants: 5,
    isWhole: true,
  });
});

test("says that it has not seen all", async () => {
  expect(await sharedSkus(shop, 1)).toEqual({ shared: [], variants: 3, isWhole: false });
});
