import { Stack, type EngineEvent, type LocalWorkspace } from "@pulumi/pulumi/automation";

import { UserError } from "../../../core/user-error";
import { runPulumi } from "../cli/pulumi-cli";
import { describePulumiFailure } from "../cli/stack-state";

/** A resource of the stack as its state has it. */
export interface StackResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Refuses to be deleted until someone unprotects it. */
  readonly protect: boolean;
  /** Google refuses to delete it until someone switches that off. */
  readonly deletionProtection: boolean;
}

interface RawResource {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly protect?: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
}

/** A stack's state as `pulumi stack export` gives it, as far as this reads it. */
export interface RawState {
  readonly resources?: readonly RawResource[];
}

/** The stack's own bookkeeping, which is nothing in any cloud. */
const NOTHING = /^pulumi:|^erpnext:|^pulumi-nodejs:dynamic.*:Never$/;

/** The type of components/providers/frappe-document.ts. */
const DOCUMENT = "pulumi-nodejs:dynamic/frappe:Document";

/** The type of components/destroy-guard.ts. */
const GUARD = "erpnext:stack:DestroyGuard";

/** What the stack still has, components and providers left out. @throws UserError */
export async function resourcesOf(workspace: LocalWorkspace, slug: string): Promise<readonly StackResource[]> {
  const { resources = [] } = (await exported(workspace, slug)).deployment ?? {};
  return resources
    .filter(({ custom, type }) => custom === true && !NOTHING.test(type))
    .map(({ urn, type, protect = false, outputs }) => ({
      urn,
      type,
      name: nameOf(urn),
      protect,
      deletionProtection: outputs?.["deletionProtection"] === true,
    }));
}

/**
 * Takes out of the state what a teardown must not meet, in one step: Pulumi's own `state delete` refuses what others depend on, and takes
 * seconds for each. @throws UserError
 */
export async function forget(
  workspace: LocalWorkspace,
  slug: string,
  isForgotten: (resource: Pick<StackResource, "type" | "name">) => boolean,
): Promise<void> {
  const before = await exported(workspace, slug);
  const state = JSON.stringify({ ...before, deployment: without(before.deployment ?? {}, isForgotten) });
  try {
    await runPulumi(workspace, ["stack", "import", "--stack", slug], { input: state });
  } catch (error) {
    throw failure(slug, `the state could not be prepared for the end (${describePulumiFailure(error)})`);
  }
}

/** What `pulumi stack export` prints, its secrets encrypted. */
interface Exported {
  readonly version: number;
  /** Null where no update was made. */
  readonly deployment: RawState | null;
}

async function exported(workspace: LocalWorkspace, slug: string): Promise<Exported> {
  try {
    return JSON.parse(await runPulumi(workspace, ["stack", "export", "--stack", slug])) as Exported;
  } catch (error) {
    throw failure(slug, `the state could not be read (${describePulumiFailure(error)})`);
  }
}

/** Pure part of {@link forget}: neither the resources are left nor a word of them in any other. */
export function without(state: RawState, isForgotten: Parameters<typeof forget>[2]): RawState {
  const { resources = [] } = state;
  const gone = new Set(
    resources.filter(({ urn, type }) => isForgotten({ type, name: nameOf(urn) })).map((one) => one.urn),
  );
  const stays = (urns: readonly string[]): string[] => urns.filter((urn) => !gone.has(urn));
  return {
    ...state,
    resources: resources
      .filter(({ urn }) => !gone.has(urn))
      .map((resource) => ({
        ...resource,
        ...(resource.dependencies === undefined ? {} : { dependencies: stays(resource.dependencies) }),
        ...(resource.propertyDependencies === undefined
          ? {}
          : {
              propertyDependencies: Object.fromEntries(
                Object.entries(resource.propertyDependencies).map(([key, urns]) => [key, stays(urns ?? [])]),
              ),
            }),
      })),
  };
}

/**
 * What a destroy of production's would stumble over: the guard depends on all the rest, so that `--exclude-protected` would leave all
 * of it; ERPNext's documents go with the server, which a whole destroy knows by itself (`deletedWith`), while one that keeps the data disk
 * keeps the server's component too, and would delete them one by one.
 */
