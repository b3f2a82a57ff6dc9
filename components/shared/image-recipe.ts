import { createHash } from "node:crypto";

import type { BaseDigests, ImageSource } from "../../customers/image-contents";
import { repositoryId } from "../../core/names";
import { UserError } from "../../core/user-error";

/** BuildKit's form of a repository at one commit; it fetches that commit alone. */
export function frappeDockerContext(commit: string): string {
  return `https://github.com/frappe/frappe_docker.git#${commit}`;
}

/**
 * The recipe's own address. A path inside the remote context will not do: the docker-build provider (0.0.22) checks every
 * `dockerfile.location` that is no URL by opening it on this machine, whatever the context is.
 */
export function layeredContainerfile(commit: string): string {
  return `https://raw.githubusercontent.com/frappe/frappe_docker/${commit}/images/layered/Containerfile`;
}

/**
 * The prebuilt images that the recipe starts its two stages from, as it spells them: `<prefix>/build:<branch>`, its prefix
 * left at "frappe". Their tags move with every release of Frappe.
 */
const BASE_IMAGES = { build: "frappe/build", base: "frappe/base" } as const;

/** The text of apps.json. Throws a {@link UserError} for a URL that carries a credential: it would end up in the build's log. */
export function appsJson(customer: string, apps: readonly ImageSource[]): string {
  for (const [index, { url }] of apps.entries()) {
    const { username, password } = new URL(url);
    if (username !== "" || password !== "") {
      throw new UserError({
        what: `"erpnext.apps[${index}].url" carries a user name or a token`,
        customer,
        next: "name a repository that can be read without one, and revoke the token",
      });
    }
  }
  return JSON.stringify(apps.map(({ url, branch }) => ({ url, branch })));
}

/**
 * Value of the recipe's CACHE_BUST. Build secrets are not part of BuildKit's cache key, so without it a changed apps.json
 * silently gives the old layer; with the tag in it a new tag also fetches what branches have moved to.
 */
export function cacheBust(apps: string, tag: string): string {
  return createHash("sha256").update(`${apps}\n${tag}`).digest("hex");
}

/** What a label can say about the apps: `<repository>@<branch>[#<commit>]`, space separated, in the order of installation. */
export function appsLabel(apps: readonly ImageSource[]): string {
  return apps
    .map(({ url, branch, commit }) => {
      const name = url.replace(/^.*\//, "").replace(/\.git$/, "");
      return `${name}@${branch}${commit === undefined ? "" : `#${commit}`}`;
    })
    .join(" ");
}

/** One base image of a branch. */
export interface BaseImage {
  readonly field: keyof BaseDigests;
  readonly repository: string;
  /** Named like the branch. */
  readonly tag: string;
}

/** The base images of a branch of Frappe. */
export function baseImagesOf(branch: string): readonly BaseImage[] {
  return (["build", "base"] as const).map((field) => ({ field, repository: BASE_IMAGES[field], tag: branch }));
}

/** The base images of a branch, `frappe/build:<branch>@<digest>` and its sibling; without digests by their moving tags. */
export function baseReferences(branch: string, digests?: BaseDigests): readonly string[] {
  return baseImagesOf(branch).map(
    ({ field, repository, tag }) => `${repository}:${tag}${digests === undefined ? "" : `@${digests[field]}`}`,
  );
}

/**
 * Named contexts that pin the base images. A build argument of the recipe holds a branch and cannot hold a digest; but
 * BuildKit asks its named contexts first for the image of every FROM, under the reference's familiar form (no docker.io, no
 * :latest).
 */
export function baseContexts(branch: string, digests: BaseDigests): Record<string, { location: string }> {
  return Object.fromEntries(
    baseImagesOf(branch).map(({ field, repository, tag }) => [
      `${repository}:${tag}`,
      { location: `docker-image://docker.io/${repository}:${tag}@${digests[field]}` },
    ]),
  );
}

/** Why an image could not be read back; Google's provider says "Requested image was not found." and not which. */
export function unreadable(customer: string, image: string, error: unknown): UserError {
  const why = error instanceof Error ? error.message.trim().replace(/\.$/, "") : String(error);
  return new UserError({
    what: `the image ${image} cannot be read back (${why})`,
    customer,
    next: "push it under that tag, or have this stack build it with erpnext.build: true",
  });
}

/** Where a customer's images are. */
export interface ImagePlace {
  readonly slug: string;
  /** Google Cloud project id. */
  readonly project: string;
  /** Google Cloud region of the registry. */
  readonly region: string;
}

/** Artifact Registry's host of a region. */
export function registryHost({ region }: Pick<ImagePlace, "region">): string {
  return `${region}-docker.pkg.dev`;
}

/** The path of a customer's images in their registry, without the image's own name. */
export function imagePath({ slug, project }: Pick<ImagePlace, "slug" | "project">): string {
  return `${project}/${repositoryId(slug)}/${slug}`;
}

/** The digest that a tag was found to be, `sha256:…`. @throws Error when the release says another: then it is not what the canary ran */
export function releasedDigest(link: string, released: string | undefined): string {
  const digest = link.slice(link.indexOf("@") + 1);
  if (released === undefined || released === digest) return digest;
  throw new Error(`it is ${digest}, and its release says ${released}`);
}
