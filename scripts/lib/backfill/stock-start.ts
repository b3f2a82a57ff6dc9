import type { FrappeClient } from "../../../clients/frappe";
import type { Customer } from "../../../customers/schema";

/** The day (YYYY-MM-DD) of the first movement of stock in a warehouse; undefined where nothing was ever there. */
export async function stockStart(frappe: Pick<FrappeClient, "list">, warehouse: string): Promise<string | undefined> {
  const [first] = await frappe.list("Stock Ledger Entry", {
    fields: ["posting_date"],
    filters: [
      ["warehouse", "=", warehouse],
      ["is_cancelled", "=", 0],
    ],
    orderBy: "posting_date asc",
    limit: 1,
  });
  const day = first?.["posting_date"];
  return typeof day === "string" ? day : undefined;
}

/**
 * What the pull will fail at, if anything: the connector dates a Delivery Note as Shopify dates the fulfilment, ERPNext wants
 * the goods in stock on that day, and an order whose Delivery Note is refused is not made at all (seen on ERPNext 15).
 */
export function stockCaution(
  { accounting, sync }: Pick<Customer, "accounting" | "sync">,
  { from, stock }: { readonly from: string; readonly stock: string | undefined },
): string | undefined {
  const first = from.slice(0, "YYYY-MM-DD".length);
  if (!sync.deliveryNotes || (stock !== undefined && stock <= first)) return undefined;
  const begin = stock === undefined ? "has never had stock" : `has had stock since ${stock} only`;
  const which = stock === undefined ? "fulfilled orders" : "orders fulfilled before";
  return `"sync.deliveryNotes" is true and "${accounting.warehouse}" ${begin}: ${which} will end in errors; set it to false and run "pulumi up" until the history is there, or book the opening stock as of ${first}`;
}
