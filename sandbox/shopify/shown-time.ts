/**
 * A time as Shopify shows it. An order shown as 2026-06-22T22:34:00Z is kept, and compared in searches, as 22:34:00.609599
 * (recordings of a real shop in airhorns/shopify-draft-proxy, API 2025-01 to 2026-07: `createdAt` beside the cursor's time).
 */
export function inWholeSeconds(time: string): string {
  return time.replace(/\.\d+(?=Z|[+-]\d\d:?\d\d$)/, "");
}
