import { text, type Erpnext } from "./erpnext";
import type { Tidied } from "./drive";
import { standing } from "./matrix";
import { TEST_ID_PATTERN } from "./order-payload";

/** The orders of made-up ids that are still in force in ERPNext, those of interrupted runs included. */
export async function madeUpOrders(erpnext: Erpnext): Promise<readonly string[]> {
  const found = await erpnext.frappe.list("Sales Order", {
    fields: ["shopify_order_id"],
    filters: [
      ["shopify_order_id", "like", TEST_ID_PATTERN],
      ["docstatus", "=", 1],
    ],
    limit: 1_000,
  });
  return found.map((row) => text(row["shopify_order_id"]));
}

/**
 * Cancels what came of test orders in ERPNext, the last document first. Cancelled documents stay, as ERPNext keeps whatever
 * was booked; items and customers stay too, being the store's own.
 */
export async function cancelDocuments(
  erpnext: Erpnext,
  made: { readonly orderIds: readonly string[]; readonly stockEntries: readonly string[] },
): Promise<Tidied> {
  const done: string[] = [];
  const left: string[] = [];
  const cancel = async (doctype: string, name: string): Promise<void> => {
    try {
      await erpnext.frappe.update(doctype, name, { docstatus: 2 });
      done.push(`${name} cancelled`);
    } catch (error) {
      left.push(`${doctype} ${name}: cancel it in ERPNext (${error instanceof Error ? error.message : String(error)})`);
    }
  };
  for (const orderId of new Set(made.orderIds)) {
    try {
      for (const { doctype, name } of await standing(erpnext, orderId)) await cancel(doctype, name);
    } catch (error) {
      left.push(`what came of order ${orderId} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  for (const entry of made.stockEntries) await cancel("Stock Entry", entry);
  return { done, left };
}
