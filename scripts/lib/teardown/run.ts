import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { LocalWorkspace } from "@pulumi/pulumi/automation";
import { parse } from "yaml";

import type { ShopifyClient } from "../../../clients/shopify";
import { UserError } from "../../../components/shared/user-error";
import { knownSlugs } from "../../../customers/load";
import type { Customer } from "../../../customers/schema";
import { readCustomer } from "../../../infra/customer";
import { progressTo } from "../../../tools/progress";
import type { CommandContext } from "../cli/command";
import { PROJECT_DIRECTORY, refuseDisagreement, refuseWrongShop, shopifyClient } from "../cli/open-customer";
import { openWorkspace, readStack, type StackState } from "../cli/stack-state";
import type { Terminal } from "../cli/terminal";
import { googleToken } from "../server-request/google-token";
import { CLOUDFLARE_URL, cloudflareQuestions } from "./cloudflare";
import { destroy, forgetDocuments, resourcesOf, type Destroyed, type StackResource } from "./destroy";
import { googleApi, googleQuestions } from "./google";
import { lookEverywhere, type Look, type Question } from "./look";
import { provesAbsence, type Receipt } from "./receipt";
import { removeSubscriptions, shopifyQuestion } from "./shopify";

const CUSTOMERS = join(PROJECT_DIRECTORY, "customers");

/** A customer before its end. */
export interface Doomed {
  readonly customer: Customer;
  readonly workspace: LocalWorkspace;
  /** Undefined where the stack is gone already. */
  readonly state: StackState | undefined;
  readonly resources: readonly StackResource[];
  /** What the file, the stack or a protected resource says; the more careful of them holds. */
  readonly environment: "production" | "test";
}

export interface TeardownOptions {
  /** The slug once more: what ends a production customer. */
  readonly confirm?: string;
  /** Delete the customer's two files too, once nothing is left. */
  readonly deleteFiles: boolean;
}

/** Reads what there is to end; changes nothing. @throws UserError */
export async function openDoomed(slug: string, terminal: Terminal): Promise<Doomed> {
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
  return { customer, workspace, state, resources, environment: production ? "production" : "test" };
}

/** Production ends only when its name was typed. @throws UserError */
export function refuseUnconfirmed({ customer, environment }: Doomed, confirm: string | undefined): void {
  const { slug } = customer;
  if (environment === "test" || confirm === slug) return;
  throw new UserError({
    what: "this is a production customer, which ends only when its name was typed; its data disk and its backups stay even then",
    customer: slug,
    next: `run the command with --confirm ${slug} if you mean it`,
  });
}

/** What holds a production customer's data; it stays protected, and so survives. */
const DATA = ["gcp:compute/disk:Disk", "gcp:storage/bucket:Bucket"];

/**
 * Production's server, address and registry are let go one by one, by hand: a destroy that stops at a protected server has
 * by then taken ERPNext's settings apart. @throws UserError with the commands
 */
export function refuseProtectedServer({ customer, resources }: Pick<Doomed, "customer" | "resources">): void {
  const held = resources.filter(({ type, protect }) => protect && !DATA.includes(type));
  const guarded = resources.filter(({ deletionProtection }) => deletionProtection);
  if (held.length + guarded.length === 0) return;
  const { slug } = customer;
  const steps = [
    ...guarded.map(({ name }) => `switch off the deletion protection of ${name} in Google Cloud`),
    ...(guarded.length === 0 ? [] : [`run "pulumi refresh -s ${slug}"`]),
    ...held.map(({ urn }) => `run "pulumi state unprotect '${urn}' -s ${slug} --yes"`),
  ];
  throw new UserError({
    what: `${[...held, ...guarded].map(({ name }) => name).join(", ")} are protected`,
    customer: slug,
    next: `${steps.join(", ")}, and this again; data disk and backup bucket stay protected and survive`,
  });
}

