/** Admin API versions that Shopify answers on its own in November 2026, oldest first. 2025-10 and older are retired (shopify.md, 4). */
export const supportedVersions = ["2026-01", "2026-04", "2026-07", "2026-10"] as const;

export type AdminVersion = (typeof supportedVersions)[number] | "unstable";

const [oldestSupported] = supportedVersions;

/**
 * The version that answers a request for `requested`: itself while supported, the oldest supported one for a retired version.
 *
 * @returns undefined for what never was a version, and for one that is not out yet; Shopify answers both with 404.
 */
export function servedVersion(requested: string): AdminVersion | undefined {
  if (requested === "unstable") return requested;
  const supported = supportedVersions.find((version) => version === requested);
  if (supported !== undefined) return supported;
  return /^20\d\d-(01|04|07|10)$/.test(requested) && requested < oldestSupported ? oldestSupported : undefined;
}
