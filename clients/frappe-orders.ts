import { recordOf } from "../core/record";
import type { Decimal } from "../reconciliation/amount";
import type {
  DeliveryNote,
  Docstatus,
  ErpnextOrder,
  LogEntry,
  SalesInvoice,
  SalesOrder,
  ShopifyOrder,
} from "../reconciliation/order";
import { isOrderId } from "../reconciliation/order-id";
import type { Page } from "../reconciliation/scan";
import type { FrappeApi, FrappeFilter } from "./frappe-api";
import { TAGS } from "./frappe-error";
import { KeysetReader, type Row } from "./frappe-keyset";
import { parseJson } from "./http";
import { isoOfSiteTime, siteTimeOf } from "./site-time";

export interface FrappeOrdersOptions {
  /** The site's, of the tz database: Frappe writes times in it. */
  readonly timeZone: string;
  /** How many Sales Orders a page holds at most. @default 1000 */
  readonly pageSize?: number;
}

const FIELD = "shopify_order_id";
const LOG = "Ecommerce Integration Log";
/** How many ids are looked up at a time: the address stays below the 4,094 bytes that gunicorn reads of a request line. */
const IDS_A_LOOKUP = 100;
const LOGS_A_LOOKUP = 20;
/** How many log rows an order has at most, as a rule: five topics, some of them repeated. */
const ROWS_AN_ORDER = 10;
/** A log row is never older than its order; the day is for clocks and zones. */
const LOG_MARGIN_MS = 24 * 60 * 60 * 1000;
/** How much of the connector's own words is kept (characters). */
const LONGEST_MESSAGE = 300;

const DOCUMENTS = {
  orders: [
    ...["name", FIELD, "docstatus", "status", "currency", "grand_total", "rounded_total"],
    ...["total_taxes_and_charges", "total_qty", "per_delivered", "transaction_date"],
  ],
  // Credit notes and returned goods among them: they carry the order's id too.
  invoices: [
    ...["name", FIELD, "docstatus", "is_return", "currency", "grand_total", "rounded_total"],
    "outstanding_amount",
  ],
  notes: ["name", FIELD, "docstatus", "is_return", "shopify_fulfillment_id", "total_qty"],
} as const;

/**
 * What ERPNext has of Shopify's orders, as the reconciliation reads it. Ids that are no numbers are passed over.
 * What was paid is told by `outstanding_amount`, which ERPNext keeps from its payment ledger: Payment Entries name an invoice
 * and no order, so that reading them would cost a request for every hundred orders.
 */
export class FrappeOrders {
  readonly #keyset: KeysetReader;

  constructor(
    private readonly site: Pick<FrappeApi, "list">,
    private readonly options: FrappeOrdersOptions,
  ) {
    this.#keyset = new KeysetReader(site, FIELD, options.pageSize ?? 1_000);
  }

  /** The orders with ids above `after`, ascending by id; with everything of each. @throws FrappeError */
  async page(after: string | null): Promise<Page<ErpnextOrder>> {
    const { rows, last } = await this.#keyset.page("Sales Order", DOCUMENTS.orders, { after, wanted: isOrderId });
    const ids = rows.map((row) => text(row[FIELD]));
    const [first, end] = [ids[0], ids.at(-1)];
    if (first === undefined || end === undefined) return { orders: [], last };
    const range = { from: first, to: end };
    const invoices = await this.#keyset.range("Sales Invoice", DOCUMENTS.invoices, range);
    const notes = await this.#keyset.range("Delivery Note", DOCUMENTS.notes, range);
    return { orders: grouped([...new Set(ids)], { rows, invoices, notes }), last };
  }

  /** The orders with these ids that are there, in the sequence of the ids. @throws FrappeError */
  async withIds(ids: readonly string[]): Promise<readonly ErpnextOrder[]> {
    const found: ErpnextOrder[] = [];
    for (let start = 0; start < ids.length; start += IDS_A_LOOKUP) {
      const some = ids.slice(start, start + IDS_A_LOOKUP);
      const among: FrappeFilter = [FIELD, "in", some];
      const rows = await this.#all("Sales Order", DOCUMENTS.orders, [among]);
      const invoices = await this.#all("Sales Invoice", DOCUMENTS.invoices, [among]);
      const notes = await this.#all("Delivery Note", DOCUMENTS.notes, [among]);
      found.push(...grouped(some, { rows, invoices, notes }).filter(({ salesOrders }) => salesOrders.length > 0));
    }
    return found;
  }

  /** The connector's log rows of these orders, newest first. @throws FrappeError */
  async logs(orders: readonly ShopifyOrder[]): Promise<ReadonlyMap<string, readonly LogEntry[]>> {
    const found = new Map<string, LogEntry[]>();
    for (let start = 0; start < orders.length; start += LOGS_A_LOOKUP) {
      const some = orders.slice(start, start + LOGS_A_LOOKUP);
      for (const entry of await this.#logRows(some)) {
        const entries = found.get(entry.orderId) ?? [];
        entries.push(entry);
        found.set(entry.orderId, entries);
      }
    }
    return found;
  }

