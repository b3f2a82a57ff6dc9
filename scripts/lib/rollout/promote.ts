import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ClientError } from "../../../clients/http";
import { copyImage } from "../../../clients/registry-copy";
import { imagePath, registryHost } from "../../../components/shared/image-recipe";
import { UserError } from "../../../core/user-error";
import { RELEASES, type Release } from "../../../customers/release";
import type { Customer } from "../../../customers/schema";
import type { Terminal } from "../cli/terminal";

/** What the first customer of a release has built: `<host>/<path>:<tag>@sha256:…`, as its stack's output says it. */
export interface BuiltImage {
  readonly slug: string;
  readonly reference: string;
  /** Address of the registries, where the stack's configuration names another than Google's. */
  readonly registryUrl: string | undefined;
}

export interface Promotion {
  readonly release: Release;
  readonly built: BuiltImage;
  readonly members: readonly Customer[];
  /** Google access token that may read the one registry and write the others. */
  readonly token: string;
  readonly signal: AbortSignal;
}

/**
 * Copies the built image into each customer's own registry, under the release's tag and with its digest. A customer whose registry refuses ends it,
 * before any file is written; what was copied until then is there for the next run. @throws UserError @returns the digest
 */
export async function promote(
  { release, built, members, token, signal }: Promotion,
  terminal: Terminal,
): Promise<string> {
  const { host, repository, digest } = partsOf(built, release);
  const progress = terminal.progress("copying the image", members.length);
  try {
    for (const [done, customer] of members.entries()) {
      const place = { slug: customer.slug, project: customer.gcp.project, region: customer.gcp.region };
      await copyImage({
        from: { url: addressOf(built, host), repository, digest },
        to: {
          url: addressOf(built, registryHost(place)),
          repository: `${imagePath(place)}/erpnext`,
          tag: release.version,
        },
        token,
        signal,
      }).catch((error: unknown) => {
        throw error instanceof ClientError ? refused(customer.slug, error) : error;
      });
      progress.update(done + 1, customer.slug);
    }
  } finally {
    progress.end();
  }
  return digest;
}

function partsOf(
  { slug, reference }: BuiltImage,
  release: Release,
): { host: string; repository: string; digest: string } {
  const [, host, repository, digest] = /^([^/]+)\/(.+):[^:@/]+@(sha256:[0-9a-f]{64})$/.exec(reference) ?? [];
  if (host === undefined || repository === undefined || digest === undefined) {
    throw new UserError({
      what: `the stack's image is "${reference}", which is no reference with a digest`,
      customer: slug,
      next: `run "pulumi up -s ${slug}"`,
    });
  }
  if (release.digest !== undefined && release.digest !== digest) {
    throw new UserError({
      what: `the release "${release.version}" is ${release.digest}, and the stack runs ${digest}`,
      customer: slug,
      next: `roll out from the customer that built it, or make a new release with "./stack release"`,
    });
  }
  return { host, repository, digest };
}

function addressOf({ registryUrl }: BuiltImage, host: string): URL {
  return new URL(registryUrl ?? `https://${host}`);
}

function refused(customer: string, error: ClientError): UserError {
  return new UserError({
    what: `the image could not be copied into the customer's registry (${error.what})`,
    customer,
    next: `${error.next}; a customer without a registry first needs "pulumi up -s ${customer}"`,
  });
}

/** Writes down what the canary ran, once. From then on a customer that reads this release back gets this digest or an error. */
export function recordDigest(
  { version, digest: known }: Release,
  digest: string,
  directory: string = RELEASES,
): boolean {
  if (known !== undefined) return false;
  const path = join(directory, `${version}.yaml`);
  const text = readFileSync(path, "utf8");
  writeFileSync(`${path}.new`, `${text.replace(/\n*$/, "\n")}digest: ${digest} # what the canary ran\n`);
  renameSync(`${path}.new`, path);
  return true;
}
