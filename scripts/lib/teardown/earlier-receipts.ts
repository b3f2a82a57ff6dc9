import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

import { parseJson } from "../../../clients/http";
import type { Customer } from "../../../customers/schema";

const receiptSchema = z.object({
  customer: z.string(),
  shopDomain: z.string(),
  project: z.string(),
  startedAt: z.string(),
  stackWasThere: z.boolean(),
  looks: z.array(z.object({ place: z.string(), what: z.string(), found: z.array(z.string()).optional() })),
});

/** What counts of a receipt that an earlier run has written. */
export type EarlierReceipt = z.infer<typeof receiptSchema>;

/**
 * The receipts of this very customer, shop and project in a directory, the newest first. A file that is no receipt proves
 * nothing and is passed over.
 */
export function earlierReceipts(
  directory: string,
  { slug, shopify, gcp }: Pick<Customer, "slug" | "shopify" | "gcp">,
): readonly EarlierReceipt[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.startsWith(`teardown-${slug}-`) && name.endsWith(".json"))
    .flatMap((name) => {
      const parsed = receiptSchema.safeParse(parseJson(readFileSync(join(directory, name), "utf8")));
      return parsed.success ? [parsed.data] : [];
    })
    .filter(
      ({ customer, shopDomain, project }) =>
        customer === slug && shopDomain === shopify.shopDomain && project === gcp.project,
    )
    .sort((one, other) => other.startedAt.localeCompare(one.startedAt));
}
