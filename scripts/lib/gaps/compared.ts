import { z } from "zod";

import type { FrappeClient } from "../../../clients/frappe";
import { parseJson } from "../../../clients/http";

/** A doctype of Frappe's own whose documents are named by who makes them, as the lock of a heal is (heal-lock.ts). */
const DOCTYPE = "Tag";
const NAME = "erpnext-shopify-stack compared";

const comparedSchema = z.object({ at: z.iso.datetime(), open: z.array(z.string()) });

/** How far a site's orders have been compared with Shopify's. */
export interface Compared {
  /** When the last comparison began (RFC 3339): what Shopify changed before is in ERPNext, but for these. */
  readonly at: string;
  /** Shopify's numbers of the orders that were not in order then. */
  readonly open: readonly string[];
}

/**
 * Kept at the site itself, so that a restored backup takes it back to what the backup had. Undefined where orders have never been compared, or it cannot be
 * read. @throws FrappeError
 */
export async function readCompared(site: Pick<FrappeClient, "get">): Promise<Compared | undefined> {
  const description = (await site.get(DOCTYPE, NAME))?.["description"];
  return comparedSchema.safeParse(parseJson(typeof description === "string" ? description : "")).data;
}

/** @throws FrappeError */
export async function writeCompared(
  site: Pick<FrappeClient, "get" | "insert" | "update">,
  compared: Compared,
): Promise<void> {
  const description = JSON.stringify(compared);
  const isThere = (await site.get(DOCTYPE, NAME)) !== undefined;
  await (isThere ? site.update(DOCTYPE, NAME, { description }) : site.insert(DOCTYPE, { name: NAME, description }));
}
