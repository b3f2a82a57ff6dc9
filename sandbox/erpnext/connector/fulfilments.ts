import { amount, dateOf, type Fields, isSet, rows, text } from "../frappe/document";
import { ADMINISTRATOR, insert, load } from "../frappe/documents";
import { copied, type FromOrder } from "./invoices";
import { itemCodeOf } from "./order-lines";
import type { Work } from "../site";

/** Makes one Delivery Note for each fulfilment of an order that has none yet, with the quantities of that fulfilment. */
export function createDeliveryNotes(work: Work, from: FromOrder): void {
  if (!isSet(from.setting["sync_delivery_note"])) return;
  for (const fulfilment of rows(from.order["fulfillments"])) {
    const exists = work.tx.find("Delivery Note", { shopify_fulfillment_id: fulfilment["id"] }) !== undefined;
    if (!exists && from.salesOrder["docstatus"] === 1) createDeliveryNote(work, from, fulfilment);
  }
}

function createDeliveryNote(work: Work, from: FromOrder, fulfilment: Fields): void {
  const { order, setting } = from;
  // Read again: the note before it in this loop has changed what is left to deliver.
  const salesOrder = load(work.tx, "Sales Order", from.salesOrder.name);
  insert(
    work.tx,
    {
      ...copied(salesOrder),
      doctype: "Delivery Note",
      naming_series: text(setting["delivery_note_series"]) || "DN-Shopify-",
      shopify_order_id: text(fulfilment["order_id"]) || (work.site.options.patches.booksApp ? text(order["id"]) : ""),
      shopify_order_number: text(order["name"]),
      shopify_fulfillment_id: text(fulfilment["id"]),
      posting_date: dateOf(fulfilment["created_at"], work.site.options.clock.now()),
      items: fulfilledLines(work, { fulfilment, setting, lines: rows(salesOrder["items"]), order: salesOrder.name }),
      docstatus: 1,
    },
    { user: ADMINISTRATOR, ignoreMandatory: true },
  );
}

function fulfilledLines(
  work: Work,
  of: { fulfilment: Fields; setting: Fields; lines: Fields[]; order: string },
): Fields[] {
  const location = text(of.fulfilment["location_id"]);
  const mapping = rows(of.setting["shopify_warehouse_mapping"]).find(
    (row) => text(row["shopify_location_id"]) === location,
  );
  const warehouse = text(mapping?.["erpnext_warehouse"]) || of.setting["warehouse"];
  const fulfilled = rows(of.fulfilment["line_items"]);
  const items: Fields[] = [];
  for (const line of of.lines) {
    if (amount(line["delivered_qty"]) >= amount(line["qty"])) continue;
    const match = fulfilled.findIndex((candidate) => itemCodeOf(work, candidate) === line["item_code"]);
    const [shopifyLine] = match < 0 ? [] : fulfilled.splice(match, 1);
    if (shopifyLine === undefined) continue;
    const { item_code, item_name, rate } = line;
    const origin = { against_sales_order: of.order, so_detail: line["name"] };
    items.push({ item_code, item_name, rate, warehouse, qty: shopifyLine["quantity"], ...origin });
  }
  return items;
}
