import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalWorkspace } from "@pulumi/pulumi/automation";

import { ClientError } from "../../../clients/http";
import { UserError } from "../../../core/user-error";
import { runPulumi } from "../cli/pulumi-cli";
import { describePulumiFailure } from "../cli/stack-state";
import { LookFailed } from "../teardown/rest";
import { addressAtCloudflare, cloudflareRepeats, findAtCloudflare, isCloudflares, isLost } from "./cloudflare";
import { deleteOne, type Clouds } from "./clouds";
import { findAtGoogle, googleRepeats, isGoogles, type Existing } from "./google";
import {
  begunIn,
  hasPendingCreates,
  hasResources,
  importFile,
  knownOf,
  nameOf,
  unfinishedOf,
  type RawDeployment,
  type RawStep,
  type Unfinished,
} from "./unfinished";

type Workspace = Pick<LocalWorkspace, "pulumiCommand" | "workDir">;

interface Found {
  readonly what: Unfinished;
  /** As an import takes it. */
  readonly id: string;
}

/** What there is in the clouds that the state does not know. */
export interface Adoption {
  /** Names in the program of what an engine that was killed had begun. */
  readonly pending: readonly string[];
  readonly found: readonly Found[];
  /** The customer's by its label and made more than once, or begun by a killed update and of no use, its secret being lost: to be deleted. */
  readonly superfluous: readonly Found[];
  /** Of the right name, which is taken by it, and not labelled as this customer's. */
  readonly foreign: readonly Found[];
  /** Of the right name and of a kind without labels, beside the state's own: it may have been made by hand, so it is only told. */
  readonly unlabelled: readonly Found[];
  /** Why the clouds were not asked whether they hold something twice of what the state knows. */
  readonly unasked?: string;
}

/** A preview of a whole customer takes seconds, an import of a few resources too (milliseconds). */
const ENGINE_LIMIT_MS = 10 * 60_000;

/** Kinds that others name, and that are refused to be deleted before those. */
const REFERRED = /:(NotificationChannel|UptimeCheckConfig|ZeroTrustAccessServiceToken)$/;

const NOTHING: Adoption = { pending: [], found: [], superfluous: [], foreign: [], unlabelled: [] };

/**
 * Looks for what an update has made without writing it down: it was killed, or an answer of the cloud's was lost. Changes nothing.
 * @param planned whether the program's own plan is checked too, which takes a preview
 * @throws UserError, LookFailed, ClientError
 */
export async function lookForUnfinished(
  workspace: Workspace,
  { slug, clouds, planned }: { readonly slug: string; readonly clouds: Clouds; readonly planned: boolean },
): Promise<Adoption> {
  const deployment = await exported(workspace, slug);
  if (!hasResources(deployment) && !hasPendingCreates(deployment)) return NOTHING;
  const isPending = hasPendingCreates(deployment);
  if (!isPending && !planned) return onlyDoubles(deployment, slug, clouds);
  const steps = planned ? await plannedSteps(workspace, slug, isPending) : [];
  const pending = (deployment.pending_operations ?? []).map(({ resource }) => nameOf(resource.urn));
  const begun = begunIn(deployment);
  const all: Partial<Adoption>[] = [];
  for (const what of unfinishedOf(deployment, steps)) {
    all.push(judged(await findEverywhere(what, clouds), { what, slug, isBegun: begun.has(what.urn) }));
  }
  all.push(await doublesOf(deployment, slug, clouds));
  return {
    pending,
    found: all.flatMap(({ found = [] }) => found),
    superfluous: all.flatMap(({ superfluous = [] }) => superfluous),
    foreign: all.flatMap(({ foreign = [] }) => foreign),
    unlabelled: all.flatMap(({ unlabelled = [] }) => unlabelled),
  };
}

/** What becomes of what has the name of something that the state does not know. */
function judged(
  existing: readonly Existing[],
  { what, slug, isBegun }: { readonly what: Unfinished; readonly slug: string; readonly isBegun: boolean },
): Omit<Adoption, "pending"> {
  const all = existing.map((one) => ({ ...one, what }));
  const owned = all.filter((one) => isOwn(one, slug));
  const kept = isLost(what.type) ? 0 : 1;
  const others = owned.slice(kept);
  // The state says that an update was making it, and there is but one.
  const isProven = isBegun && owned.length === 1;
  return {
    found: owned.slice(0, kept),
    superfluous: others.filter((one) => isProven || hasLabels(one)),
    foreign: googleRepeats(what.type) ? [] : all.filter((one) => !isOwn(one, slug)),
    unlabelled: others.filter((one) => !isProven && !hasLabels(one)),
  };
}

/** A whole stack that nothing is pending of is checked as far as the logins at hand reach. */
async function onlyDoubles(deployment: RawDeployment, slug: string, clouds: Clouds): Promise<Adoption> {
  try {
    return { ...NOTHING, ...(await doublesOf(deployment, slug, clouds)) };
  } catch (error) {
    if (error instanceof LookFailed) return { ...NOTHING, unasked: error.message };
    if (error instanceof UserError) return { ...NOTHING, unasked: error.problem.what };
    if (error instanceof ClientError) return { ...NOTHING, unasked: error.what };
    throw error;
  }
}

/**
 * What an update has made beside something of the same name that a killed one had made: the clouds number some kinds by themselves, and
 * refuse no name. Of the two the state knows the second; the first would stay forever.
 */