export function blocksProduction({ type }: Pick<StackResource, "type">): boolean {
  return type === GUARD || type === DOCUMENT;
}

/** The command that makes the last backup when it is deleted (components/server-ready.ts). */
export function isLastBackup({ type, name }: Pick<StackResource, "type" | "name">): boolean {
  return type === "command:local:Command" && name.endsWith("-final-backup");
}

/** The command that brings Pub/Sub's messages to the server's door when it is deleted (components/queue-drain.ts). */
export function isQueueDrain({ type, name }: Pick<StackResource, "type" | "name">): boolean {
  return type === "command:local:Command" && name === "deliveries-drain-left";
}

/** What needs a server that answers when it is deleted: with a dead one it would stop each destroy. */
export function needsServer(resource: Pick<StackResource, "type" | "name">): boolean {
  return isLastBackup(resource) || isQueueDrain(resource);
}

export interface Destroyed {
  /** Type and name of each. */
  readonly deleted: readonly string[];
  /** What the destroy said of its last backup; undefined where it made none. */
  readonly lastBackup: string | undefined;
}

export interface DestroyRun {
  readonly slug: string;
  /** Leave what is protected, and what that stands on. */
  readonly excludeProtected: boolean;
  readonly signal: AbortSignal;
  readonly onDeleted: (resource: string, count: number) => void;
}

/**
 * `pulumi destroy`. It goes on where an interrupted one stopped. @throws UserError in the engine's own words
 */
export async function destroy(workspace: LocalWorkspace, run: DestroyRun): Promise<Destroyed> {
  const { slug, excludeProtected, signal, onDeleted } = run;
  const stack = await Stack.select(slug, workspace);
  const deleted: string[] = [];
  const errors: string[] = [];
  const onEvent = (event: EngineEvent): void => {
    const fault = errorIn(event);
    if (fault !== undefined) errors.push(fault);
    const resource = deletionIn(event);
    if (resource === undefined) return;
    deleted.push(resource);
    onDeleted(resource, deleted.length);
  };
  try {
    const { stdout } = await stack.destroy({ onEvent, excludeProtected, signal, color: "never" });
    // An engine that was asked to stop may end without an error.
    if (signal.aborted) throw interruption(slug, deleted.length);
    return { deleted, lastBackup: backupIn(stdout) };
  } catch (error) {
    if (signal.aborted) throw interruption(slug, deleted.length);
    const why = errors[0] ?? describePulumiFailure(error);
    throw failure(slug, `the destroy stopped after ${deleted.length} resources (${why})`, remedyOf(slug, why));
  }
}

/** What an engine event says was deleted just now. */
export function deletionIn({ resOutputsEvent }: EngineEvent): string | undefined {
  const { op, urn, type } = resOutputsEvent?.metadata ?? {};
  if (op !== "delete" || urn === undefined || type === undefined || NOTHING.test(type)) return undefined;
  return `${type} ${nameOf(urn)}`;
}

/** What an engine event says went wrong with a resource, in one line. */
export function errorIn({ diagnosticEvent }: EngineEvent): string | undefined {
  if (diagnosticEvent?.severity !== "error") return undefined;
  const words = diagnosticEvent.message
    .replace(/<\{%[^%]*%\}>/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return words === "" || words === "update failed" ? undefined : words;
}

/** The line of scripts/final-backup.ts among all that the destroy printed. */
export function backupIn(printed: string): string | undefined {
  const [, set, bucket] = /\bbackup (\S+) in (gs:\/\/\S+)/.exec(printed) ?? [];
  return set === undefined || bucket === undefined ? undefined : `${set} in ${bucket}`;
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function remedyOf(slug: string, why: string): string | undefined {
  return /lock/i.test(why)
    ? `make sure that no one else works on it, run "pulumi cancel -s ${slug}", and then this again`
    : undefined;
}

function interruption(slug: string, count: number): UserError {
  return failure(
    slug,
    `interrupted after ${count} resources were deleted`,
    "run the command again, which goes on from there",
  );
}

function failure(
  customer: string,
  what: string,
  next = "fix that and run the command again, which goes on from there",
): UserError {
  return new UserError({ what, customer, next });
}
