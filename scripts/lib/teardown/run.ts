import { rmSync } from "node:fs";
import { join } from "node:path";

import type { ShopifyClient } from "../../../clients/shopify";
import { UserError } from "../../../core/user-error";
import type { CommandContext } from "../cli/command";
import {
  blocksProduction,
  destroy,
  forget,
  isLastBackup,
  isQueueDrain,
  needsServer,
  resourcesOf,
  type Destroyed,
  type StackResource,
} from "./destroy";
import {
  openShop,
  refuseGuardedServer,
  refuseUnconfirmed,
  type Confirmation,
  type TeardownTarget,
} from "./teardown-target";
import { CUSTOMERS, lookForLeftovers } from "./leftovers";
import type { Look } from "./look";
import { provesAbsence } from "./proof";
import type { Receipt } from "./receipt";
import { removeSubscriptions } from "./shopify";

export interface TeardownOptions extends Confirmation {
  /** Delete the customer's two files too, once nothing is left. */
  readonly deleteFiles: boolean;
  /** Directory of the receipts: an earlier one may stand for what cannot be looked at any more. */
  readonly receipts: string;
}

/** Ends a customer. May be repeated after any interruption, also when the stack is gone. @throws UserError */
export async function teardown(
  target: TeardownTarget,
  context: CommandContext,
  options: TeardownOptions,
): Promise<Receipt> {
  refuseUnconfirmed(target, options);
  refuseGuardedServer(target);
  const { customer, state, environment } = target;
  const { terminal } = context;
  const startedAt = new Date().toISOString();
  const shop = await openShop(target, terminal);
  const destroyed = await destroyWithProgress(target, context, options);
  const left = await leftInState(target);
  const subscriptionsDeleted = await subscriptionsRemoved(target, shop);
  const looks = await lookForLeftovers(target, shop, { terminal, receipts: options.receipts });
  const ok = provesAbsence(looks);
  const deleteFiles = ok && left.length === 0 && options.deleteFiles;
  const stackRemoved = await removeStack(target, { empty: left.length === 0, deleteFiles });
  return {
    ok,
    customer: customer.slug,
    environment,
    shopDomain: customer.shopify.shopDomain,
    project: customer.gcp.project,
    startedAt,
    finishedAt: new Date().toISOString(),
    stackWasThere: state !== undefined,
    deleted: destroyed.deleted,
    subscriptionsDeleted,
    lastBackup: destroyed.lastBackup ?? noBackup(target, options),
    messages: messagesOf(target, options),
    kept: left.filter(({ protect }) => protect).map(({ type, name }) => `${type} ${name}`),
    looks,
    stackRemoved,
  };
}

/** Looks for what is left of a customer whose stack is gone; changes nothing. @throws UserError */
export async function lookAgain(
  target: TeardownTarget,
  { terminal }: CommandContext,
  receipts: string,
): Promise<readonly Look[]> {
  return lookForLeftovers(target, await openShop(target, terminal), { terminal, receipts });
}

async function subscriptionsRemoved(
  { customer }: TeardownTarget,
  shop: ShopifyClient | undefined,
): Promise<readonly string[]> {
  // What could not be deleted is found by the look that follows.
  return shop === undefined ? [] : removeSubscriptions(shop, customer.hosts.hook).catch(() => []);
}

/** An empty stack goes; its configuration and the customer's file only when they are to. */
async function removeStack(
  { customer, workspace, state }: TeardownTarget,
  { empty, deleteFiles }: { readonly empty: boolean; readonly deleteFiles: boolean },
): Promise<boolean> {
  const { slug } = customer;
  if (state !== undefined && empty) await workspace.removeStack(slug, { preserveConfig: !deleteFiles });
  if (deleteFiles) {
    for (const name of [`${slug}.yaml`, `Pulumi.${slug}.yaml`]) rmSync(join(CUSTOMERS, name), { force: true });
  }
  return state !== undefined && empty;
}

const NOTHING_DESTROYED: Destroyed = { deleted: [], lastBackup: undefined };

function noBackup({ customer, state, resources }: TeardownTarget, { skipBackup = false }: Confirmation): string {
  if (state === undefined) return "the stack was gone, nothing is known of it";
  if (!customer.operations.finalBackup) return 'none ("operations.finalBackup" is false)';
  if (skipBackup !== false && resources.some(isLastBackup)) return "none (given up with --skip-backup)";
  return "none was made in this run";
}

/** @returns what became of the deliveries that Pub/Sub still had; undefined where this run did not meet any subscription */
export function messagesOf(
  { resources }: Pick<TeardownTarget, "resources">,
  { skipBackup = false }: Confirmation,
): string | undefined {
  if (!resources.some(isQueueDrain)) return undefined;
  return skipBackup === false
    ? "brought to the server before the subscription was deleted"
    : "given up with --skip-backup, whatever Pub/Sub still had";
}

async function destroyWithProgress(
  target: TeardownTarget,
  { terminal, signal }: CommandContext,
  { skipBackup = false }: Confirmation,
): Promise<Destroyed> {
  const { customer, workspace, resources, environment } = target;
  const { slug } = customer;
  if (resources.length === 0) return NOTHING_DESTROYED;
  const isForgotten = (resource: Pick<StackResource, "type" | "name">): boolean =>
    (skipBackup !== false && needsServer(resource)) || (environment === "production" && blocksProduction(resource));
  // The guard is a component, which is not among the resources.
  if (environment === "production" || resources.some(isForgotten)) await forget(workspace, slug, isForgotten);
  const progress = terminal.progress("deleted", resources.length);
  try {
    return await destroy(workspace, {
      slug,
      excludeProtected: environment === "production",
      signal,
      onDeleted: (resource, count) => {
        progress.update(count, resource);
      },
    });
  } finally {
    progress.end();
  }
}

/** What the stack still has after a destroy that leaves what is protected, and what that stands on. */
async function leftInState({
  workspace,
  customer,
  state,
  environment,
}: TeardownTarget): Promise<readonly StackResource[]> {
  if (state === undefined) return [];
  const left = await resourcesOf(workspace, customer.slug);
  if (left.length > 0 && environment === "test") {
    throw new UserError({
      what: `the stack still has ${left.length} resources, such as ${left[0]?.name ?? ""}`,
      customer: customer.slug,
      next: "run the command again, which goes on from there",
    });
  }
  return left;
}
