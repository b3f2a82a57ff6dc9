import { demoCredentials } from "../index";
import { startWorld, type World } from "../testing/world";
import { asShown } from "./request";

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(async () => {
  await world.stop();
});

async function orderNames(query: string): Promise<string[]> {
  const { body } = await world.rest("GET", `orders.json?limit=250${query}`);
  return body.orders.map(({ name }) => name);
}

describe("orders.json", () => {
  it("leaves out what is closed or cancelled unless asked for any status", async () => {
    expect(await orderNames("")).toHaveLength(9);
    expect(await orderNames("&status=any")).toHaveLength(18);
    expect(await orderNames("&status=cancelled")).toHaveLength(3);
    expect((await world.rest("GET", "orders/count.json")).body).toEqual({ count: 9 });
    expect((await world.rest("GET", "orders/count.json?status=any")).body).toEqual({ count: 18 });
  });

  it("filters by time, id and status", async () => {
    const window = "&status=any&created_at_min=2026-01-01&created_at_max=2026-08-01 00:00:00";
    expect(await orderNames(window)).toEqual(["#1005", "#1004", "#1003", "#1002"]);
    expect(await orderNames("&status=any&ids=5800000001001,5800000001018")).toEqual(["#1018", "#1001"]);
    expect(await orderNames("&status=any&financial_status=refunded")).toEqual(["#1011"]);
    expect(await orderNames("&fulfillment_status=partial")).toEqual(["#1012"]);
  });

  it("shows whole seconds and compares fractions, as GraphQL does", async () => {
    const { id } = world.shopify.shop().createOrder({ createdAt: new Date("2026-11-22T10:00:00.609Z") });
    const counts = async (from: string, to: string) => {
      const { body } = await world.rest(
        "GET",
        `orders/count.json?status=any&created_at_min=${from}&created_at_max=${to}`,
      );
      const query = `created_at:>='${from}' AND created_at:<='${to}'`;
      const asked = await world.graphql(`query ($query: String!) { ordersCount(query: $query) { count } }`, {
        variables: { query },
      });
      return [body, asked.body.data.ordersCount];
    };
    expect(await counts("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z")).toEqual([{ count: 0 }, { count: 0 }]);
    expect(await counts("2026-11-22T10:00:00Z", "2026-11-22T10:00:01Z")).toEqual([{ count: 1 }, { count: 1 }]);
    const { order } = (await world.rest("GET", `orders/${id}.json`)).body;
    const gid = `gid://shopify/Order/${id}`;
    const asked = await world.graphql(`query ($id: ID!) { order(id: $id) { createdAt } }`, { variables: { id: gid } });
    expect([order.created_at, asked.body.data.order]).toEqual([
      "2026-11-22T10:00:00Z",
      { createdAt: "2026-11-22T10:00:00Z" },
    ]);
  });

  it("sorts newest first, oldest first from since_id, and as told", async () => {
    expect((await orderNames("&status=any")).slice(0, 2)).toEqual(["#1018", "#1017"]);
    expect((await orderNames("&status=any&since_id=5800000001002")).slice(0, 2)).toEqual(["#1003", "#1004"]);
    expect((await orderNames("&status=any&order=created_at asc")).slice(0, 2)).toEqual(["#1001", "#1002"]);
  });

  it("gives 50 unless told, and no more than 250", async () => {
    world.shopify.shop().bulkSeed(300);
    const names = async (query: string) =>
      (await world.rest("GET", `orders.json?status=any${query}`)).body.orders.length;
    expect([await names(""), await names("&limit=250")]).toEqual([50, 250]);
    expect((await world.rest("GET", "orders.json?limit=251")).status).toBe(400);
  });

  it("pages by the Link header, past orders that come in meanwhile", async () => {
    const seen: string[] = [];
    let path: string | undefined = "orders.json?status=any&limit=7&fields=id,name";
    while (path !== undefined) {
      const answer = await world.rest("GET", path);
      seen.push(...answer.body.orders.map(({ name }) => name));
      expect(Object.keys(answer.body.orders[0]!)).toEqual(["id", "name"]);
      const next: string | undefined = /<[^>]*\/(orders\.json\?[^>]*)>; rel="next"/.exec(
        answer.headers.get("Link") ?? "",
      )?.[1];
      if (seen.length === 7) world.shopify.shop().createOrder();
      path = next;
    }
    expect(seen).toEqual(Array.from({ length: 18 }, (_, index) => `#${1018 - index}`));
  });

  it("leads back to the page before", async () => {
    const first = await world.rest("GET", "orders.json?status=any&limit=3");
    const link = (answer: typeof first, rel: string) =>
      new RegExp(`<[^>]*/(orders\\.json\\?[^>]*)>; rel="${rel}"`).exec(answer.headers.get("Link") ?? "")?.[1] ?? "";
    const second = await world.rest("GET", link(first, "next"));
    const back = await world.rest("GET", link(second, "previous"));
    expect(back.body).toEqual(first.body);
    expect(link(first, "previous")).toBe("");
  });

  it("refuses filters beside a page_info, and a page_info that it did not give", async () => {
    const filtered = await world.rest("GET", "orders.json?page_info=x&status=any");
    expect([filtered.status, filtered.body]).toEqual([
      400,
      {
        errors: {
          status:
            "status cannot be passed when page_info is present. See https://shopify.dev/api/usage/pagination-rest for more information.",
        },
      },
    ]);
    const wrong = await world.rest("GET", "orders.json?page_info=x");
    expect([wrong.status, wrong.body]).toEqual([400, { errors: { page_info: "Invalid value." } }]);
  });
});

