import { setTimeout as sleep } from "node:timers/promises";

import type { FrappeClient } from "../../../clients/frappe";
import { FrappeOrders } from "../../../clients/frappe-orders";
import type { LogEntry, ShopifyOrder } from "../../../reconciliation/order";
import type { Door } from "../cli/open-customer";
import { deliver } from "../signed-delivery";
import { PRODUCTS } from "./catalogue";
import type { Event } from "./events";
import type { Shop } from "./shop";

/** An ERPNext that the matrix is run against: the stand-in, or a real one whose connector is set up. */
export interface Books {
  readonly site: FrappeClient;
  /** The connector's own path. */
  readonly door: Door;
  /** Secret that its deliveries are signed with. */
  readonly secret: string;
  readonly shopDomain: string;
  /** The site's, of the tz database. */
  readonly timeZone: string;
  /** What the site reads from Shopify; without one no kind is run that needs it. */
  readonly shop?: Shop;
}

/** Time without a single order processed after which ERPNext is given up, and between two looks (milliseconds). */
const LIMIT_MS = 10 * 60_000;
const LOOK_MS = 500;

/** When the orders were placed, and how often each was delivered, by Shopify's id. */
export interface Sent {
  readonly at: Date;
  readonly delivered: ReadonlyMap<number, number>;
}

/** Makes the items, mapped as the connector maps them, so that it has nothing to ask Shopify. */
export async function makeCatalogue({ site }: Books): Promise<void> {
  const filters = [["is_group", "=", 0]] as const;
  const [group] = await site.list("Item Group", { filters, limit: 1 });
  for (const { product, variant, sku, title } of Object.values(PRODUCTS)) {
    const code = String(product);
    if ((await site.get("Item", code)) !== undefined) continue;
    const item = { item_code: code, item_name: title, item_group: group?.["name"], stock_uom: "Nos", is_stock_item: 0 };
    await site.insert("Item", item);
    const ids = { integration_item_code: code, variant_id: String(variant), sku };
    await site.insert("Ecommerce Item", { integration: "shopify", erpnext_item_code: code, has_variants: 0, ...ids });
  }
}

/** Brings one delivery to the door. @throws Error for an answer that is not 200 */
export async function send({ door, secret, shopDomain }: Books, { topic, payload }: Event): Promise<void> {
  const { status, text } = await deliver(door, { topic, body: JSON.stringify(payload), secret, shopDomain });
  if (status !== 200) throw new Error(`${door.url.href} answered ${topic} with HTTP ${status}: ${text.slice(0, 300)}`);
}

/** Waits until each delivery has a row in the connector's log that is not queued. @returns the rows by order, newest first */
export async function worked(books: Books, { at, delivered }: Sent): Promise<ReadonlyMap<string, readonly LogEntry[]>> {
  const orders = new FrappeOrders(books.site, { timeZone: books.timeZone });
  const asked = [...delivered.keys()].map((id) => ({ id: String(id), createdAt: at.toISOString() }) as ShopifyOrder);
  let left = asked.length;
  let deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const rows = await orders.logs(asked);
    const waiting = [...delivered].filter(([id, deliveries]) => {
      const done = (rows.get(String(id)) ?? []).filter(({ status }) => status !== "Queued");
      return done.length < deliveries;
    });
    if (waiting.length === 0) return rows;
    if (waiting.length < left) deadline = Date.now() + LIMIT_MS;
    left = waiting.length;
    if (Date.now() > deadline) {
      throw new Error(
        `ERPNext has processed none of ${left} orders in ${LIMIT_MS / 60_000} min: are its workers alive?`,
      );
    }
    await sleep(LOOK_MS);
  }
}
