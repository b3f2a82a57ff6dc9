import {
  branchesOf,
  combinationName,
  CONNECTOR_REPOSITORY,
  ERPNEXT_REPOSITORY,
  findTested,
  repositoryOf,
  TESTED_COMBINATIONS,
} from "./compatibility";
import { IMAGE_DIGEST_EXAMPLE } from "./erpnext-shapes";
import { fieldName, shown } from "./refusal";
import { knownReleases, readRelease, type Release } from "./release";
import type { CustomerFields } from "./schema";
import type { Report, Rule } from "./rules";

type App = NonNullable<CustomerFields["erpnext"]["apps"]>[number];
interface PlacedApp extends App {
  readonly path: readonly PropertyKey[];
}

const REQUIRED = [ERPNEXT_REPOSITORY, CONNECTOR_REPOSITORY];

const NEEDS = [
  ["erpnext", "apps"],
  ["erpnext", "localization"],
];

/** The folder that bench gives an app: the last part of its address. Two apps of one name overwrite each other. */
function folder(app: App): string {
  return repositoryOf(app).split("/").at(-1) ?? "";
}

function placedApps({ erpnext: { apps, localization } }: CustomerFields): readonly PlacedApp[] {
  const listed = (apps ?? []).map((app, index) => ({ ...app, path: ["erpnext", "apps", index, "url"] }));
  return localization === undefined
    ? listed
    : [...listed, { ...localization, path: ["erpnext", "localization", "url"] }];
}

const requiredApps: Rule = {
  needs: [["erpnext", "apps"]],
  check: ({ erpnext: { apps } }, report) => {
    if (apps === undefined) return;
    for (const url of REQUIRED.filter((required) => !apps.some((app) => repositoryOf(app) === required))) {
      report(
        ["erpnext", "apps"],
        `"erpnext.apps" lacks ${url}, without which no order arrives: add for example { url: "${url}", branch: "version-15" }`,
      );
    }
  },
};

const appsOnce: Rule = {
  needs: NEEDS,
  check: (customer, report) => {
    const apps = placedApps(customer);
    for (const [index, app] of apps.entries()) {
      if (folder(app) === "frappe" || apps.findIndex((other) => folder(other) === folder(app)) === index) continue;
      report(
        app.path,
        `${fieldName(app.path)} is ${shown(app.url)}, which is the app "${folder(app)}" a second time: remove it, or write another app such as "https://github.com/frappe/hrms"`,
      );
    }
  },
};

const frappeImplicit: Rule = {
  needs: NEEDS,
  check: (customer, report) => {
    for (const app of placedApps(customer).filter((each) => folder(each) === "frappe")) {
      report(
        app.path,
        `${fieldName(app.path)} is ${shown(app.url)}, which is in the image anyway: remove it and choose its branch by for example frappeBranch: "version-15"`,
      );
    }
  },
};

/** Apps that refuse the connector's orders, with what they do, by folder. */
const REFUSING: Readonly<Record<string, string>> = {
  "india-compliance":
    'refuses each order with GST ("No GST is being charged on Taxable Items") until frappe/ecommerce_integrations has merged its pull request 466',
};

const takesOrders: Rule = {
  needs: NEEDS,
  check: (customer, report) => {
    for (const app of placedApps(customer)) {
      const does = REFUSING[folder(app)];
      if (does === undefined) continue;
      report(
        app.path,
        `${fieldName(app.path)} is ${shown(app.url)}, which ${does}: leave it out, or write another app such as "https://github.com/frappe/hrms"`,
      );
    }
  },
};

const testedTogether: Rule = {
  needs: [
    ["erpnext", "apps"],
    ["erpnext", "frappeBranch"],
  ],
  check: ({ erpnext: { apps, frappeBranch } }, report: Report) => {
    if (apps === undefined || frappeBranch === undefined) return;
    const branches = branchesOf(apps, frappeBranch);
    if (branches === undefined || findTested(branches) !== undefined) return;
    const known = TESTED_COMBINATIONS.map(combinationName).join(", ");
    report(
      ["erpnext", "frappeBranch"],
      `"erpnext.frappeBranch" is ${shown(frappeBranch)}, which with the branches of erpnext and ecommerce_integrations makes the untested combination ${combinationName(branches)}: write one of ${known}`,
    );
  },
};

