import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { ClientError } from "../../../clients/http";
import type { TaggedImage } from "../../../clients/registry";
import { baseImagesOf } from "../../../components/shared/image-recipe";
import { UserError } from "../../../core/user-error";
import { TESTED_COMBINATIONS } from "../../../customers/compatibility";
import { knownSlugs } from "../../../customers/load";
import { readPins, withPins, type BasePins } from "./pin-file";

/** What to pin, and how. */
export interface PinRequest {
  readonly slug: string;
  /** The directory of customer files. */
  readonly directory: string;
  /** False: nothing is written. */
  readonly apply: boolean;
  /** What a tag points to now. */
  readonly digestOf: (image: TaggedImage) => Promise<string>;
}

/** One base image before and after. */
export interface PinnedImage {
  readonly field: keyof BasePins;
  /** `frappe/build:version-15`. */
  readonly image: string;
  readonly before: string | undefined;
  readonly digest: string;
}

/** What became of it. */
export interface PinReport {
  readonly customer: string;
  /** `customers/acme.yaml`. */
  readonly file: string;
  readonly images: readonly PinnedImage[];
  readonly changed: boolean;
  readonly written: boolean;
  /** The tag that the file still has, which may have been built already. */
  readonly imageTag: string;
}

/**
 * Asks what the customer's base images are now, and writes their digests into the customer's file. Per customer and not for
 * all: a pin is part of one build, and a tag is one build; what all share would change under tags that are built already.
 * @throws UserError
 */
export async function pinBaseImages(request: PinRequest): Promise<PinReport> {
  const { slug, directory, apply } = request;
  const file = `${basename(directory)}/${slug}.yaml`;
  const path = join(directory, `${slug}.yaml`);
  const text = readCustomerText(request, path, file);
  const { frappeBranch, imageTag, pins } = readPins(text);
  const branches = [...new Set(TESTED_COMBINATIONS.map(({ frappe }) => frappe))];
  if (typeof frappeBranch !== "string" || !branches.includes(frappeBranch)) {
    throw new UserError({
      what: `"erpnext.frappeBranch" in ${file} is not one of ${branches.join(", ")}`,
      customer: slug,
      next: `write for example frappeBranch: "version-15" and run the command again`,
    });
  }
  const images = await Promise.all(
    baseImagesOf(frappeBranch).map(async ({ field, repository, tag }): Promise<PinnedImage> => {
      const digest = await askFor(request, { repository, tag });
      return { field, image: `${repository}:${tag}`, before: pins[field], digest };
    }),
  );
  const changed = images.some(({ before, digest }) => before !== digest);
  if (changed) {
    const edited = withPins(text, pinsOf(images));
    if (edited === undefined) throw noPlace({ slug, file, images });
    if (apply) writeWhole(path, edited);
  }
  return { customer: slug, file, images, changed, written: changed && apply, imageTag: String(imageTag) };
}

function readCustomerText({ slug, directory }: PinRequest, path: string, file: string): string {
  const known = knownSlugs(directory);
  if (!known.includes(slug)) {
    throw new UserError({
      what: `there is no ${file}`,
      customer: slug,
      next: `name one of ${known.join(", ") || "the customers, of whom there are none yet"}`,
    });
  }
  return readFileSync(path, "utf8");
}

async function askFor({ slug, digestOf }: PinRequest, image: TaggedImage): Promise<string> {
  try {
    return await digestOf(image);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    throw new UserError({ what: error.what, customer: slug, next: error.next });
  }
}

function pinsOf(images: readonly PinnedImage[]): BasePins {
  const digest = (field: keyof BasePins): string => images.find((image) => image.field === field)?.digest ?? "";
  return { build: digest("build"), base: digest("base") };
}

function noPlace({ slug, file, images }: { slug: string; file: string; images: readonly PinnedImage[] }): UserError {
  const { build, base } = pinsOf(images);
  return new UserError({
    what: `${file} is written in a way that leaves no place for the digests`,
    customer: slug,
    next: `write below "erpnext" baseImages: { build: ${build}, base: ${base} }`,
  });
}

/** Whole or not at all. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** The report for people. */
export function describePins({ customer, file, images, changed, written, imageTag }: PinReport): string {
  const lines = images.map(({ image, before, digest }) => {
    if (before === digest) return `  ${image}  ${digest}, as it was`;
    return `  ${image}  ${digest}${before === undefined ? ", not pinned before" : `, before ${before}`}`;
  });
  const next = !changed
    ? "Nothing to write."
    : written
      ? `${file} is written. Give "erpnext.imageTag" a new value if "${imageTag}" is built already, then pulumi preview -s ${customer}.`
      : `Nothing is written: run it again with --apply.`;
  return [`Base images of customer "${customer}":`, ...lines, next].join("\n");
}
