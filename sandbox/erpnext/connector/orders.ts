import { DUMMY_PRICE_LIST } from "../business/prices";
import { SETTING } from "./doctypes-connector";
import { dateOf, type Doc, type Fields, isFields, rows, text } from "../frappe/document";
import { ADMINISTRATOR, cancel, insert, load } from "../frappe/documents";
import { customerOf, syncCustomer } from "./customers";
import { asException, builtin, type PythonException } from "../frappe/exceptions";
import { createDeliveryNotes } from "./fulfilments";
import { writeLog } from "./integration-log";
import { createSalesInvoice } from "./invoices";
import { orderMoney } from "./order-lines";
import { syncProduct } from "./products";
import type { Work } from "../site";

const SAVING = { user: ADMINISTRATOR, ignoreMandatory: true } as const;

/** How the sync of one order ended; `failure` is there when its log row says Error. */
export interface Outcome {
  readonly failure?: PythonException;
}

/** orders/create: makes the Sales Order and what the order's state asks for. Everything or nothing is kept. */
export async function syncSalesOrder(work: Work, order: Fields): Promise<Outcome> {
  if (findOrder(work, order) !== undefined) {
    writeLog(work, { status: "Invalid", message: "Sales order already exists, not synced" });
    return {};
  }
  try {
    syncCustomer(work, order);
    for (const line of rows(order["line_items"])) {
      if (line["product_id"] === undefined) throw builtin("KeyError", "'product_id'");
      await syncProduct(work, { product: line["product_id"], variant: line["variant_id"], sku: line["sku"] });
    }
    createOrder(work, order);
  } catch (error) {
    // A job that ran out of time is killed; it does not live to write its log row.
    work.signal.throwIfAborted();
    writeLog(work, { status: "Error", exception: error, rollback: true });
    return { failure: asException(error) };
  }
  writeLog(work, { status: "Success" });
  return {};
}

function createOrder(work: Work, order: Fields): void {
  const setting = load(work.tx, SETTING, SETTING);
  const salesOrder = createSalesOrder(work, order, setting);
  if (salesOrder === undefined) return;
  const from = { order, setting, salesOrder };
  if (order["financial_status"] === "paid") createSalesInvoice(work, from);
  if (rows(order["fulfillments"]).length > 0) createDeliveryNotes(work, from);
}

/**
 * An order of which no line is left ends in Success without a Sales Order: the connector notes the error, undoes everything,
 * and the caller, who is told nothing, writes its own verdict over it.
 */
function createSalesOrder(work: Work, order: Fields, setting: Doc): Doc | undefined {
  const { items, taxes } = orderMoney(work, order, setting);
  if (items.length === 0) {
    const message =
      "Following items exists in the shopify order but relevant records were not found in the shopify Product master\n";
    writeLog(work, { status: "Error", message, rollback: true });
    return undefined;
  }
  const customer = isFields(order["customer"]) ? text(order["customer"]["id"]) : "";
  const orderDate = dateOf(order["created_at"], work.site.options.clock.now());
  return insert(
    work.tx,
    {
      doctype: "Sales Order",
      naming_series: text(setting["sales_order_series"]) || "SO-Shopify-",
      shopify_order_id: text(order["id"]),
      shopify_order_number: text(order["name"]),
      customer: customer === "" ? setting["default_customer"] : customerOf(work, customer),
      transaction_date: orderDate,
      delivery_date: orderDate,
      company: setting["company"],
      selling_price_list: ownPriceList(work),
      items,
      taxes,
      docstatus: 1,
    },
    SAVING,
  );
}

function ownPriceList(work: Work): string {
  if (work.tx.get("Price List", DUMMY_PRICE_LIST) === undefined) {
    insert(work.tx, { doctype: "Price List", price_list_name: DUMMY_PRICE_LIST, selling: 1 }, SAVING);
  }
  return DUMMY_PRICE_LIST;
}

/** orders/paid. Before orders/create the event is logged as Invalid and lost. */
export function prepareSalesInvoice(work: Work, order: Fields): void {
  followUp(work, order, { missing: "Sales Order not found for syncing sales invoice.", make: createSalesInvoice });
}

/** orders/fulfilled and orders/partially_fulfilled. Before orders/create the event is logged as Invalid and lost. */
export function prepareDeliveryNote(work: Work, order: Fields): void {
  followUp(work, order, { missing: "Sales Order not found for syncing delivery note.", make: createDeliveryNotes });
}

function followUp(work: Work, order: Fields, event: { missing: string; make: typeof createSalesInvoice }): void {
  try {
    const salesOrder = findOrder(work, order);
    if (salesOrder === undefined) {
      writeLog(work, { status: "Invalid", message: event.missing });
      return;
    }
    event.make(work, { order, setting: load(work.tx, SETTING, SETTING), salesOrder });
  } catch (error) {
    writeLog(work, { status: "Error", exception: error, rollback: true });
    return;
  }
  writeLog(work, { status: "Success" });
}

/** orders/cancelled: cancels an order that nothing has been made from; else writes Shopify's status into all its documents. */
export function cancelOrder(work: Work, order: Fields): void {
  const { tx } = work;
  try {
    const salesOrder = findOrder(work, order);
    if (salesOrder === undefined) {
      writeLog(work, { status: "Invalid", message: "Sales Order does not exist" });
      return;
    }
    const made = ["Sales Invoice", "Delivery Note"].flatMap((doctype) =>
      [...tx.all(doctype)].filter((doc) => text(doc["shopify_order_id"]) === text(order["id"])),
    );
    if (made.length === 0 && salesOrder["docstatus"] === 1) cancel(tx, salesOrder, SAVING);
    else for (const doc of [...made, salesOrder]) tx.put({ ...doc, shopify_order_status: order["financial_status"] });
  } catch (error) {
    writeLog(work, { status: "Error", exception: error });
    return;
  }
  writeLog(work, { status: "Success" });
}

function findOrder(work: Work, order: Fields): Doc | undefined {
  if (order["id"] === undefined) throw builtin("KeyError", "'id'");
  return work.tx.find("Sales Order", { shopify_order_id: text(order["id"]) });
}
