import { settling } from "../../../clients/frappe-payments";
import { isMatrixOrder, MATRIX_NUMBER_PATTERN } from "../matrix/story";
import type { Tidied } from "./drive";
import { namesOf, text, type Doc, type Erpnext, type Frappe } from "./erpnext";
import { TEST_ID_PATTERN } from "./order-payload";

/** Opens a Sales Order that our app closed, since nothing of it is to be shipped; ERPNext cancels no closed one. */
const UPDATE_STATUS = "erpnext.selling.doctype.sales_order.sales_order.update_status";

/** How many orders a list is asked for at a time. */
const PAGE = 1_000;

interface Standing {
  readonly doctype: string;
  readonly name: string;
  readonly isDraft: boolean;
  readonly isClosed: boolean;
}

/** The orders of made-up ids that are drafts or in force in ERPNext, those of interrupted runs included. */
export async function madeUpOrders({ frappe }: Erpnext): Promise<readonly string[]> {
  const golden = await ordersLike(frappe, "shopify_order_id", TEST_ID_PATTERN);
  const kinds = await ordersLike(frappe, "shopify_order_number", MATRIX_NUMBER_PATTERN);
  const ofKinds = kinds.filter((row) =>
    isMatrixOrder(text(row["shopify_order_id"]), text(row["shopify_order_number"])),
  );
  return [...golden, ...ofKinds].map((row) => text(row["shopify_order_id"]));
}

/** All Sales Orders with a field like that, page by page: a shop whose own numbers begin alike has more than one page. */
async function ordersLike(frappe: Frappe, field: string, pattern: string): Promise<readonly Doc[]> {
  const fields = ["name", "shopify_order_id", "shopify_order_number"];
  const like = [[field, "like", pattern] as const, ["docstatus", "<", 2] as const];
  const found: Doc[] = [];
  for (;;) {
    const last = found.at(-1);
    const filters = last === undefined ? like : [...like, ["name", ">", last["name"]] as const];
    const page = await frappe.list("Sales Order", { fields, filters, orderBy: "name asc", limit: PAGE });
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

/**
 * Cancels what came of test orders in ERPNext, the last document first, and deletes drafts. Cancelled documents stay, as ERPNext keeps
 * whatever was booked; items and customers stay too, being the store's own.
 */
export async function cancelDocuments(
  erpnext: Erpnext,
  made: { readonly orderIds: readonly string[]; readonly stockEntries: readonly string[] },
): Promise<Tidied> {
  const done: string[] = [];
  const left: string[] = [];
  const undo = async ({ doctype, name, isDraft, isClosed }: Standing): Promise<void> => {
    try {
      if (isClosed) await erpnext.frappe.call(UPDATE_STATUS, { status: "Draft", name });
      if (isDraft) await erpnext.frappe.delete(doctype, name);
      else await erpnext.frappe.update(doctype, name, { docstatus: 2 });
      done.push(`${name} ${isDraft ? "deleted" : "cancelled"}`);
    } catch (error) {
      left.push(`${doctype} ${name}: cancel it in ERPNext (${error instanceof Error ? error.message : String(error)})`);
    }
  };
  for (const orderId of new Set(made.orderIds)) {
    try {
      for (const document of await standing(erpnext, orderId)) await undo(document);
    } catch (error) {
      left.push(`what came of order ${orderId} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  for (const name of made.stockEntries) {
    await undo({ doctype: "Stock Entry", name, isDraft: false, isClosed: false });
  }
  return { done, left };
}

/** Documents of an order that are not cancelled, in the order in which they can be. */
async function standing(erpnext: Erpnext, orderId: string): Promise<readonly Standing[]> {
  const kept = [["shopify_order_id", "=", orderId] as const, ["docstatus", "<", 2] as const];
  const find = async (doctype: string, fields: readonly string[]) =>
    (await erpnext.documents(doctype, kept, fields)).map((doc) => ({ ...asStanding(doctype, doc), doc }));
  const invoices = backFirst(await find("Sales Invoice", ["is_return"]));
  const notes = backFirst(await find("Delivery Note", ["is_return"]));
  const orders = await find("Sales Order", ["status"]);
  return [...(await payments(erpnext, invoices)), ...invoices, ...notes, ...orders];
}

async function payments(erpnext: Erpnext, invoices: readonly Standing[]): Promise<readonly Standing[]> {
  if (invoices.length === 0) return [];
  const filters = [settling(invoices.map(({ name }) => name)), ["docstatus", "<", 2] as const];
  const found = (await erpnext.documents("Payment Entry", filters)).map((doc) => asStanding("Payment Entry", doc));
  return [...new Map(found.map((entry) => [entry.name, entry])).values()];
}

/** A credit note holds its invoice, and a return its Delivery Note. */
function backFirst<T extends { readonly doc: Doc }>(documents: readonly T[]): readonly T[] {
  return documents.toSorted((one, other) => Number(other.doc["is_return"]) - Number(one.doc["is_return"]));
}

function asStanding(doctype: string, doc: Doc): Standing {
  const isDraft = Number(doc["docstatus"]) === 0;
  return { doctype, name: namesOf([doc]), isDraft, isClosed: text(doc["status"]) === "Closed" };
}
