/** Branches that were tested together. An image built of anything else is not released. */
export interface Combination {
  readonly frappe: string;
  readonly erpnext: string;
  readonly connector: string;
}

/**
 * Source: pyproject.toml of each ecommerce_integrations branch: main and version-15 need ERPNext 15, version-16 and
 * develop need 16; ERPNext needs the Frappe of its own number. Adding a row is the last step of testing it.
 */
export const TESTED_COMBINATIONS: readonly Combination[] = [
  { frappe: "version-15", erpnext: "version-15", connector: "main" },
  { frappe: "version-15", erpnext: "version-15", connector: "version-15" },
  { frappe: "version-16", erpnext: "version-16", connector: "version-16" },
  { frappe: "version-16", erpnext: "version-16", connector: "develop" },
];

/** Whether these branches were tested together. */
export function isTested(branches: Combination): boolean {
  return TESTED_COMBINATIONS.some(
    (known) =>
      known.frappe === branches.frappe && known.erpnext === branches.erpnext && known.connector === branches.connector,
  );
}

/** A combination on one line: Frappe / ERPNext / connector. */
export function combinationName({ frappe, erpnext, connector }: Combination): string {
  return `${frappe} / ${erpnext} / ${connector}`;
}
