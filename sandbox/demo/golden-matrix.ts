import { createHmac } from "node:crypto";

import type { FrappeClient } from "../../clients/frappe";
import { WEBHOOK_PATH } from "../../core/connector";
import type { Customer } from "../../customers/schema";
import { Erpnext } from "../../scripts/lib/validate/erpnext";
import { Matrix } from "../../scripts/lib/validate/matrix";
import { failed, ok, runRows, type MatrixRow, type Outcome, type RowPlan } from "../../scripts/lib/validate/matrix-row";
import type { Door } from "../door";
import type { ShopifyStandIn } from "../shopify";
import { MerchantDrive } from "./merchant-drive";

/** What the matrix works with: ERPNext as an operator reaches it, and the shop as its merchant does. */
export interface MatrixMeans {
  readonly frappe: FrappeClient;
  readonly shopify: ShopifyStandIn;
  /** The server's door as the world reaches it. */
  readonly door: Door;
  readonly customer: Customer;
  readonly onRow: (row: MatrixRow) => void;
}

/** A job takes some seconds at most here, and nothing else asks (milliseconds of real time). */
const PACE = { limitMs: 20_000, pauseMs: 50 };

/** The very rows of `./stack validate`, let happen by the sandbox's merchant, and two of what has to fail. */
export async function runGoldenMatrix(means: MatrixMeans): Promise<MatrixRow[]> {
  const { frappe, shopify, customer, onRow } = means;
  const products = shopify.shop().state.products.map(({ id, title }) => ({ productId: id, title }));
  const drive = new MerchantDrive(shopify);
  const erpnext = new Erpnext(frappe, PACE);
  const matrix = new Matrix({ erpnext, drive, customer, products, history: "all" });
  const plans: RowPlan[] = [
    ...matrix.plan().map((row) => (row.id === "history" ? withCoverage(row, means) : row)),
    {
      id: "wrong-hmac",
      scenario: "Wrong HMAC",
      expected: "Refused, and no trace in ERPNext",
      prove: () => forged(means),
    },
    {
      id: "command",
      scenario: "A forged body that names a command of ERPNext",
      expected: "Refused",
      prove: () => command(means),
    },
    { id: "elsewhere", scenario: "Any other path", expected: "404 at the door", prove: () => elsewhere(means) },
  ];
  return runRows(plans, { onRow });
}

/** Beside the one archived order: how many of all are there now, and whether the rest is missing for a reason. */
function withCoverage(row: RowPlan, means: MatrixMeans): RowPlan {
  const { frappe, shopify } = means;
  const prove = async (): Promise<Outcome> => {
    await receiveStock(means);
    const outcome = await row.prove();
    const rows = await frappe.list("Sales Order", { fields: ["shopify_order_id"], limit: 1000 });
    const there = new Set(rows.map((order) => String(order["shopify_order_id"])));
    const all = shopify.shop().orders.stored;
    const missing = all.filter((order) => !there.has(String(order.id)));
    const unexplained = missing.filter(
      (order) => order.cancelled_at === null && order.line_items.every((line) => line.product_id !== null),
    );
    const gaps = missing.map((order) => order.name).join(", ") || "none";
    const coverage = `${all.length - missing.length} of ${all.length} orders (structural gaps: ${gaps})`;
    const held = outcome.status === "ok" && unexplained.length === 0;
    return held ? ok(coverage, outcome.evidence) : failed(coverage, outcome.evidence);
  };
  return { ...row, expected: "All-time orders via status=any", prove };
}

/** Old orders that were shipped become Delivery Notes, which need goods with a value. */
async function receiveStock({ frappe, customer }: MatrixMeans): Promise<void> {
  const filters = [
    ["is_stock_item", "=", 1],
    ["has_variants", "=", 0],
  ] as const;
  const goods = await frappe.list("Item", { fields: ["name"], filters, limit: 500 });
  const place = { t_warehouse: customer.accounting.warehouse, qty: 100, basic_rate: 5 };
  await frappe.insert("Stock Entry", {
    stock_entry_type: "Material Receipt",
    company: customer.company.legalName,
    docstatus: 1,
    // Old orders are delivered out of it too, each on its own day.
    set_posting_time: 1,
    posting_date: customer.sync.history.from,
    items: goods.map(({ name }) => ({ item_code: name, ...place })),
  });
}

async function forged({ frappe, door }: MatrixMeans): Promise<Outcome> {
  const logRows = async (): Promise<number> =>
    Number(await frappe.call("frappe.client.get_count", { doctype: "Ecommerce Integration Log" }));
  const before = await logRows();
  const body = JSON.stringify({ id: 1, note: "forged" });
  const hmac = createHmac("sha256", "another app's secret").update(body).digest("base64");
  const headers = {
    "Content-Type": "application/json",
    "X-Shopify-Topic": "orders/create",
    "X-Shopify-Hmac-Sha256": hmac,
  };
  const { status } = await door.request({ method: "POST", path: WEBHOOK_PATH, headers, body });
  const added = (await logRows()) - before;
  const evidence = `HTTP ${status}, ${added} new log rows`;
  return status >= 400 && added === 0 ? ok(evidence) : failed(evidence);
}

/** Frappe runs what `cmd` in a body names, whatever the path is: behind a door that lets it, `ping` answers "pong". */
async function command({ door }: MatrixMeans): Promise<Outcome> {
  const bodies = {
    "application/x-www-form-urlencoded": "cmd=ping",
    "application/json": JSON.stringify({ cmd: "ping" }),
    "multipart/form-data; boundary=b": '--b\r\nContent-Disposition: form-data; name="cmd"\r\n\r\nping\r\n--b--\r\n',
  };
  const answers = await Promise.all(
    Object.entries(bodies).map(([type, body]) =>
      door.request({ method: "POST", path: WEBHOOK_PATH, headers: { "Content-Type": type }, body }),
    ),
  );
  const evidence = Object.keys(bodies).map((type, i) => `${type.split(";")[0] ?? ""} ${answers[i]?.status ?? ""}`);
  const held = answers.every(({ status, body }) => status >= 400 && !body.includes("pong"));
  return held ? ok(evidence.join(", ")) : failed(evidence.join(", "));
}

async function elsewhere({ door }: MatrixMeans): Promise<Outcome> {
  const paths = ["/", "/login", "/api/resource/User", `${WEBHOOK_PATH}/`];
  const statuses = await Promise.all(paths.map(async (path) => (await door.request({ method: "GET", path })).status));
  const evidence = paths.map((path, i) => `${path} ${statuses[i] ?? ""}`).join(", ");
  return statuses.every((status) => status === 404) ? ok(evidence) : failed(evidence);
}