async function doublesOf(deployment: RawDeployment, slug: string, clouds: Clouds): Promise<Partial<Adoption>> {
  const known = knownOf(deployment).filter(({ type }) => googleRepeats(type) || cloudflareRepeats(type));
  const ids = new Set(known.map(({ id }) => shortId(id)));
  const looks = known.map(async (what) => {
    const existing = await findEverywhere(what, clouds);
    return existing.filter((one) => isOwn(one, slug) && !ids.has(shortId(one.id))).map((one) => ({ ...one, what }));
  });
  const doubles = (await Promise.all(looks)).flat();
  return { superfluous: doubles.filter(hasLabels), unlabelled: doubles.filter((one) => !hasLabels(one)) };
}

/** Ids of imports have the account before the id that the state has. */
function shortId(id: string): string {
  return id.split("/").at(-1) ?? id;
}

export function isEmpty({ pending, found, superfluous }: Adoption): boolean {
  return pending.length + found.length + superfluous.length === 0;
}

/**
 * Takes what was found into the state, deletes what is superfluous, and forgets what was pending: what does not exist is made by the
 * next update. @returns what was done, in a few words @throws UserError, LookFailed, ClientError
 */
export async function adopt(
  workspace: Workspace,
  { slug, clouds }: { readonly slug: string; readonly clouds: Clouds },
  adoption: Adoption,
): Promise<string> {
  const isReferred = ({ what }: Found): boolean => REFERRED.test(what.type);
  const first = adoption.superfluous.filter((one) => !isReferred(one));
  for (const { what, id } of [...first, ...adoption.superfluous.filter(isReferred)]) {
    await deleteSuperfluous(what, id, clouds);
  }
  if (adoption.found.length > 0) await importAll(workspace, slug, adoption);
  await forgetPending(workspace, slug);
  const names = adoption.found.map(({ what }) => what.name);
  const taken = names.length === 0 ? "found nothing that was made" : `took ${names.join(", ")} into the state`;
  const deleted = adoption.superfluous.map(({ what, id }) => `${what.name} (${id})`);
  return `${taken}${deleted.length === 0 ? "" : `, deleted the superfluous ${deleted.join(", ")}`}`;
}

async function findEverywhere(what: Unfinished, clouds: Clouds): Promise<Existing[]> {
  if (isGoogles(what.type)) return findAtGoogle(what, clouds);
  return isCloudflares(what.type) ? findAtCloudflare(what, clouds) : [];
}

/** Labels say whose it is, where a kind has any; else its name does, of which the slug is a part. */
function isOwn({ labels }: Existing, slug: string): boolean {
  return labels === undefined || labels["customer"] === slug;
}

function hasLabels({ labels }: Existing): boolean {
  return labels !== undefined;
}

async function deleteSuperfluous(what: Unfinished, id: string, clouds: Clouds): Promise<void> {
  // What Google makes twice is Monitoring's.
  if (isGoogles(what.type)) return deleteOne(await clouds.google("monitoring"), `v3/${id}`);
  return deleteOne(clouds.cloudflare, addressAtCloudflare(what, id));
}

async function exported(workspace: Workspace, slug: string): Promise<RawDeployment> {
  try {
    const text = await runPulumi(workspace, ["stack", "export", "--stack", slug]);
    return (JSON.parse(text) as { deployment?: RawDeployment | null }).deployment ?? {};
  } catch (error) {
    throw failure(slug, `the state could not be read (${describePulumiFailure(error)})`);
  }
}

/** A program that cannot be previewed does not keep anyone from adopting what is known to be pending. */
async function plannedSteps(workspace: Workspace, slug: string, isPending: boolean): Promise<readonly RawStep[]> {
  try {
    const args = ["preview", "--json", "--non-interactive", "--stack", slug];
    const text = await runPulumi(workspace, args, { timeoutMs: ENGINE_LIMIT_MS });
    return (JSON.parse(text) as { steps?: readonly RawStep[] }).steps ?? [];
  } catch (error) {
    if (isPending) return [];
    throw failure(slug, `the stack could not be previewed (${describePulumiFailure(error)})`);
  }
}

async function importAll(workspace: Workspace, slug: string, { found }: Adoption): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "adopt-"));
  const file = join(directory, "import.json");
  try {
    writeFileSync(file, importFile(found), { mode: 0o600 });
    const how = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false", "--non-interactive"];
    await runPulumi(workspace, ["import", "--file", file, "--stack", slug, ...how], { timeoutMs: ENGINE_LIMIT_MS });
  } catch (error) {
    const names = found.map(({ what }) => what.name).join(", ");
    throw failure(slug, `${names} could not be taken into the state (${describePulumiFailure(error)})`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** `pulumi stack import` drops what is pending (pulumi v3.256.0, pkg/cmd/pulumi/stack/io.go); an update carries it along forever. */
async function forgetPending(workspace: Workspace, slug: string): Promise<void> {
  try {
    const state = await runPulumi(workspace, ["stack", "export", "--stack", slug]);
    if (!hasPendingCreates((JSON.parse(state) as { deployment: RawDeployment }).deployment)) return;
    await runPulumi(workspace, ["stack", "import", "--stack", slug], { input: state });
  } catch (error) {
    throw failure(slug, `the state could not be written back (${describePulumiFailure(error)})`);
  }
}

function failure(customer: string, what: string): UserError {
  return new UserError({ what, customer, next: `fix that and run "./stack doctor ${customer} --fix" again` });
}
