import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { FrappeClient } from "../../clients/frappe";
import { WEBHOOK_PATH } from "../../components/shared/connector";
import type { Door } from "../door";
import type { ShopifyStandIn } from "../shopify";

/** One row of the golden matrix (playbook part 05), with what proves it. */
export interface MatrixRow {
  readonly scenario: string;
  readonly expected: string;
  readonly ok: boolean;
  /** Document names, delivery statuses, counts. */
  readonly evidence: string;
}

/** What the matrix works with: ERPNext as an operator reaches it, and the shop as its merchant does. */
export interface MatrixMeans {
  readonly frappe: FrappeClient;
  readonly shopify: ShopifyStandIn;
  /** The server's door as the world reaches it. */
  readonly door: Door;
  readonly company: string;
  readonly warehouse: string;
  readonly onRow: (row: MatrixRow) => void;
}

/** How long a job may take in ERPNext (milliseconds of real time). */
const JOB_LIMIT_MS = 20_000;

/** Pause between two looks into ERPNext (milliseconds). */
const PAUSE_MS = 50;

/** The same where each look makes the connector ask Shopify, which takes two calls a second and then answers 429. */
const COUNT_PAUSE_MS = 1_000;

const IMPORT =
  "ecommerce_integrations.shopify.page.shopify_import_products.shopify_import_products.import_all_products";
const PRODUCT_COUNT =
  "ecommerce_integrations.shopify.page.shopify_import_products.shopify_import_products.get_product_count";
const EXECUTE_EVENT = "frappe.core.doctype.scheduled_job_type.scheduled_job_type.execute_event";
const HISTORY_JOB = "order.sync_old_orders";

type Outcome = Pick<MatrixRow, "ok" | "evidence">;
type Doc = Readonly<Record<string, unknown>>;

/** Proves each link of the sync in turn, in the order in which a shop's life brings them. */
export async function runGoldenMatrix(means: MatrixMeans): Promise<MatrixRow[]> {
  const matrix = new Matrix(means);
  const rows: [string, string, () => Promise<Outcome>][] = [
    ["Catalog pull", "Products + variants → Items", () => matrix.catalog()],
    ["orders/create webhook", "Sales Order created, HMAC validates", () => matrix.created()],
    ["orders/paid", "Sales Invoice + Payment Entry", () => matrix.paid()],
    ["orders/fulfilled", "Delivery Note", () => matrix.fulfilled()],
    ["orders/cancelled", "Sales Order cancelled", () => matrix.cancelled()],
    ["Historical pull", "All-time orders via status=any", () => matrix.history()],
    ["Wrong HMAC", "Refused, and no trace in ERPNext", () => matrix.forged()],
    ["Any other path", "404 at the door", () => matrix.elsewhere()],
  ];
  const done: MatrixRow[] = [];
  for (const [scenario, expected, prove] of rows) {
    const outcome = await prove().catch((error: unknown) => ({ ok: false, evidence: String(error) }));
    const row = { scenario, expected, ...outcome };
    done.push(row);
    means.onRow(row);
  }
  return done;
}

class Matrix {
  #order = 0;

  constructor(private readonly means: MatrixMeans) {}

  async catalog(): Promise<Outcome> {
    const { frappe } = this.means;
    await frappe.call(IMPORT);
    const counts = await this.until(async () => {
      const { shopifyCount, syncedCount } = (await frappe.call(PRODUCT_COUNT)) as Record<string, number>;
      return { done: shopifyCount === syncedCount, value: `${syncedCount ?? 0} of ${shopifyCount ?? 0} products` };
    }, COUNT_PAUSE_MS);
    const items = await frappe.list("Item", { fields: ["name", "has_variants"], limit: 500 });
    const mapped = await frappe.list("Ecommerce Item", { fields: ["name"], limit: 500 });
    return {
      ok: counts.done && items.length > 0,
      evidence: `${counts.value}, ${items.length} Items, ${mapped.length} Ecommerce Items`,
    };
  }

  async created(): Promise<Outcome> {
    const order = this.means.shopify.shop().createOrder({});
    this.#order = order.id;
    const [salesOrder] = await this.find("Sales Order", [["shopify_order_id", "=", String(order.id)]]);
    return this.outcome(salesOrder, [
      `Shopify order ${order.name}`,
      nameOf(salesOrder),
      this.delivered("ORDERS_CREATE"),
    ]);
  }

