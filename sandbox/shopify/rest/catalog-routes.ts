import type { RestProduct } from "../rest-types";
import { answerList } from "./paging";
import { notFound, ok, pick, type RestRequest, type RestRoute } from "./request";

/** REST shows no more variants of a product than this; the rest is cut without a word (shopify.md, 4). */
const variantLimit = 100;

function shown(product: RestProduct): RestProduct {
  return { ...product, variants: product.variants.slice(0, variantLimit) };
}

function findProducts(request: RestRequest, filters: URLSearchParams): readonly RestProduct[] {
  const [ids, since, status] = [filters.get("ids"), filters.get("since_id"), filters.get("status")];
  return request.shop.state.products
    .filter((product) => ids === null || ids.split(",").includes(String(product.id)))
    .filter((product) => since === null || product.id > Number(since))
    .filter((product) => status === null || status.split(",").includes(product.status))
    .toSorted((a, b) => a.id - b.id);
}

const productRoutes: readonly RestRoute[] = [
  {
    method: "GET",
    path: "products.json",
    scope: "read_products",
    answer: (request) =>
      answerList(
        request,
        (filters) => findProducts(request, filters),
        (page) => ({ products: page.map((product) => pick(shown(product), request.params.get("fields"))) }),
      ),
  },
  {
    method: "GET",
    path: "products/count.json",
    scope: "read_products",
    answer: (request) => ok({ count: findProducts(request, request.params).length }),
  },
  {
    method: "GET",
    path: "products/:id.json",
    scope: "read_products",
    answer: ({ shop, id, params }) => {
      const product = shop.product(id);
      return product === undefined ? notFound : ok({ product: pick(shown(product), params.get("fields")) });
    },
  },
  {
    method: "GET",
    path: "products/:id/variants.json",
    scope: "read_products",
    answer: (request) => {
      const product = request.shop.product(request.id);
      if (product === undefined) return notFound;
      return answerList(
        request,
        () => shown(product).variants,
        (variants) => ({ variants }),
      );
    },
  },
  {
    method: "GET",
    path: "variants/:id.json",
    scope: "read_products",
    answer: ({ shop, id }) => {
      const variant = shop.state.products.flatMap(({ variants }) => variants).find((candidate) => candidate.id === id);
      return variant === undefined ? notFound : ok({ variant });
    },
  },
];

function inventoryLevels({ shop, params }: RestRequest): unknown[] {
  const items = params.get("inventory_item_ids")?.split(",");
  const locations = params.get("location_ids")?.split(",");
  return shop.state.locations
    .filter(({ id }) => locations?.includes(String(id)) ?? true)
    .flatMap((location) =>
      shop.state.products
        .flatMap(({ variants }) => variants)
        .filter((variant) => items?.includes(String(variant.inventory_item_id)) ?? true)
        .map((variant) => ({
          inventory_item_id: variant.inventory_item_id,
          location_id: location.id,
          available: variant.inventory_quantity,
          updated_at: variant.updated_at,
        })),
    );
}

const stockRoutes: readonly RestRoute[] = [
  {
    method: "GET",
    path: "locations.json",
    scope: "read_locations",
    answer: ({ shop }) =>
      ok({
        locations: shop.state.locations.map(({ id, name, city, countryCode }) => ({
          id,
          name,
          city,
          country_code: countryCode,
          active: true,
          legacy: false,
        })),
      }),
  },
  {
    method: "GET",
    path: "inventory_levels.json",
    scope: "read_inventory",
    answer: (request) => {
      if (!request.params.has("inventory_item_ids") && !request.params.has("location_ids")) {
        const message = "Required parameter missing or invalid";
        return { status: 422, body: { errors: { inventory_item_ids: message, location_ids: message } } };
      }
      return ok({ inventory_levels: inventoryLevels(request) });
    },
  },
];

const shopRoute: RestRoute = {
  method: "GET",
  path: "shop.json",
  answer: ({ shop: { state } }) =>
    ok({
      shop: {
        id: state.id,
        name: state.name,
        email: state.email,
        domain: state.domain,
        myshopify_domain: state.domain,
        currency: state.currency,
        iana_timezone: state.timeZone,
        country_code: state.locations[0]?.countryCode ?? null,
        taxes_included: true,
        plan_name: "basic",
        created_at: state.createdAt,
      },
    }),
};

export const catalogRoutes: readonly RestRoute[] = [...productRoutes, ...stockRoutes, shopRoute];