describe("the catalogue", () => {
  it("lists, counts and shows products and variants; a deleted product is not found", async () => {
    const { products } = world.shopify.shop().state;
    const list = await world.rest("GET", "products.json?limit=2");
    expect(list.body.products).toEqual(asShown(products.slice(0, 2)));
    expect((await world.rest("GET", "products/count.json")).body).toEqual({ count: 6 });
    const [, , plate] = products;
    const one = await world.rest("GET", `products/${String(plate?.id)}.json`);
    expect(one.body.product.variants.map(({ sku }) => sku)).toEqual(["PLATE-BLUE", "PLATE-GREEN", "PLATE-SAND"]);
    const variants = await world.rest("GET", `products/${String(plate?.id)}/variants.json`);
    expect(variants.body.variants).toEqual(one.body.product.variants);
    const variant = await world.rest("GET", `variants/${String(plate?.variants[1]?.id)}.json`);
    expect(variant.body.variant.sku).toBe("PLATE-GREEN");
    const deleted = await world.rest("GET", "products/8000000000007.json");
    expect([deleted.status, deleted.body]).toEqual([404, { errors: "Not Found" }]);
  });

  it("shows 100 variants of a product and no more", async () => {
    const shop = world.shopify.shop();
    const [mug] = shop.state.products;
    const [variant] = mug?.variants ?? [];
    if (mug === undefined || variant === undefined) throw new Error("the demo shop has a mug");
    mug.variants = Array.from({ length: 120 }, (_, index) => ({ ...variant, id: variant.id + index }));
    const { body } = await world.rest("GET", `products/${mug.id}.json`);
    expect(body.product.variants).toHaveLength(100);
  });

  it("knows the shop, its locations and their stock", async () => {
    expect((await world.rest("GET", "shop.json")).body.shop).toMatchObject({
      myshopify_domain: "demo-store.myshopify.com",
      currency: "EUR",
      iana_timezone: "Europe/Berlin",
    });
    const { body } = await world.rest("GET", "locations.json");
    expect(body.locations.map(({ name }) => name)).toEqual(["Warehouse Kiel"]);
    const levels = await world.rest("GET", "inventory_levels.json?inventory_item_ids=8000000000001501");
    expect(levels.body.inventory_levels).toMatchObject([{ inventory_item_id: 8_000_000_000_001_501, available: 40 }]);
    expect((await world.rest("GET", "inventory_levels.json")).status).toBe(422);
  });

  it("loses a product and keeps its title in the orders", async () => {
    const shop = world.shopify.shop();
    const order = shop.createOrder();
    const [line] = order.line_items;
    shop.deleteProduct(Number(line?.product_id));
    const { body } = await world.rest("GET", `orders/${order.id}.json`);
    expect(body.order.line_items[0]).toMatchObject({
      product_id: null,
      variant_id: null,
      product_exists: false,
      title: "Stoneware mug",
    });
  });
});

describe("the call limit", () => {
  it("lets 40 calls through, refuses the next, and lets two more through each second", async () => {
    const statuses: number[] = [];
    for (let call = 0; call < 41; call += 1) statuses.push((await world.rest("GET", "shop.json")).status);
    expect(statuses.slice(0, 40).every((status) => status === 200)).toBe(true);
    const refused = await world.rest("GET", "shop.json");
    expect([statuses[40], refused.status, refused.headers.get("Retry-After")]).toEqual([429, 429, "2.0"]);
    expect(refused.body.errors).toBe(
      "Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service.",
    );
    world.clock.advance(1000);
    const after = [
      await world.rest("GET", "shop.json"),
      await world.rest("GET", "shop.json"),
      await world.rest("GET", "shop.json"),
    ];
    expect(after.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(after[0]?.headers.get("X-Shopify-Shop-Api-Call-Limit")).toBe("39/40");
  });
});

describe("an unknown path", () => {
  it("is not found", async () => {
    expect((await world.rest("GET", "giraffes.json")).status).toBe(404);
    expect((await world.rest("GET", "orders.json", { token: demoCredentials.custom.secret })).status).toBe(401);
  });
});
