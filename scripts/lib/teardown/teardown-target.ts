import type { LocalWorkspace } from "@pulumi/pulumi/automation";

import type { ShopifyClient } from "../../../clients/shopify";
import { serverName } from "../../../core/names";
import { UserError } from "../../../core/user-error";
import type { Customer } from "../../../customers/schema";
import { readCustomer } from "../../../infra/customer";
import { progressTo } from "../../../tools/progress";
import { PROJECT_DIRECTORY, refuseDisagreement, refuseWrongShop, shopifyClient } from "../cli/open-customer";
import { openWorkspace, readStack, type StackState } from "../cli/stack-state";
import type { Terminal } from "../cli/terminal";
import { resourcesOf, type StackResource } from "./destroy";
import { configWithoutStack, CUSTOMERS } from "./leftovers";
import { opensShop } from "./shopify";

/** A customer before its end. */
export interface TeardownTarget {
  readonly customer: Customer;
  readonly workspace: LocalWorkspace;
  /** Undefined where the stack is gone already, or was never made. */
  readonly state: StackState | undefined;
  /** The stack's configuration; without a stack, what else there is to ask with. */
  readonly config: StackState["config"];
  readonly resources: readonly StackResource[];
  /** What the file, the stack or a protected resource says; the more careful of them holds. */
  readonly environment: "production" | "test";
}

/** Reads what there is to end; changes nothing. @throws UserError */
export async function openTeardownTarget(slug: string, terminal: Terminal): Promise<TeardownTarget> {
  const customer = readCustomer(slug, CUSTOMERS);
  const location = { slug, directory: PROJECT_DIRECTORY };
  const state = await readStack(location, progressTo(process.stderr));
  state?.secretKeys.forEach((key) => {
    terminal.hide(state.config[key]);
  });
  if (state?.outputs !== undefined) refuseDisagreement(customer, state.outputs);
  const workspace = await openWorkspace(PROJECT_DIRECTORY);
  const resources = state === undefined ? [] : await resourcesOf(workspace, slug);
  const says = [customer.environment, state?.partialOutputs["environment"]];
  const production = says.includes("production") || resources.some(({ protect }) => protect);
  const config = state?.config ?? configWithoutStack(slug, terminal);
  return { customer, workspace, state, config, resources, environment: production ? "production" : "test" };
}

/** The customer's shop, where there are credentials for it. @throws UserError when they are another shop's */
export async function openShop(
  { customer, config }: Pick<TeardownTarget, "customer" | "config">,
  terminal: Terminal,
): Promise<ShopifyClient | undefined> {
  if (!opensShop(customer, config)) return undefined;
  const shop = shopifyClient(customer, config);
  await refuseForeignShop(customer, shop, terminal);
  return shop;
}

/** Credentials of another shop would take that one's subscriptions away. A shop that answers nothing can lose none. */
async function refuseForeignShop(customer: Customer, shopify: ShopifyClient, terminal: Terminal): Promise<void> {
  try {
    await refuseWrongShop({ customer, shopify });
  } catch (error) {
    if (error instanceof UserError) throw error;
    terminal.say(
      `Shopify could not be asked whose credentials these are (${error instanceof Error ? error.message : ""})`,
    );
  }
}

/** What an operator typed: the customer's name once more, and that no last backup is wanted. */
export interface Confirmation {
  readonly confirm?: string;
  /** True, or the customer's name, which production needs. */
  readonly skipBackup?: boolean | string;
}

/** Production ends only when its name was typed, and without a last backup only when it was typed for that. @throws UserError */
export function refuseUnconfirmed(
  { customer, environment }: Pick<TeardownTarget, "customer" | "environment">,
  { confirm, skipBackup = false }: Confirmation,
): void {
  const { slug } = customer;
  if (environment === "production" && confirm !== slug) {
    throw new UserError({
      what: "this is a production customer, which ends only when its name was typed; its data disk and its backups stay even then",
      customer: slug,
      next: `run the command with --confirm ${slug} if you mean it`,
    });
  }
  if (skipBackup === false || skipBackup === slug || (environment === "test" && skipBackup === true)) return;
  const what =
    skipBackup === true
      ? "this is a production customer, which ends without a last backup only when its name was typed for that too"
      : `"--skip-backup" names "${skipBackup}"`;
  throw new UserError({ what, customer: slug, next: `run the command with --skip-backup ${slug} if you mean it` });
}

/**
 * A server that Google guards is let go by hand: a destroy that stops at it has by then taken ERPNext's settings apart. What
 * Pulumi protects (data disk, backups, address, images) stays and stops nothing. @throws UserError with the commands
 */
export function refuseGuardedServer({ customer, resources }: Pick<TeardownTarget, "customer" | "resources">): void {
  const guarded = resources.filter(({ deletionProtection }) => deletionProtection);
  if (guarded.length === 0) return;
  const { slug, gcp } = customer;
  const place = `--zone=${gcp.zone} --project=${gcp.project}`;
  throw new UserError({
    what: `Google keeps ${guarded.map(({ name }) => name).join(", ")} from being deleted`,
    customer: slug,
    next: `run "gcloud compute instances update ${serverName(slug)} --no-deletion-protection ${place}", then "pulumi refresh -s ${slug}", and this again`,
  });
}
