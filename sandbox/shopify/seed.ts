import { buildCustomer, buildProduct } from "./catalog-builder";
import { appsOf, demoShopDomain } from "./credentials";
import { archivedOrder, cancelledOrder, fulfilledOrder, paidOrder } from "./order-actions";
import { buildOrder, type LineDraft, type OrderDraft } from "./order-builder";
import type { RestCustomer, RestOrder, RestProduct } from "./rest-types";
import type { Location, ShopState } from "./state";

const dayMs = 24 * 60 * 60 * 1000;
const firstNumber = 1001;

/** ERPNext holds 140 characters; Shopify 255. */
export const longTitle =
  `Handmade stoneware serving platter with reactive glaze, ${"kiln-fired in small batches, ".repeat(5)}`
    .padEnd(200, "x")
    .slice(0, 200);

const locations: readonly Location[] = [
  { id: 71_000_000_001, name: "Warehouse Kiel", city: "Kiel", countryCode: "DE" },
];

interface Catalog {
  readonly mug: RestProduct;
  readonly bowl: RestProduct;
  readonly plate: RestProduct;
  readonly platter: RestProduct;
  readonly retired: RestProduct;
  readonly coming: RestProduct;
  /** Not in the shop any more; an order still names it. */
  readonly deleted: RestProduct;
}

function catalogOf(at: Date): Catalog {
  const id = 8_000_000_000_000;
  return {
    mug: buildProduct({ id: id + 1, at, title: "Stoneware mug", simple: { sku: "MUG-1", price: 1990 } }),
    bowl: buildProduct({ id: id + 2, at, title: "Salad bowl", simple: { sku: "BOWL-1", price: 3450 } }),
    plate: buildProduct({
      id: id + 3,
      at,
      title: "Dinner plate",
      option: {
        name: "Colour",
        variants: [
          { value: "Blue", sku: "PLATE-BLUE", price: 1495 },
          { value: "Green", sku: "PLATE-GREEN", price: 1495 },
          { value: "Sand", sku: "PLATE-SAND", price: 1695 },
        ],
      },
    }),
    platter: buildProduct({ id: id + 4, at, title: longTitle, simple: { sku: "PLATTER-1", price: 8900 } }),
    retired: buildProduct({
      id: id + 5,
      at,
      title: "Egg cup",
      status: "archived",
      simple: { sku: "EGG-1", price: 690 },
    }),
    coming: buildProduct({ id: id + 6, at, title: "Teapot", status: "draft", simple: { sku: "POT-1", price: 5900 } }),
    deleted: buildProduct({ id: id + 7, at, title: "Butter dish", simple: { sku: "BUTTER-1", price: 2490 } }),
  };
}

interface Customers {
  readonly anna: RestCustomer;
  readonly jonas: RestCustomer;
  readonly withoutAddress: RestCustomer;
  readonly withoutName: RestCustomer;
}

function customersOf(at: Date): Customers {
  const id = 7_000_000_000_000;
  return {
    anna: buildCustomer({
      id: id + 1,
      at,
      email: "anna.petersen@mail.example",
      firstName: "Anna",
      lastName: "Petersen",
      city: { name: "Kiel", zip: "24103", street: "Holstenstraße 12" },
    }),
    jonas: buildCustomer({
      id: id + 2,
      at,
      email: "jonas.weber@mail.example",
      firstName: "Jonas",
      lastName: "Weber",
      city: { name: "Leipzig", zip: "04109", street: "Katharinenstraße 3" },
    }),
    withoutAddress: buildCustomer({
      id: id + 3,
      at,
      email: "mira.koch@mail.example",
      firstName: "Mira",
      lastName: "Koch",
    }),
    withoutName: buildCustomer({ id: id + 4, at, email: "guest-4711@mail.example" }),
  };
}

/** The first variant of a product, or the one in a position. */
function line(
  product: RestProduct,
  quantity: number,
  more: Partial<LineDraft> & { position?: number } = {},
): LineDraft {
  const { position = 0, ...rest } = more;
  const variant = product.variants[position];
  if (variant === undefined) throw new Error(`product "${product.title}" has no variant in position ${position}`);
  return { product, variant, quantity, ...rest };
}

/** Numbers orders as they are added, oldest first. */
class OrderSeeder {
  readonly orders: RestOrder[] = [];
  readonly #now: Date;

  constructor(now: Date) {
    this.#now = now;
  }

