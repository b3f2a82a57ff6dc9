import { text, type Doc, type Erpnext } from "./erpnext";

/** Where goods are delivered from. */
export interface StockPlace {
  readonly company: string;
  readonly warehouse: string;
}

/** What a Delivery Note needs to leave the warehouse. */
export interface Stocked {
  /** Stock Entry that was made for it. */
  readonly entry?: string;
  readonly evidence: string;
}

/** Value of a piece whose order says none. */
const SOME_RATE = 1;

/**
 * Receives what an order's lines lack in the warehouse: a test store's is empty, and a Delivery Note needs goods with a
 * value. What ERPNext refuses is evidence, not a failure: the Delivery Note may come all the same.
 */
export async function stockFor(erpnext: Erpnext, salesOrder: string, place: StockPlace): Promise<Stocked> {
  const order = await erpnext.frappe.get("Sales Order", salesOrder);
  const lines = Array.isArray(order?.["items"]) ? (order["items"] as Doc[]) : [];
  const lacking: Doc[] = [];
  for (const line of lines) {
    const qty = await missing(erpnext, line, place);
    if (qty > 0) {
      const basic_rate = Number(line["rate"]) || SOME_RATE;
      lacking.push({ item_code: line["item_code"], qty, t_warehouse: place.warehouse, basic_rate });
    }
  }
  if (lacking.length === 0) return { evidence: "" };
  try {
    const { name } = await erpnext.frappe.insert("Stock Entry", {
      stock_entry_type: "Material Receipt",
      company: place.company,
      docstatus: 1,
      items: lacking,
    });
    return { entry: name, evidence: `stock received by ${name}` };
  } catch (error) {
    return { evidence: `no stock could be received (${error instanceof Error ? error.message : String(error)})` };
  }
}

async function missing(erpnext: Erpnext, line: Doc, { warehouse }: StockPlace): Promise<number> {
  const itemCode = text(line["item_code"]);
  const [item] = await erpnext.frappe.list("Item", {
    fields: ["is_stock_item"],
    filters: [["name", "=", itemCode]],
  });
  if (Number(item?.["is_stock_item"] ?? 0) === 0) return 0;
  const [bin] = await erpnext.frappe.list("Bin", {
    fields: ["actual_qty"],
    filters: [
      ["item_code", "=", itemCode],
      ["warehouse", "=", warehouse],
    ],
  });
  return Number(line["qty"]) - Number(bin?.["actual_qty"] ?? 0);
}
