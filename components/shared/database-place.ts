import type { D1DatabaseArgs } from "@pulumi/cloudflare/d1database";

/** Where the customer's data is kept, so the console's is too: in Europe by rule, elsewhere near by. */
export function databasePlace(region: string): Pick<D1DatabaseArgs, "jurisdiction" | "primaryLocationHint"> {
  if (region.startsWith("europe-")) return { jurisdiction: "eu" };
  if (region.startsWith("asia-")) return { primaryLocationHint: "apac" };
  if (region.startsWith("australia-")) return { primaryLocationHint: "oc" };
  if (region.startsWith("us-west")) return { primaryLocationHint: "wnam" };
  return /^(us|northamerica|southamerica)-/.test(region) ? { primaryLocationHint: "enam" } : {};
}
