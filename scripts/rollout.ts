import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Command } from "commander";

import { UserError } from "../core/user-error";
import { knownSlugs, loadCustomer } from "../customers/load";
import { readRelease, type Release } from "../customers/release";
import { progressTo } from "../tools/progress";
import { act, operatorCommand, type CommandContext } from "./lib/cli/command";
import { PROJECT_DIRECTORY } from "./lib/cli/open-customer";
import { readStack } from "./lib/cli/stack-state";
import { asBuilder, asReader, withImageTag, type ReleaseEdit } from "./lib/rollout/image-tag-file";
import { lookAtAll } from "./lib/rollout/look";
import { layOut, nextStep, toLookAt, type KnownCustomer, type Layout, type NextStep } from "./lib/rollout/plan";
import { promote, recordDigest } from "./lib/rollout/promote";
import { printRollout } from "./lib/rollout/rollout-report";
import { googleToken } from "./lib/server-request/google-token";

interface Options {
  readonly image: string;
  readonly canary: readonly string[];
  readonly without: readonly string[];
  readonly apply: boolean;
}

const CUSTOMERS = join(PROJECT_DIRECTORY, "customers");

/** `./stack rollout`: one image tag for the whole fleet, wave by wave, by editing files alone. */
export function rolloutCommand(): Command {
  return operatorCommand(
    "rollout",
    "Roll an image tag out to all customers in waves; each has to be healthy before the next.",
    "--image 2026.12 --canary demo-store --apply",
  )
    .requiredOption("--image <tag>", "the tag for all customers")
    .option("--canary <customers...>", "who goes first, before the other test customers", [])
    .option("--without <customers...>", "who is left out", [])
    .option("--apply", "write the files of the next wave; without it, say which they are", false)
    .action(act(rollout));
}

async function rollout({ terminal, signal }: CommandContext, options: Options): Promise<boolean> {
  const { image, apply } = options;
  const release = releaseOf(image);
  const customers = knownSlugs(CUSTOMERS).map((slug) => ({ slug, parsed: loadCustomer(slug, CUSTOMERS) }));
  const layout = layOut(customers, { ...options, isRelease: release !== undefined });
  const seen = await lookAtAll(
    toLookAt(layout, image).flatMap((slug) => customerOf(customers, slug)),
    { directory: PROJECT_DIRECTORY, image, signal },
    terminal,
  );
  const step = nextStep(layout, image, seen);
  printRollout(layout, { image, step, seen }, terminal);
  const files: string[] = [];
  if (step.kind === "write") {
    const isBuilt = release !== undefined && step.wave > 1;
    const edits = edit(step.slugs, image, release === undefined ? withImageTag : isBuilt ? asReader : asBuilder);
    files.push(...edits.map(({ name }) => name));
    if (apply) {
      if (isBuilt) files.push(...(await give({ release, layout, customers, slugs: step.slugs }, { terminal, signal })));
      edits.forEach(({ path, text }) => {
        writeFileSync(path, text);
      });
    }
  }
  if (step.kind === "write") terminal.print(whatNow(step, files, apply));
  terminal.result({ ...layout, seen: Object.fromEntries(seen), step, files, applied: apply });
  return step.kind !== "halt";
}

function customerOf(customers: readonly KnownCustomer[], slug: string) {
  const parsed = customers.find((known) => known.slug === slug)?.parsed;
  return parsed?.ok === true ? [parsed.customer] : [];
}

/** Every file of the wave is edited before the first one is written, so that a refusal leaves them all as they were. */
function edit(slugs: readonly string[], image: string, edited: ReleaseEdit) {
  return slugs.map((slug) => {
    const path = join(CUSTOMERS, `${slug}.yaml`);
    return { name: `customers/${slug}.yaml`, path, text: edited(readFileSync(path, "utf8"), slug, image) };
  });
}

/** @throws UserError for a release's file with faults */
function releaseOf(image: string): Release | undefined {
  const read = readRelease(image);
  if (read === undefined || "release" in read) return read?.release;
  throw new UserError({
    what: read.faults.join("; "),
    next: "correct the file, or make another release with ./stack release",
  });
}

interface Giving {
  readonly release: Release;
  readonly layout: Layout;
  readonly customers: readonly KnownCustomer[];
  readonly slugs: readonly string[];
}

/** Gives a wave's registries the image that the first wave has built, and notes its digest. @returns the files that were written for it */
async function give(
  { release, layout, customers, slugs }: Giving,
  { terminal, signal }: Pick<CommandContext, "terminal" | "signal">,
): Promise<readonly string[]> {
  const slug = layout.waves[0]?.members[0]?.slug ?? "";
  const state = await readStack({ slug, directory: PROJECT_DIRECTORY }, progressTo(process.stderr));
  if (state?.outputs === undefined) {
    throw new UserError({
      what: "the stack that builds the image is not up",
      customer: slug,
      next: `run "pulumi up -s ${slug}"`,
    });
  }
  const built = { slug, reference: state.outputs.image, registryUrl: state.config["registryUrl"] };
  const members = slugs.flatMap((member) => customerOf(customers, member));
  const digest = await promote({ release, built, members, token: await googleToken(process.env), signal }, terminal);
  return recordDigest(release, digest) ? [`releases/${release.version}.yaml`] : [];
}

function whatNow({ wave }: Extract<NextStep, { kind: "write" }>, files: readonly string[], applied: boolean): string {
  const list = files.join(", ");
  return applied
    ? `Wave ${wave} is written: ${list}. Commit it as one pull request; once it is deployed, the same command finds the next wave.`
    : `Nothing was written. With --apply wave ${wave} is: ${list}.`;
}
