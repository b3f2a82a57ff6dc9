import { join } from "node:path";

import { stringify } from "yaml";

import type { TaggedImage } from "../../../clients/registry";
import { baseImagesOf } from "../../../components/shared/image-recipe";
import { UserError } from "../../../core/user-error";
import { CONNECTOR_REPOSITORY, repositoryOf } from "../../../customers/compatibility";
import { knownReleases, readRelease, type Release } from "../../../customers/release";
import { newestOf, type Refs, type ReleaseSource } from "./sources";
import type { TriedPatch } from "./try-patches";

/** What a release is made from. */
export interface MakeRequest {
  readonly version: string;
  /** The release whose lines it goes on from. */
  readonly from: string;
  /** Name of the recipe as image/ is now. */
  readonly recipe: string;
  readonly releases: string;
  readonly refsOf: (url: string) => Promise<Refs>;
  readonly digestOf: (image: TaggedImage) => Promise<string>;
  readonly tryPatches: (connector: ReleaseSource) => Promise<readonly TriedPatch[]>;
}

/** One repository between two releases. */
export interface SourceChange {
  readonly url: string;
  readonly branch: string;
  readonly before: string | undefined;
  readonly commit: string;
  /** Where to read what happened between them; undefined where nothing did, or nothing is known of before. */
  readonly compare: string | undefined;
}

export interface MadeRelease {
  readonly release: Release;
  readonly text: string;
  readonly changes: readonly SourceChange[];
  readonly patches: readonly TriedPatch[];
}

/**
 * Asks for the newest commit of every line and for the digests of the base images, and tries the patches on the connector.
 * Nothing is written. @throws UserError
 */
export async function makeRelease(request: MakeRequest): Promise<MadeRelease> {
  const base = baseOf(request);
  const [frappe, apps, localizations] = [
    { ...(await newest(base.frappe, request, true)) },
    await Promise.all(base.apps.map(async (app) => ({ name: app.name, ...(await newest(app, request)) }))),
    await Promise.all(base.localizations.map(async (app) => ({ name: app.name, ...(await newest(app, request)) }))),
  ];
  const connector = apps.find((app) => repositoryOf(app) === CONNECTOR_REPOSITORY);
  const patches = connector === undefined ? [] : await request.tryPatches(connector);
  const lost = patches.find(({ state }) => state === "failed" || state === "missing");
  if (lost !== undefined) {
    throw new UserError({
      what: `the patch "${lost.id}" does not fit the connector's ${connector?.branch ?? ""} (${lost.message.replace(/\.$/, "")})`,
      next: "teach image/connector_patches.py the new shape, with a test, or make the release from another line",
    });
  }
  const release: Release = {
    version: request.version,
    recipe: request.recipe,
    frappeDocker: base.frappeDocker,
    frappe,
    apps,
    localizations,
    bases: await basesOf(frappe.line ?? frappe.branch, request),
    runtimes: base.runtimes,
  };
  const before = [base.frappe, ...base.apps, ...base.localizations];
  const changes = [frappe, ...apps, ...localizations].map((source, index) => changeOf(source, before[index]));
  return { release, text: textOf(release, request.from), changes, patches };
}

function baseOf({ version, from, releases }: MakeRequest): Release {
  if (readRelease(version, releases) !== undefined) {
    throw new UserError({
      what: `releases/${version}.yaml is there already, and a tag is one image for good`,
      next: "choose another version",
    });
  }
  const read = readRelease(from, releases);
  if (read === undefined || !("release" in read)) {
    const why = read === undefined ? `there is no releases/${from}.yaml` : read.faults.join("; ");
    throw new UserError({ what: why, next: `choose with --from among ${knownReleases(releases).join(", ")}` });
  }
  return read.release;
}

async function newest(source: ReleaseSource, { refsOf }: MakeRequest, isFramework = false): Promise<ReleaseSource> {
  return newestOf(source, await refsOf(source.url), isFramework);
}

async function basesOf(line: string, { digestOf }: MakeRequest): Promise<{ build: string; base: string }> {
  const digests = await Promise.all(
    baseImagesOf(line).map(async (image) => [image.field, await digestOf(image)] as const),
  );
  return Object.fromEntries(digests) as { build: string; base: string };
}

function changeOf(source: ReleaseSource, before: ReleaseSource | undefined): SourceChange {
  const { url, branch, commit = "" } = source;
  const was = before?.commit;
  const isKnown = was !== undefined && was !== commit;
  return { url, branch, before: was, commit, compare: isKnown ? `${url}/compare/${was}...${commit}` : undefined };
}

function textOf(release: Release, from: string): string {
  const { localizations, ...rest } = release;
  const fields = localizations.length === 0 ? rest : release;
  return `# What every image under the tag ${release.version} holds. Made by ./stack release, from ${from}; do not edit it.\n${stringify(fields)}`;
}

/** Where a release's file is. */
export function releaseFile(version: string, releases: string): string {
  return join(releases, `${version}.yaml`);
}
