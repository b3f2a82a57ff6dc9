import type { Customer } from "./schema";

/** Each is a process of 250 MB in a container of 2 GB (host/compose.yaml, queue-short). */
export const MOST_ORDERS_AT_ONCE = 6;

/**
 * How many orders the server books at once. One processor is the database's and the pages'; of two, both book, because a process
 * waits for the database for a third of its time. The connector without our app alters customers that it knows, so there it is one.
 */
export function ordersAtOnce({ erpnext, gcp }: Pick<Customer, "erpnext" | "gcp">): number {
  if (erpnext.ordersAtOnce !== undefined) return erpnext.ordersAtOnce;
  if (!erpnext.booksApp) return 1;
  return Math.min(MOST_ORDERS_AT_ONCE, Math.max(2, processorsOf(gcp.machineType) - 1));
}

/** By the name: "e2-standard-4", "n2-custom-8-16384". Those that share a processor have two by name. */
function processorsOf(machineType: string): number {
  if (/-(?:micro|small|medium)\b/.test(machineType)) return 2;
  return Number(/-(\d+)\b/.exec(machineType)?.[1] ?? 2);
}