  /** A log row names its order only inside the delivery that it keeps, so the rows are searched for the ids' digits. */
  async #logRows(orders: readonly ShopifyOrder[]): Promise<readonly LogEntry[]> {
    const limit = orders.length * ROWS_AN_ORDER;
    const since = Math.min(...orders.map(({ createdAt }) => Date.parse(createdAt))) - LOG_MARGIN_MS;
    const rows = await this.site.list(LOG, {
      fields: ["name", "status", "method", "message", "creation", "request_data"],
      filters: [
        ["integration", "=", "shopify"],
        ["creation", ">=", siteTimeOf(since, this.options.timeZone)],
      ],
      anyOf: orders.map(({ id }): FrappeFilter => ["request_data", "like", `%${id}%`]),
      orderBy: "creation desc",
      limit,
    });
    const [single] = orders;
    if (rows.length === limit && orders.length > 1 && single !== undefined) {
      const half = Math.ceil(orders.length / 2);
      return [...(await this.#logRows(orders.slice(0, half))), ...(await this.#logRows(orders.slice(half)))];
    }
    const ids = new Set(orders.map(({ id }) => id));
    return rows.map((row) => this.#logEntry(row)).filter(({ orderId }) => ids.has(orderId));
  }

  #logEntry(row: Row): LogEntry {
    return {
      orderId: orderIdIn(text(row["request_data"])),
      name: text(row["name"]),
      status: text(row["status"]) as LogEntry["status"],
      method: text(row["method"]),
      message: plain(text(row["message"])),
      createdAt: isoOfSiteTime(text(row["creation"]), this.options.timeZone),
    };
  }

  async #all(doctype: string, fields: readonly string[], filters: readonly FrappeFilter[]): Promise<readonly Row[]> {
    return this.site.list(doctype, { fields, filters, orderBy: `${FIELD} asc, name asc`, limit: 0 });
  }
}

interface Documents {
  readonly rows: readonly Row[];
  readonly invoices: readonly Row[];
  readonly notes: readonly Row[];
}

function grouped(ids: readonly string[], { rows, invoices, notes }: Documents): readonly ErpnextOrder[] {
  const [ordersOf, invoicesOf, notesOf] = [rows, invoices, notes].map(byId);
  return ids.map((id) => ({
    id,
    salesOrders: (ordersOf?.get(id) ?? []).map(salesOrder),
    invoices: (invoicesOf?.get(id) ?? []).map(salesInvoice),
    deliveryNotes: (notesOf?.get(id) ?? []).map(deliveryNote),
  }));
}

function salesOrder(row: Row): SalesOrder {
  return {
    ...head(row),
    status: text(row["status"]),
    currency: text(row["currency"]),
    total: payable(row),
    grandTotal: decimal(row["grand_total"]),
    charges: decimal(row["total_taxes_and_charges"]),
    pieces: Number(row["total_qty"]),
    delivered: Number(row["per_delivered"]),
    date: text(row["transaction_date"]),
  };
}

function salesInvoice(row: Row): SalesInvoice {
  return {
    ...head(row),
    isReturn: Number(row["is_return"]) === 1,
    currency: text(row["currency"]),
    total: payable(row),
    outstanding: decimal(row["outstanding_amount"]),
  };
}

function deliveryNote(row: Row): DeliveryNote {
  return {
    ...head(row),
    isReturn: Number(row["is_return"]) === 1,
    fulfilment: text(row["shopify_fulfillment_id"]),
    pieces: Number(row["total_qty"]),
  };
}

/** ERPNext leaves `rounded_total` at 0 where it does not round; where it does, that is what is owed and paid. */
function payable(row: Row): Decimal {
  return decimal(row[Number(row["rounded_total"]) === 0 ? "grand_total" : "rounded_total"]);
}

/** Frappe writes amounts as JSON numbers, whose shortest form is the decimal that MariaDB has. */
function decimal(value: unknown): Decimal {
  return typeof value === "number" || (typeof value === "string" && value !== "") ? String(value) : "0";
}

function byId(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const id = text(row[FIELD]);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  return groups;
}

function head(row: Row): { readonly name: string; readonly docstatus: Docstatus } {
  return { name: text(row["name"]), docstatus: Number(row["docstatus"]) as Docstatus };
}

/**
 * The id of the order that a delivery is about: most deliveries are the order, a refund and an edit name it. Numbers that
 * JavaScript would round are read as text.
 */
function orderIdIn(delivery: string): string {
  const told = recordOf(parseJson(delivery.replace(/("(?:order_)?id":\s*)(\d{16,})/g, '$1"$2"')));
  const edit = recordOf(told["order_edit"]);
  return text(edit["order_id"] ?? told["order_id"] ?? told["id"]);
}

/** Frappe's messages are HTML. */
function plain(message: string): string {
  const words = message.replace(TAGS, " ").replace(/\s+/g, " ").trim();
  return words.length > LONGEST_MESSAGE ? `${words.slice(0, LONGEST_MESSAGE)}…` : words;
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
