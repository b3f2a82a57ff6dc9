import type { FrappeFilter } from "../../clients/frappe-api";
import { text, type Text } from "../../core/messages";
import { CURRENT_APP } from "../../clients/shopify-operations";
import { CUSTOMER_COUNT, PRODUCT_COUNT } from "../../clients/shopify-monitor";
import { isGranted } from "../../core/shopify-access";
import type { Counted, Counts, Told } from "../model";
import type { BothSides } from "../sides/sides";
import { writeFact } from "../store/facts";
import { renewal } from "../store/lease";
import type { Work } from "./job";
import { why } from "./why";

const SET = "set";
/** The connector's own marks. A product's variants are Ecommerce Items too, with the product in `variant_of`. */
const IN_ERPNEXT: Readonly<Record<Counted, readonly [doctype: string, filters: readonly FrappeFilter[]]>> = {
  orders: ["Sales Order", [["shopify_order_id", "is", SET]]],
  products: [
    "Ecommerce Item",
    [
      ["integration", "=", "shopify"],
      ["variant_of", "is", "not set"],
    ],
  ],
  customers: ["Customer", [["shopify_customer_id", "is", SET]]],
};

/** A count, or why there is none. */
class Untold extends Error {
  override readonly name = "Untold";

  constructor(readonly why: Text) {
    super();
  }
}

/** Counts orders, products and customers on both sides. One that cannot be counted is unknown, never zero. */
export async function countBoth(work: Work): Promise<void> {
  const { database, lease, sides } = work;
  const scopes = await told(() => grantedScopes(sides));
  const counts: Counts = {
    orders: await countOf("orders", sides, scopes),
    products: await countOf("products", sides, scopes),
    customers: await countOf("customers", sides, scopes),
  };
  await database.batch([renewal(database, lease), writeFact(database, "counts", counts)]);
}

async function grantedScopes({ shop }: BothSides): Promise<readonly string[]> {
  const { currentAppInstallation } = await shop.query(CURRENT_APP, {});
  return currentAppInstallation.accessScopes.map(({ handle }) => handle);
}

async function countOf(what: Counted, sides: BothSides, scopes: Told<readonly string[]>): Promise<Counts[Counted]> {
  const [doctype, filters] = IN_ERPNEXT[what];
  return {
    shopify: scopes.known ? await told(() => shopifyCount(what, sides, scopes.value)) : scopes,
    erpnext: await told(() => sides.site.count(doctype, filters)),
  };
}

/** @throws Untold where a scope is missing, and what the client throws */
async function shopifyCount(what: Counted, sides: BothSides, scopes: readonly string[]): Promise<number> {
  const needed = what === "orders" ? ["read_orders", "read_all_orders"] : [`read_${what}`];
  const missing = needed.find((scope) => !isGranted(scope, scopes));
  if (missing !== undefined) throw new Untold(text("coverage.noScope", { scope: missing }));
  const count = await SHOPIFY_COUNTS[what](sides);
  if (count === undefined) throw new Untold(text("coverage.notExact"));
  return count;
}

const SHOPIFY_COUNTS: Readonly<Record<Counted, (sides: BothSides) => Promise<number | undefined>>> = {
  orders: ({ shopOrders }) => shopOrders.count({}),
  products: async ({ shop }) => exact((await shop.query(PRODUCT_COUNT, {})).productsCount),
  customers: async ({ shop }) => exact((await shop.query(CUSTOMER_COUNT, {})).customersCount),
};

function exact(count: { readonly count: number; readonly precision: string } | null): number | undefined {
  return count?.precision === "EXACT" ? count.count : undefined;
}

async function told<Value>(ask: () => Promise<Value>): Promise<Told<Value>> {
  try {
    const value = await ask();
    return { known: true, value, asOf: new Date().toISOString() };
  } catch (error) {
    return { known: false, why: error instanceof Untold ? error.why : why(error), asOf: new Date().toISOString() };
  }
}
