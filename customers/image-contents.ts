import { branchesOf, findTested, FRAPPE_DOCKER_COMMIT, repositoryOf, type Runtimes } from "./compatibility";
import { readRelease, type Release } from "./release";
import type { Customer } from "./schema";

/** What is cloned into an image. */
export interface ImageSource {
  /** Git repository, https. */
  readonly url: string;
  /** Branch or tag. */
  readonly branch: string;
  /** What that must be: 40 hexadecimal digits. The build fails on another. */
  readonly commit?: string | undefined;
}

/** What the tags of frappe_docker's base images pointed to when they were pinned: `sha256:<64 hexadecimal digits>` each. */
export interface BaseDigests {
  readonly build: string;
  readonly base: string;
}

/** All that an image is made from. */
export interface ImageContents {
  readonly frappe: ImageSource;
  /** In order of installation; the framework is implied. */
  readonly apps: readonly ImageSource[];
  readonly bases?: BaseDigests | undefined;
  /** Commit of frappe_docker. */
  readonly frappeDocker: string;
  readonly runtimes: Runtimes;
  /** A release's recipe, named by what it holds; undefined where the image is built from image/ as it is. */
  readonly recipe?: string;
  /** What every image of this release is. */
  readonly digest?: string | undefined;
  /** Names of apps that are in the image and not for this customer's site. */
  readonly leftOut: readonly string[];
}

const FRAPPE_REPOSITORY = "https://github.com/frappe/frappe";

/** What a customer's image holds: its release's contents, or, where its tag is not a release, what its own file lists. */
export function contentsOf(customer: Customer): ImageContents {
  const read = readRelease(customer.erpnext.imageTag);
  return read !== undefined && "release" in read ? ofRelease(read.release, customer) : ofLists(customer);
}

function ofRelease(release: Release, { erpnext: { localization, baseImages } }: Customer): ImageContents {
  const { frappe, apps, localizations, frappeDocker, runtimes, recipe, digest } = release;
  const asked = localization === undefined ? undefined : repositoryOf(localization);
  return {
    frappe,
    apps: [...apps, ...localizations],
    bases: release.bases ?? baseImages,
    frappeDocker,
    runtimes,
    recipe,
    digest,
    leftOut: localizations.filter((app) => repositoryOf(app) !== asked).map(({ name }) => name),
  };
}

function ofLists({ slug, erpnext }: Customer): ImageContents {
  const { frappeBranch = "", apps = [], localization, baseImages } = erpnext;
  const branches = branchesOf(apps, frappeBranch);
  const tested = branches === undefined ? undefined : findTested(branches);
  // An image that is only read back may be anything, and nothing of this is asked of it but the server's Compose files.
  if (tested === undefined && erpnext.build) {
    throw new Error(`no tested combination for ${slug}, which the schema should have refused`);
  }
  return {
    frappe: { url: FRAPPE_REPOSITORY, branch: frappeBranch },
    apps: localization === undefined ? apps : [...apps, localization],
    bases: baseImages,
    frappeDocker: FRAPPE_DOCKER_COMMIT,
    runtimes: tested ?? { python: [], node: [] },
    leftOut: [],
  };
}
