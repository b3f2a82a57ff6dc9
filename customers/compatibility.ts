/**
 * frappe/frappe_docker as of 2026-08-20: the recipe of every image, and the compose files that every server runs. All
 * combinations below are meant for this commit.
 */
export const FRAPPE_DOCKER_COMMIT = "4b9d35666abd84157ffadbf67558bbd3e1e39de7";

/** The two apps whose branches decide what goes together. */
export const ERPNEXT_REPOSITORY = "https://github.com/frappe/erpnext";
export const CONNECTOR_REPOSITORY = "https://github.com/frappe/ecommerce_integrations";

/** Branches that go together. */
export interface Combination {
  readonly frappe: string;
  readonly erpnext: string;
  readonly connector: string;
}

/** Versions that an image may run on, major and minor number, e.g. "3.11"; each of a list will do. */
export interface Runtimes {
  readonly python: readonly string[];
  readonly node: readonly string[];
}

/** A combination that was tested, and what it was tested on. An image built of anything else is not released. */
export interface TestedCombination extends Combination, Runtimes {}

/** An app as a customer's file names it. */
interface App {
  readonly url: string;
  readonly branch: string;
}

/** What frappe_docker's own tests run version 15 on, and so what its prebuilt base images bring: Python 3.11.6, Node 20.19.2. */
const VERSION_15 = { frappe: "version-15", erpnext: "version-15", python: ["3.11"], node: ["20.19"] };

/** Likewise version 16: Python 3.14.2, Node 24.12.0; the recipe's own default is 24.13.0. */
const VERSION_16 = { frappe: "version-16", erpnext: "version-16", python: ["3.14"], node: ["24.12", "24.13"] };

/**
 * The one table of what goes together. Source: pyproject.toml of each ecommerce_integrations branch (main and version-15
 * need ERPNext 15, version-16 and develop need 16; Python from 3.10 to 3.14); ERPNext needs the Frappe of its own number.
 * Python and Node: .github/workflows/core-build-stable.yml and docker-bake.hcl at {@link FRAPPE_DOCKER_COMMIT}. Adding a
 * row is the last step of testing it.
 */
export const TESTED_COMBINATIONS: readonly TestedCombination[] = [
  { ...VERSION_15, connector: "main" },
  { ...VERSION_15, connector: "version-15" },
  { ...VERSION_16, connector: "version-16" },
  { ...VERSION_16, connector: "develop" },
];

/** The row of these branches; undefined where they were not tested together. */
export function findTested(branches: Combination): TestedCombination | undefined {
  return TESTED_COMBINATIONS.find(
    (known) =>
      known.frappe === branches.frappe && known.erpnext === branches.erpnext && known.connector === branches.connector,
  );
}

/** The branches that a customer asks for; undefined while erpnext or the connector is not among the apps. */
export function branchesOf(apps: readonly App[], frappe: string): Combination | undefined {
  const erpnext = apps.find((app) => repositoryOf(app) === ERPNEXT_REPOSITORY)?.branch;
  const connector = apps.find((app) => repositoryOf(app) === CONNECTOR_REPOSITORY)?.branch;
  return erpnext === undefined || connector === undefined ? undefined : { frappe, erpnext, connector };
}

/** An address as it identifies a repository: no .git at its end, and case does not count. */
export function repositoryOf({ url }: App): string {
  return url.toLowerCase().replace(/\.git$/, "");
}

/** A combination on one line: Frappe / ERPNext / connector. */
export function combinationName({ frappe, erpnext, connector }: Combination): string {
  return `${frappe} / ${erpnext} / ${connector}`;
}