  add(
    daysAgo: number,
    draft: Pick<OrderDraft, "lines"> & Partial<OrderDraft>,
    then: (order: RestOrder, at: Date) => RestOrder = (order) => order,
  ): void {
    const number = firstNumber + this.orders.length;
    const at = new Date(this.#now.getTime() - daysAgo * dayMs);
    const order = buildOrder({
      id: 5_800_000_000_000 + number,
      number,
      at,
      currency: "EUR",
      tax: { title: "VAT", rate: 0.19, included: true },
      shipping: 490,
      ...draft,
    });
    this.orders.push(then(order, new Date(at.getTime() + 2 * 60 * 60 * 1000)));
  }
}

const shipment = { locationId: locations[0]?.id ?? 0 };
const paid = paidOrder;
const shipped = (order: RestOrder, at: Date): RestOrder => fulfilledOrder(paidOrder(order, at), at, shipment);
const archived = (order: RestOrder, at: Date): RestOrder => archivedOrder(shipped(order, at), at);
const partlyShipped = (order: RestOrder, at: Date): RestOrder => {
  const quantities = new Map(order.line_items.slice(0, 1).map((item) => [item.id, 1]));
  return fulfilledOrder(paidOrder(order, at), at, { ...shipment, quantities });
};

/** Older than 60 days: invisible without read_all_orders, and mostly archived, so invisible without status=any as well. */
function seedHistory(seeder: OrderSeeder, catalog: Catalog, { anna, jonas }: Customers): void {
  seeder.add(400, { customer: anna, lines: [line(catalog.mug, 2)] }, archived);
  seeder.add(310, { customer: jonas, lines: [line(catalog.retired, 6)] }, archived);
  seeder.add(220, { customer: anna, lines: [line(catalog.plate, 4, { position: 1 })] }, archived);
  seeder.add(150, { customer: jonas, lines: [line(catalog.deleted, 1, { deleted: true })] }, archived);
  seeder.add(120, { customer: anna, lines: [line(catalog.bowl, 1)] }, cancelledOrder);
  seeder.add(75, { customer: jonas, lines: [line(catalog.bowl, 1), line(catalog.mug, 2)] }, archived);
}

/** One order of each kind that the connector treats in its own way. */
function seedRecent(seeder: OrderSeeder, catalog: Catalog, customers: Customers): void {
  const { anna, jonas, withoutAddress, withoutName } = customers;
  seeder.add(40, { customer: anna, lines: [line(catalog.mug, 1)] }, archived);
  seeder.add(30, { customer: jonas, lines: [line(catalog.deleted, 1, { deleted: true }), line(catalog.mug, 1)] }, paid);
  seeder.add(21, { customer: anna, lines: [line(catalog.platter, 1)] }, paid);
  seeder.add(14, { customer: jonas, lines: [line(catalog.bowl, 2)] }, cancelledOrder);
  seeder.add(12, { customer: anna, lines: [line(catalog.mug, 3)] }, (order, at) =>
    cancelledOrder(paidOrder(order, at), at),
  );
  seeder.add(10, { customer: jonas, lines: [line(catalog.plate, 2), line(catalog.mug, 1)] }, partlyShipped);
  seeder.add(8, { customer: anna, lines: [line(catalog.plate, 6, { position: 2 })] }, shipped);
  seeder.add(
    6,
    {
      customer: jonas,
      discountCode: "HERBST10",
      note: "Please wrap as a gift.",
      lines: [
        line(catalog.plate, 4, { discount: 598 }),
        line(catalog.bowl, 1, { discount: 345 }),
        line(catalog.mug, 2),
      ],
    },
    paid,
  );
  const taxOnTop = { title: "VAT", rate: 0.19, included: false };
  seeder.add(5, { customer: withoutAddress, tax: taxOnTop, lines: [line(catalog.mug, 2)] }, paid);
  seeder.add(4, { customer: withoutName, lines: [line(catalog.bowl, 1)] }, paid);
  seeder.add(3, { test: true, customer: anna, lines: [line(catalog.mug, 1)] }, paid);
  seeder.add(2, { customer: jonas, lines: [line(catalog.plate, 1, { position: 1 })] });
}

/** A shop with one order of each kind, seen from `now`: the same `now` always gives the same shop. */
export function demoShop(now: Date, domain: string = demoShopDomain): ShopState {
  const opened = new Date(now.getTime() - 420 * dayMs);
  const catalog = catalogOf(opened);
  const customers = customersOf(opened);
  const seeder = new OrderSeeder(now);
  seedHistory(seeder, catalog, customers);
  seedRecent(seeder, catalog, customers);
  return {
    ...emptyShop(now, domain),
    createdAt: opened.toISOString(),
    products: Object.values<RestProduct>({ ...catalog }).filter((product) => product !== catalog.deleted),
    customers: Object.values<RestCustomer>({ ...customers }),
    orders: seeder.orders,
    lastOrderNumber: firstNumber + seeder.orders.length - 1,
  };
}

/** The same shop on its first day: its apps, nothing sold. */
export function emptyShop(now: Date, domain: string = demoShopDomain): ShopState {
  return {
    id: 64_000_000_001,
    domain,
    name: "Nordlicht Keramik",
    email: "shop@nordlicht.example",
    currency: "EUR",
    timeZone: "Europe/Berlin",
    createdAt: now.toISOString(),
    apps: appsOf(domain),
    subscriptions: [],
    removedSubscriptions: [],
    products: [],
    customers: [],
    orders: [],
    locations,
    lastOrderNumber: firstNumber - 1,
    lastSubscriptionId: 1_900_000_000_000,
  };
}
