import { hostname, userInfo } from "node:os";

import { FrappeError, type FrappeClient } from "../../../clients/frappe";
import { UserError } from "../../../core/user-error";

/** A doctype of Frappe's own whose documents are named by who makes them: of two that insert one name, one is refused. */
const DOCTYPE = "Tag";
const NAME = "erpnext-shopify-stack heal";

/**
 * Does something while no other command heals this site. Two deliveries of one order at once would make two Sales Orders: no index
 * forbids it. The lock is a document on the site itself, so that it holds between machines.
 * @throws UserError when someone else holds it
 */
export async function whileLocked<T>(
  site: Pick<FrappeClient, "insert" | "delete" | "get">,
  customer: string,
  work: () => Promise<T>,
): Promise<T> {
  const description = `${userInfo().username} at ${hostname()} since ${new Date().toISOString()}, process ${process.pid}`;
  try {
    const { description: holder } = await site.insert(DOCTYPE, { name: NAME, description });
    // An insert whose answer was lost is followed by a look for the name, which may be another's.
    if (holder !== description) throw taken(customer, holder);
  } catch (error) {
    if (!(error instanceof FrappeError) || error.kind !== "conflict") throw error;
    throw taken(customer, (await site.get(DOCTYPE, NAME))?.["description"]);
  }
  try {
    return await work();
  } finally {
    await site.delete(DOCTYPE, NAME);
  }
}

function taken(customer: string, holder: unknown): UserError {
  return new UserError({
    what: `another heal of this customer is running (${typeof holder === "string" ? holder : "it does not say who"})`,
    customer,
    next: `wait for the end of it, or if that process is gone delete the ${DOCTYPE} "${NAME}" in ERPNext`,
  });
}
