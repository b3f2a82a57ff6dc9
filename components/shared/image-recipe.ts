import { createHash } from "node:crypto";

import { UserError } from "./user-error";

/** frappe/frappe_docker as of 2026-08-20: the recipe of the image, and the compose files that the server runs. */
export const FRAPPE_DOCKER_COMMIT = "4b9d35666abd84157ffadbf67558bbd3e1e39de7";

/** BuildKit's form of a repository at one commit; it fetches that commit alone. */
export const FRAPPE_DOCKER_CONTEXT = `https://github.com/frappe/frappe_docker.git#${FRAPPE_DOCKER_COMMIT}`;

/**
 * The recipe's own address. A path inside the remote context will not do: the docker-build provider (0.0.22) checks every
 * `dockerfile.location` that is no URL by opening it on this machine, whatever the context is.
 */
export const LAYERED_CONTAINERFILE = `https://raw.githubusercontent.com/frappe/frappe_docker/${FRAPPE_DOCKER_COMMIT}/images/layered/Containerfile`;

/** Where the recipe gets the framework itself. */
export const FRAPPE_REPOSITORY = "https://github.com/frappe/frappe";

/** One app to bake in, as apps.json wants it. */
export interface ImageApp {
  /** Git repository, https. */
  readonly url: string;
  /** Branch or tag. */
  readonly branch: string;
}

/** The text of apps.json. Throws a {@link UserError} for a URL that carries a credential: it would end up in the build's log. */
export function appsJson(customer: string, apps: readonly ImageApp[]): string {
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

/** What a label can say about the apps: `<repository>@<branch>`, space separated, in the order of installation. */
export function appsLabel(apps: readonly ImageApp[]): string {
  return apps.map(({ url, branch }) => `${url.replace(/^.*\//, "").replace(/\.git$/, "")}@${branch}`).join(" ");
}
