import { FrappeOrders } from "../../../clients/frappe-orders";
import { decimalOf, type Decimal } from "../../../reconciliation/amount";
import type { ErpnextOrder, LogEntry } from "../../../reconciliation/order";
import { balance, ledger, Roles } from "./accounts";
import { PRODUCTS } from "./catalogue";
import type { Found } from "./judge";
import type { Kind } from "./kinds";
import type { Books } from "./site";

/** A kind of order, and the Shopify id of the order that was placed for it. */
export interface Told {
  readonly kind: Kind;
  readonly id: number;
}

/** Items of our app that stand for lines without a product. */
const APPS_ITEMS: Readonly<Record<string, string>> = {
  "SHOPIFY-LINE": "line",
  "SHOPIFY-TIP": "tip",
  "SHOPIFY-GIFT-CARD": "gift card",
};

/** What ERPNext has of each order, in their sequence. */
export async function readBooks(
  books: Books,
  stories: readonly Told[],
  logs: ReadonlyMap<string, readonly LogEntry[]>,
): Promise<readonly Found[]> {
  const ids = stories.map(({ id }) => String(id));
  const orders = await new FrappeOrders(books.site, { timeZone: books.timeZone }).withIds(ids);
  const byId = new Map(orders.map((order) => [order.id, order]));
  const accounts = await balances(books, stories, byId);
  return await Promise.all(
    stories.map(async ({ kind, id }, index) => {
      const order = byId.get(String(id));
      const inside = await orderInside(books, { kind, id }, order);
      return { order, log: logs.get(String(id)) ?? [], accounts: accounts?.[index], ...inside };
    }),
  );
}

/** Item and customer of the living Sales Order, where the kind asks for them. */
async function orderInside(
  { site }: Books,
  { kind, id }: Told,
  order: ErpnextOrder | undefined,
): Promise<Pick<Found, "items" | "customer">> {
  const nothing = { items: {}, customer: undefined };
  const living = order?.salesOrders.find(({ docstatus }) => docstatus !== 2);
  if (living === undefined || (kind.booked.items === undefined && kind.booked.customer === undefined)) return nothing;
  const document: Readonly<Record<string, unknown>> = (await site.get("Sales Order", living.name)) ?? {};
  const filters = [["integration_item_code", "=", String(id * 10)]] as const;
  const own = await site.list("Ecommerce Item", { fields: ["erpnext_item_code"], filters, limit: 0 });
  const codes = new Set(own.map((row) => row["erpnext_item_code"]));
  const items: Record<string, number> = {};
  for (const row of rowsOf(document, "items")) {
    const name = codes.has(row["item_code"]) ? "own" : nameOf(String(row["item_code"]));
    items[name] = (items[name] ?? 0) + Number(row["qty"]);
  }
  return { items, customer: String(document["customer_name"]) };
}

function nameOf(code: string): string {
  const shared = Object.entries(PRODUCTS).find(([, { product }]) => String(product) === code);
  return shared?.[0] ?? APPS_ITEMS[code] ?? code;
}

function rowsOf(document: Readonly<Record<string, unknown>>, table: string): readonly Record<string, unknown>[] {
  const rows = document[table];
  return Array.isArray(rows) ? (rows as readonly Record<string, unknown>[]) : [];
}

/** Of each kind the balances that it asks for, by role. */
async function balances(
  { site }: Books,
  stories: readonly Told[],
  orders: ReadonlyMap<string, ErpnextOrder>,
): Promise<readonly Readonly<Record<string, Decimal>>[] | undefined> {
  const roles = await Roles.of(site);
  if (roles === undefined || stories.every(({ kind }) => kind.booked.accounts === undefined)) return undefined;
  const asking = stories.filter(({ kind }) => kind.booked.accounts !== undefined).map(({ id }) => String(id));
  const filters = [
    ["shopify_order_id", "in", asking],
    ["docstatus", "=", 1],
  ] as const;
  const entries = await site.list("Payment Entry", { fields: ["name", "shopify_order_id"], filters, limit: 0 });
  const vouchers = new Map(
    asking.map((id) => [
      id,
      [
        ...(orders.get(id)?.invoices ?? []).map(({ name }) => name),
        ...entries.filter((entry) => entry["shopify_order_id"] === id).map(({ name }) => String(name)),
      ],
    ]),
  );
  const rows = await ledger(site, [...vouchers.values()].flat());
  return stories.map(({ kind, id }) => {
    const mine = rows.filter(({ voucher_no }) => vouchers.get(String(id))?.includes(String(voucher_no)) === true);
    const asked = Object.keys(kind.booked.accounts ?? {});
    return Object.fromEntries(asked.map((role) => [role, decimalOf(balance(mine, role, roles.account(role)))]));
  });
}
