import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalWorkspace } from "@pulumi/pulumi/automation";

import { UserError } from "../../../components/shared/user-error";
import { runPulumi } from "../cli/pulumi-cli";
import { describePulumiFailure } from "../cli/stack-state";
import { findAtCloudflare, isCloudflares, isLost } from "./cloudflare";
import { deleteOne, type Clouds } from "./clouds";
import { findAtGoogle, isGoogles, type Existing } from "./google";
import {
  hasPendingCreates,
  hasResources,
  importFile,
  nameOf,
  unfinishedOf,
  type RawDeployment,
  type RawStep,
  type Unfinished,
} from "./unfinished";

type Workspace = Pick<LocalWorkspace, "pulumiCommand" | "workDir">;

/** What there is in the clouds that the state does not know. */
export interface Adoption {
  /** Names in the program of what an engine that was killed had begun. */
  readonly pending: readonly string[];
  readonly found: readonly { readonly what: Unfinished; readonly id: string }[];
  /** Made more than once, or of no use without a secret that is lost: to be deleted. */
  readonly superfluous: readonly { readonly what: Unfinished; readonly id: string }[];
  /** Of the right name, and labelled as somebody else's. */
  readonly foreign: readonly { readonly what: Unfinished; readonly id: string }[];
}

/** A preview of a whole customer takes seconds, an import of a few resources too (milliseconds). */
const ENGINE_LIMIT_MS = 10 * 60_000;

const NOTHING: Adoption = { pending: [], found: [], superfluous: [], foreign: [] };

/**
 * Looks for what an update has made without writing it down: it was killed, or an answer of the cloud's was lost. Changes nothing.
 * @param planned whether the program's own plan is looked at too, which takes a preview
 * @throws UserError, LookFailed, ClientError
 */
export async function lookForUnfinished(
  workspace: Workspace,
  { slug, clouds, planned }: { readonly slug: string; readonly clouds: Clouds; readonly planned: boolean },
): Promise<Adoption> {
  const deployment = await exported(workspace, slug);
  const isPending = hasPendingCreates(deployment);
  if (!isPending && !(planned && hasResources(deployment))) return NOTHING;
  const steps = planned ? await plannedSteps(workspace, slug, isPending) : [];
  const pending = (deployment.pending_operations ?? []).map(({ resource }) => nameOf(resource.urn));
  const adoption = { pending, found: [] as Adoption["found"][number][], superfluous: [], foreign: [] } as {
    -readonly [K in keyof Adoption]: Adoption[K][number][];
  };
  for (const what of unfinishedOf(deployment, steps)) {
    const existing = await findEverywhere(what, clouds);
    const own = existing.filter((one) => isOwn(one, slug));
    adoption.foreign.push(...existing.filter((one) => !isOwn(one, slug)).map(({ id }) => ({ what, id })));
    const [first, ...others] = isLost(what.type) ? [undefined, ...own] : own;
    if (first !== undefined) adoption.found.push({ what, id: first.id });
    adoption.superfluous.push(...others.flatMap((one) => (one === undefined ? [] : [{ what, id: one.id }])));
  }
  return adoption;
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
  for (const { what, id } of adoption.superfluous) await deleteSuperfluous(what.type, id, clouds);
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

async function deleteSuperfluous(type: string, id: string, clouds: Clouds): Promise<void> {
  if (isGoogles(type)) return deleteOne(await clouds.google("monitoring"), `v3/${id}`);
  const [, account = "", token = ""] = /^accounts\/([^/]+)\/(.+)$/.exec(id) ?? [];
  return deleteOne(clouds.cloudflare, `accounts/${account}/access/service_tokens/${token}`);
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

/** `pulumi stack import` drops what is pending (pulumi v3.256.0, pkg/cmd/pulumi/stack/io.go); an update carries it along for ever. */
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
