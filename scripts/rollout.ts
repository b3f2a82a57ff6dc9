import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Command } from "commander";

import { knownSlugs, loadCustomer } from "../customers/load";
import { act, operatorCommand, type CommandContext } from "./lib/cli/command";
import { PROJECT_DIRECTORY } from "./lib/cli/open-customer";
import { withImageTag } from "./lib/rollout/image-tag-file";
import { lookAtAll } from "./lib/rollout/look";
import { layOut, nextStep, toLookAt, type KnownCustomer, type NextStep } from "./lib/rollout/plan";
import { printRollout } from "./lib/rollout/rollout-report";

interface Options {
  readonly image: string;
  readonly canary: readonly string[];
  readonly without: readonly string[];
  readonly apply: boolean;
}

const CUSTOMERS = join(PROJECT_DIRECTORY, "customers");

/** `stack rollout`: one image tag for the whole fleet, wave by wave, by editing files alone. */
export function rolloutCommand(): Command {
  return operatorCommand(
    "rollout",
    "Gives the fleet a new image tag in waves, each of which has to be healthy before the next.",
  )
    .requiredOption("--image <tag>", "the tag that everybody shall have")
    .option("--canary <customers...>", "who goes first, before the other test customers", [])
    .option("--without <customers...>", "who is left out", [])
    .option("--apply", "write the files of the next wave; without it, say which they are", false)
    .action(act(rollout));
}

async function rollout({ terminal, signal }: CommandContext, options: Options): Promise<boolean> {
  const { image, apply } = options;
  const customers = knownSlugs(CUSTOMERS).map((slug) => ({ slug, parsed: loadCustomer(slug, CUSTOMERS) }));
  const layout = layOut(customers, options);
  const seen = await lookAtAll(
    toLookAt(layout, image).flatMap((slug) => customerOf(customers, slug)),
    { directory: PROJECT_DIRECTORY, image, signal },
    terminal,
  );
  const step = nextStep(layout, image, seen);
  printRollout(layout, { image, step, seen }, terminal);
  const files = step.kind === "write" ? edit(step.slugs, image, apply) : [];
  if (step.kind === "write") terminal.print(whatNow(step, files, apply));
  terminal.result({ ...layout, seen: Object.fromEntries(seen), step, files, applied: apply });
  return step.kind !== "halt";
}

function customerOf(customers: readonly KnownCustomer[], slug: string) {
  const parsed = customers.find((known) => known.slug === slug)?.parsed;
  return parsed?.ok === true ? [parsed.customer] : [];
}

/** Every file of the wave is edited before the first one is written, so that a refusal leaves them all as they were. */
function edit(slugs: readonly string[], image: string, apply: boolean): readonly string[] {
  const edits = slugs.map((slug) => {
    const path = join(CUSTOMERS, `${slug}.yaml`);
    return { name: `customers/${slug}.yaml`, path, text: withImageTag(readFileSync(path, "utf8"), slug, image) };
  });
  if (apply) {
    edits.forEach(({ path, text }) => {
      writeFileSync(path, text);
    });
  }
  return edits.map(({ name }) => name);
}

function whatNow({ wave }: Extract<NextStep, { kind: "write" }>, files: readonly string[], applied: boolean): string {
  const list = files.join(", ");
  return applied
    ? `Wave ${wave} is written: ${list}. Commit it as one pull request; once it is deployed, the same command finds the next wave.`
    : `Nothing was written. With --apply wave ${wave} is: ${list}.`;
}