/** Ends a customer. May be repeated after any interruption, also when the stack is gone. @throws UserError */
export async function teardown(doomed: Doomed, context: CommandContext, options: TeardownOptions): Promise<Receipt> {
  refuseUnconfirmed(doomed, options.confirm);
  refuseProtectedServer(doomed);
  const { customer, state, environment } = doomed;
  const startedAt = new Date().toISOString();
  const shop = state === undefined ? undefined : shopifyClient(customer, state.config);
  if (shop !== undefined) await refuseForeignShop(customer, shop, context.terminal);
  const destroyed = await destroyWithProgress(doomed, context);
  const kept = await keptOf(doomed);
  const subscriptionsDeleted =
    shop === undefined ? [] : await removeSubscriptions(shop, customer.hosts.hook).catch(() => []);
  const looks = kept.length > 0 ? [] : await lookEverywhere(questionsFor(doomed, shop, context.terminal));
  const ok = kept.length === 0 && provesAbsence(looks);
  const stackRemoved = await removeStack(doomed, { empty: kept.length === 0, deleteFiles: ok && options.deleteFiles });
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
    lastBackup: destroyed.lastBackup ?? noBackup(doomed),
    kept,
    looks,
    stackRemoved,
  };
}

/** An empty stack goes; its configuration and the customer's file only when they are to. */
async function removeStack(
  { customer, workspace, state }: Doomed,
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

function noBackup({ customer, state }: Doomed): string {
  if (state === undefined) return "the stack was gone, nothing is known of it";
  return customer.operations.finalBackup ? "none was made in this run" : 'none ("operations.finalBackup" is false)';
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

async function destroyWithProgress(doomed: Doomed, { terminal, signal }: CommandContext): Promise<Destroyed> {
  const { customer, workspace, resources, environment } = doomed;
  if (resources.length === 0) return NOTHING_DESTROYED;
  if (environment === "production") await forgetDocuments(workspace, customer.slug, resources);
  const progress = terminal.progress("deleted", resources.length);
  try {
    return await destroy(workspace, {
      slug: customer.slug,
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

/** What the stack still has after a destroy that leaves what is protected. */
async function keptOf({ workspace, customer, state, environment }: Doomed): Promise<readonly string[]> {
  if (state === undefined) return [];
  const left = await resourcesOf(workspace, customer.slug);
  if (left.length > 0 && environment === "test") {
    throw new UserError({
      what: `the stack still has ${left.length} resources, such as ${left[0]?.name ?? ""}`,
      customer: customer.slug,
      next: "run the command again, which goes on from there",
    });
  }
  return left.map(({ type, name, protect }) => `${type} ${name}${protect ? " (protected)" : ""}`);
}

/** Everything that is asked of the three places, with the stack's credentials, or the environment's where it is gone. */
function questionsFor({ customer, state }: Doomed, shop: ShopifyClient | undefined, terminal: Terminal): Question[] {
  const config = state?.config ?? plainConfig(customer.slug);
  const others = knownSlugs(CUSTOMERS).filter((slug) => slug !== customer.slug);
  const cloudflareToken = config["cloudflare:apiToken"] ?? process.env["CLOUDFLARE_API_TOKEN"] ?? "";
  const base = config["cloudflare:baseUrl"] ?? CLOUDFLARE_URL;
  const api = { name: "Cloudflare", base: base.endsWith("/") ? base : `${base}/`, token: cloudflareToken };
  let google: Promise<string> | undefined;
  const token = async (): Promise<string> => {
    google ??= googleToken(process.env);
    terminal.hide(await google);
    return google;
  };
  return [
    shopifyQuestion(customer.hosts.hook, () => {
      if (shop !== undefined) return shop;
      throw new UserError({
        what: "the stack's Shopify credentials went with it",
        next: "look in the app, or uninstall it",
      });
    }),
    ...cloudflareQuestions(customer, { api, others }),
    ...googleQuestions(customer, async (service) => googleApi(service, { config, token: await token() })),
  ];
}

/** What is in clear in the configuration file that a removed stack has left. */
function plainConfig(slug: string): Readonly<Record<string, string>> {
  const file = join(CUSTOMERS, `Pulumi.${slug}.yaml`);
  if (!existsSync(file)) return {};
  const { config = {} } = (parse(readFileSync(file, "utf8")) ?? {}) as { config?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** A look as one line, with its sign. */
export function lookLine({ place, what, found, because }: Look): readonly ["ok" | "bad" | "warn", string] {
  if (found === undefined)
    return ["warn", `${place}: ${what} could not be looked at (${because ?? "no reason given"})`];
  return found.length === 0 ? ["ok", `${place}: no ${what}`] : ["bad", `${place}: ${what}: ${found.join(", ")}`];
}