/** frappe_docker's base images are found by a branch's name and are moved; without digests a tag says nothing of its own inputs. */
const pinnedBases: Rule = {
  needs: [["slug"], ["environment"], ["erpnext", "imageTag"], ["erpnext", "build"], ["erpnext", "baseImages"]],
  check: ({ slug, environment, erpnext: { imageTag, build, baseImages } }, report) => {
    if (environment !== "production" || !build || baseImages !== undefined) return;
    if (releaseOf(imageTag)?.bases !== undefined) return;
    report(
      ["erpnext", "baseImages"],
      `"erpnext.baseImages" is required for production, because upstream tags can change under you: run npm run pin-base-images -- ${slug} --apply, which writes for example { build: "${IMAGE_DIGEST_EXAMPLE}", base: "${IMAGE_DIGEST_EXAMPLE}" }`,
    );
  },
};

function releaseOf(tag: string): Release | undefined {
  const read = readRelease(tag);
  return read !== undefined && "release" in read ? read.release : undefined;
}

/** What an image holds stands in its release; without one the customer's file has to say it. */
const contentsKnown: Rule = {
  needs: [["erpnext", "imageTag"], ["erpnext", "build"], ...NEEDS, ["erpnext", "frappeBranch"]],
  check: ({ erpnext }, report) => {
    const read = readRelease(erpnext.imageTag);
    if (read === undefined) ownLists(erpnext, report);
    else if ("release" in read) sameAsRelease(erpnext, read.release, report);
    else for (const fault of read.faults) report(["erpnext", "imageTag"], fault);
  },
};

const LISTS = {
  frappeBranch: '"version-15"',
  apps: `[${REQUIRED.map((url) => `{ url: "${url}", branch: "version-15" }`).join(", ")}]`,
} as const;

function ownLists(erpnext: CustomerFields["erpnext"], report: Report): void {
  if (!erpnext.build) return;
  for (const field of ["frappeBranch", "apps"] as const) {
    if (erpnext[field] !== undefined) continue;
    const newest = knownReleases().at(-1) ?? "1.0";
    report(
      ["erpnext", field],
      `"erpnext.${field}" is missing, and releases/ has no "${erpnext.imageTag}" that says it: write imageTag: "${newest}", which is a release, or for example ${LISTS[field]}`,
    );
  }
}

/** A file may repeat what its release says. What differs would not be in the image. */
function sameAsRelease(erpnext: CustomerFields["erpnext"], release: Release, report: Report): void {
  const { frappeBranch, apps = [], localization } = erpnext;
  const own = `or give the image a tag of its own, which is no release, for example imageTag: "own-${release.version}"`;
  if (frappeBranch !== undefined && frappeBranch !== release.frappe.branch) {
    report(
      ["erpnext", "frappeBranch"],
      `"erpnext.frappeBranch" is ${shown(frappeBranch)}, and the release "${release.version}" has "${release.frappe.branch}": remove the line, ${own}`,
    );
  }
  const differs = (one: App, among: readonly App[]): boolean =>
    !among.some((other) => repositoryOf(other) === repositoryOf(one) && other.branch === one.branch);
  for (const [index, app] of apps.entries()) {
    if (!differs(app, release.apps)) continue;
    const path = ["erpnext", "apps", index];
    report(
      path,
      `${fieldName(path)} is ${shown(`${app.url} ${app.branch}`)}, which the release "${release.version}" does not hold: remove "erpnext.apps", ${own}`,
    );
  }
  if (localization === undefined || !differs(localization, release.localizations)) return;
  report(
    ["erpnext", "localization"],
    `"erpnext.localization" is ${shown(`${localization.url} ${localization.branch}`)}, which the release "${release.version}" does not hold: remove it, ${own}`,
  );
}

/** What the apps of an image, and what it is built on, must be to one another. */
export const appRules: readonly Rule[] = [
  requiredApps,
  appsOnce,
  frappeImplicit,
  takesOrders,
  testedTogether,
  contentsKnown,
  pinnedBases,
];
