import { settling } from "../../clients/frappe-payments";
import { isoOfSiteTime } from "../../clients/site-time";
import { NEWEST_ORDERS } from "../../clients/shopify-monitor";
import { log } from "../log";
import { appendFeed, type Appeared } from "../store/feed";
import { renewal } from "../store/lease";
import type { Work } from "./job";
import { forLog } from "./why";

/** How many of each kind are checked: a shop that sells more in ten seconds shows the newest of them. */
const NEWEST = 30;

/** The connector's documents, with the field of the amount. A Delivery Note's is no sale of its own. */
const DOCUMENTS = [
  { kind: "Sales Order", amount: "grand_total" },
  { kind: "Sales Invoice", amount: "grand_total" },
  { kind: "Delivery Note", amount: undefined },
] as const;

/** Adds what is new on both sides. A side that does not answer does not hide the other's. */
export async function refreshFeed({ sides, settings, database, lease }: Work): Promise<void> {
  const { timeZone } = settings.company;
  const looks = [newOrders(sides.shop), newDocuments(sides.site, timeZone)];
  const seen = (await Promise.allSettled(looks)).flatMap((look) => {
    if (look.status === "fulfilled") return look.value;
    log("warn", "feed-side-silent", { why: forLog(look.reason) });
    return [];
  });
  await database.batch([renewal(database, lease), ...appendFeed(database, seen)]);
}

async function newOrders(shop: Work["sides"]["shop"]): Promise<readonly Appeared[]> {
  const { orders } = await shop.query(NEWEST_ORDERS, { first: NEWEST });
  return orders.nodes.map(({ legacyResourceId, name, createdAt, totalPriceSet }) => ({
    side: "shopify",
    kind: "Order",
    name: legacyResourceId,
    at: new Date(createdAt).toISOString(),
    title: name,
    amount: totalPriceSet.shopMoney.amount,
  }));
}

type Row = Readonly<Record<string, unknown>>;

async function newDocuments(site: Work["sides"]["site"], timeZone: string): Promise<readonly Appeared[]> {
  const appeared: Appeared[] = [];
  const invoices = new Set<string>();
  for (const { kind, amount } of DOCUMENTS) {
    const fields = ["name", "creation", ...(amount === undefined ? [] : [amount])];
    const filters = [["shopify_order_id", "is", "set"]] as const;
    const rows = await site.list(kind, { fields, filters, orderBy: "creation desc", limit: NEWEST });
    if (kind === "Sales Invoice") rows.forEach((row) => invoices.add(text(row["name"])));
    appeared.push(...rows.map((row) => entry(row, { kind, amount, timeZone })));
  }
  return [...appeared, ...(await newPayments(site, { invoices, timeZone }))];
}

/** Without our app a payment carries no order's id, but each refers to its invoice. */
async function newPayments(
  site: Work["sides"]["site"],
  { invoices, timeZone }: { readonly invoices: ReadonlySet<string>; readonly timeZone: string },
): Promise<readonly Appeared[]> {
  if (invoices.size === 0) return [];
  const rows = await site.list("Payment Entry", {
    fields: ["name", "creation", "paid_amount"],
    filters: [settling([...invoices])],
    orderBy: "creation desc",
    limit: NEWEST,
  });
  const once = new Map(rows.map((row) => [row["name"], row]));
  return [...once.values()].map((row) => entry(row, { kind: "Payment Entry", amount: "paid_amount", timeZone }));
}

function entry(
  row: Row,
  { kind, amount, timeZone }: { readonly kind: string; readonly amount: string | undefined; readonly timeZone: string },
): Appeared {
  const name = text(row["name"]);
  const at = isoOfSiteTime(text(row["creation"]), timeZone);
  return { side: "erpnext", kind, name, at, title: name, amount: amount === undefined ? null : money(row[amount]) };
}

/** A decimal from a number of Frappe's, with at least two digits after the point and more only where it has more. */
function money(value: unknown): string {
  const number = Number(value);
  return Number.isInteger(number * 100) ? number.toFixed(2) : String(number);
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
