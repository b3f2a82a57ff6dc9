import { settling } from "../../../clients/frappe-payments";
import { isMatrixOrder, MATRIX_NUMBER_PATTERN } from "../matrix/story";
import type { Tidied } from "./drive";
import { namesOf, text, type Doc, type Erpnext } from "./erpnext";
import { TEST_ID_PATTERN } from "./order-payload";

/** Opens a Sales Order that our app closed, since nothing of it is to be shipped; ERPNext cancels no closed one. */
const UPDATE_STATUS = "erpnext.selling.doctype.sales_order.sales_order.update_status";

/** How many of an interrupted run's orders are looked for. */
const MOST_ORDERS = 1_000;

interface Standing {
  readonly doctype: string;
  readonly name: string;
  readonly isDraft: boolean;
  readonly isClosed: boolean;
}

/** The orders of made-up ids that are still in force in ERPNext, those of interrupted runs included. */
export async function madeUpOrders({ frappe }: Erpnext): Promise<readonly string[]> {
  const inForce = ["docstatus", "=", 1] as const;
  const [fields, limit] = [["shopify_order_id", "shopify_order_number"], MOST_ORDERS];
  const byId = [["shopify_order_id", "like", TEST_ID_PATTERN] as const, inForce];
  const byNumber = [["shopify_order_number", "like", MATRIX_NUMBER_PATTERN] as const, inForce];
  const golden = await frappe.list("Sales Order", { fields, filters: byId, limit });
  const kinds = await frappe.list("Sales Order", { fields, filters: byNumber, limit });
  const ofKinds = kinds.filter((row) =>
    isMatrixOrder(text(row["shopify_order_id"]), text(row["shopify_order_number"])),
  );
  return [...golden, ...ofKinds].map((row) => text(row["shopify_order_id"]));
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