  async paid(): Promise<Outcome> {
    this.means.shopify.shop().payOrder(this.#order);
    const [invoice] = await this.find("Sales Invoice", [["shopify_order_id", "=", String(this.#order)]]);
    const [payment] = await this.find("Payment Entry", [["reference_no", "=", nameOf(invoice)]]);
    const outcome = this.outcome(invoice, [nameOf(invoice), nameOf(payment), this.delivered("ORDERS_PAID")]);
    return { ...outcome, ok: outcome.ok && payment !== undefined };
  }

  async fulfilled(): Promise<Outcome> {
    await this.receiveStock();
    this.means.shopify.shop().fulfillOrder(this.#order);
    const [note] = await this.find("Delivery Note", [["shopify_order_id", "=", String(this.#order)]]);
    return this.outcome(note, [nameOf(note), this.delivered("ORDERS_FULFILLED")]);
  }

  async cancelled(): Promise<Outcome> {
    const shop = this.means.shopify.shop();
    const order = shop.createOrder({});
    await this.find("Sales Order", [["shopify_order_id", "=", String(order.id)]]);
    shop.cancelOrder(order.id);
    const [cancelled] = await this.find("Sales Order", [
      ["shopify_order_id", "=", String(order.id)],
      ["docstatus", "=", 2],
    ]);
    return this.outcome(cancelled, [nameOf(cancelled), "docstatus 2", this.delivered("ORDERS_CANCELLED")]);
  }

  async history(): Promise<Outcome> {
    const { frappe, shopify } = this.means;
    const window = { sync_old_orders: 1, old_orders_from: "2015-01-01 00:00:00", old_orders_to: "2035-01-01 00:00:00" };
    await frappe.update("Shopify Setting", "Shopify Setting", window);
    const [job] = await frappe.list("Scheduled Job Type", { fields: ["*"], filters: [["name", "=", HISTORY_JOB]] });
    await frappe.call(EXECUTE_EVENT, { doc: JSON.stringify(job) });
    const finished = await this.until(async () => {
      const setting = await frappe.get("Shopify Setting", "Shopify Setting");
      return { done: Number(setting?.["sync_old_orders"]) === 0, value: "" };
    });
    const there = new Set(
      (await frappe.list("Sales Order", { fields: ["shopify_order_id"], limit: 1000 })).map((row) =>
        String(row["shopify_order_id"]),
      ),
    );
    const all = shopify.shop().orders.stored;
    const missing = all.filter((order) => !there.has(String(order.id)));
    const explained = missing.filter(
      (order) => order.cancelled_at !== null || order.line_items.some((line) => line.product_id === null),
    );
    return {
      ok: finished.done && explained.length === missing.length && missing.length < all.length,
      evidence: `${all.length - missing.length} of ${all.length} orders; structural gaps: ${missing.map((order) => order.name).join(", ") || "none"}`,
    };
  }

  async forged(): Promise<Outcome> {
    const before = await this.logRows();
    const body = JSON.stringify({ id: 1, note: "forged" });
    const hmac = createHmac("sha256", "another app's secret").update(body).digest("base64");
    const headers = {
      "Content-Type": "application/json",
      "X-Shopify-Topic": "orders/create",
      "X-Shopify-Hmac-Sha256": hmac,
    };
    const { status } = await this.means.door.request({ method: "POST", path: WEBHOOK_PATH, headers, body });
    const after = await this.logRows();
    return { ok: status >= 400 && after === before, evidence: `HTTP ${status}, ${after - before} new log rows` };
  }

  async elsewhere(): Promise<Outcome> {
    const { door } = this.means;
    const paths = ["/", "/login", "/api/resource/User", `${WEBHOOK_PATH}/`];
    const statuses = await Promise.all(paths.map(async (path) => (await door.request({ method: "GET", path })).status));
    return {
      ok: statuses.every((status) => status === 404),
      evidence: paths.map((path, i) => `${path} ${statuses[i] ?? ""}`).join(", "),
    };
  }

  /** A delivery note needs goods with a value; a test store's warehouse is empty. */
  private async receiveStock(): Promise<void> {
    const { frappe, company, warehouse } = this.means;
    const goods = await frappe.list("Item", {
      fields: ["name"],
      filters: [
        ["is_stock_item", "=", 1],
        ["has_variants", "=", 0],
      ],
      limit: 500,
    });
    await frappe.insert("Stock Entry", {
      stock_entry_type: "Material Receipt",
      company,
      docstatus: 1,
      items: goods.map((item) => ({ item_code: item["name"], qty: 100, t_warehouse: warehouse, basic_rate: 5 })),
    });
  }

  private async find(
    doctype: string,
    filters: readonly (readonly [string, string, unknown])[],
  ): Promise<readonly Doc[]> {
    const { value } = await this.until(async () => {
      const found = await this.means.frappe.list(doctype, { fields: ["name", "docstatus"], filters });
      return { done: found.length > 0, value: found };
    });
    return value;
  }

  private async until<T>(
    look: () => Promise<{ done: boolean; value: T }>,
    pauseMs = PAUSE_MS,
  ): Promise<{ done: boolean; value: T }> {
    const deadline = Date.now() + JOB_LIMIT_MS;
    for (;;) {
      const seen = await look();
      if (seen.done || Date.now() > deadline) {
        return seen;
      }
      await sleep(pauseMs);
    }
  }

  private outcome(document: Doc | undefined, evidence: readonly string[]): Outcome {
    return { ok: document !== undefined, evidence: evidence.join(", ") };
  }

  /** What Shopify saw of its last delivery of a topic: a 200 means that the connector's own HMAC check passed. */
  private delivered(topic: string): string {
    const delivery = this.means.shopify.deliveries().findLast((candidate) => candidate.topic === topic);
    const last = delivery?.attempts.at(-1);
    return delivery === undefined
      ? "not delivered"
      : `delivered in ${delivery.attempts.length} attempt(s): HTTP ${last?.status ?? last?.error ?? "?"}, HMAC ${last?.status === 200 ? "valid" : "not proven"}`;
  }

  private async logRows(): Promise<number> {
    return Number(await this.means.frappe.call("frappe.client.get_count", { doctype: "Ecommerce Integration Log" }));
  }
}

function nameOf(document: Doc | undefined): string {
  return document === undefined ? "none" : String(document["name"]);
}
