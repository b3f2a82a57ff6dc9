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
import type { CustomerFields } from "./schema";
import type { Report, Rule } from "./rules";

type App = CustomerFields["erpnext"]["apps"][number];
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
  const listed = apps.map((app, index) => ({ ...app, path: ["erpnext", "apps", index, "url"] }));
  return localization === undefined
    ? listed
    : [...listed, { ...localization, path: ["erpnext", "localization", "url"] }];
}

const requiredApps: Rule = {
  needs: [["erpnext", "apps"]],
  check: ({ erpnext: { apps } }, report) => {
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

const testedTogether: Rule = {
  needs: [
    ["erpnext", "apps"],
    ["erpnext", "frappeBranch"],
  ],
  check: ({ erpnext: { apps, frappeBranch } }, report: Report) => {
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
  needs: [["slug"], ["environment"], ["erpnext", "build"], ["erpnext", "baseImages"]],
  check: ({ slug, environment, erpnext: { build, baseImages } }, report) => {
    if (environment !== "production" || !build || baseImages !== undefined) return;
    report(
      ["erpnext", "baseImages"],
      `"erpnext.baseImages" is missing, without which production is built on images that others move: run npm run pin-base-images -- ${slug} --apply, which writes for example { build: "${IMAGE_DIGEST_EXAMPLE}", base: "${IMAGE_DIGEST_EXAMPLE}" }`,
    );
  },
};

/** What the apps of an image, and what it is built on, must be to one another. */
export const appRules: readonly Rule[] = [requiredApps, appsOnce, frappeImplicit, testedTogether, pinnedBases];
