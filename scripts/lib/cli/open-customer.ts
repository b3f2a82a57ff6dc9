import { join } from "node:path";

import { FrappeClient } from "../../../clients/frappe";
import { ShopifyClient, type ShopifyCredential } from "../../../clients/shopify";
import { CURRENT_APP } from "../../../clients/shopify-operations";
import { HEALTH_PATH, webhookUrl } from "../../../core/connector";
import { healthToken } from "../../../core/health-token";
import { UserError } from "../../../core/user-error";
import { certificateOf } from "../../../customers/certificate";
import type { Customer } from "../../../customers/schema";
import { readCustomer } from "../../../infra/customer";
import type { StackOutputs } from "../../../infra/outputs";
import { progressTo } from "../../../tools/progress";
import type { HealthDoor } from "../server-watch";
import { readStack, type StackState } from "./stack-state";
import type { Terminal } from "./terminal";

/** The project's directory, from which customers/ and Pulumi.yaml are read. */
export const PROJECT_DIRECTORY = join(__dirname, "../../..");

/** Where a request goes, the host name that it asks for, and whether a certificate that is not trusted is what it has. */
export interface Door {
  readonly url: URL;
  readonly host: string;
  readonly anyCertificate: boolean;
}

/** How long a client tries (milliseconds): one request, and one operation with all its tries. */
export interface ClientPatience {
  readonly timeoutMs: number;
  readonly maxWaitMs: number;
}

/** What passes Cloudflare Access before ERPNext. */
export type AccessOutputs = Pick<StackOutputs, "accessClientId" | "accessClientSecret">;

/** A customer whose stack is up, with everything a command needs to talk to it. */
export interface OpenCustomer {
  readonly customer: Customer;
  readonly outputs: StackOutputs;
  readonly config: StackState["config"];
  readonly shopify: ShopifyClient;
  readonly frappe: FrappeClient;
  /** The connector's door, as Shopify reaches it. */
  readonly webhookDoor: Door;
  /** Where the server reports its state. */
  readonly health: HealthDoor;
  /** Secret that signs deliveries. */
  readonly shopifyApiSecret: string;
}

/**
 * Opens the customer of a slug: intake file, stack, clients. Every secret is hidden from the terminal from then on.
 * @throws UserError when the file has faults, the stack is not up, or the file speaks of another shop or project than the stack
 */
export async function openCustomer(slug: string, terminal: Terminal): Promise<OpenCustomer> {
  const customer = readCustomer(slug, join(PROJECT_DIRECTORY, "customers"));
  const state = await readStack({ slug, directory: PROJECT_DIRECTORY }, progressTo(process.stderr));
  const { outputs, config, secretKeys } = requireUp(slug, state);
  secretKeys.forEach((key) => {
    terminal.hide(config[key]);
  });
  terminal.hide(outputs.accessClientSecret);
  refuseDisagreement(customer, outputs);
  return {
    customer,
    outputs,
    config,
    shopify: shopifyClient(customer, config),
    frappe: frappeClient(customer, { config, outputs }),
    webhookDoor: hookDoorOf(customer, webhookUrl(customer.hosts.hook), config["hookUrl"]),
    health: healthDoorOf(customer, config),
    shopifyApiSecret: config["shopifyApiSecret"] ?? "",
  };
}

/** @throws UserError */
export function requireUp(
  slug: string,
  state: StackState | undefined,
): StackState & { readonly outputs: StackOutputs } {
  const next = `run "pulumi up -s ${slug}" first`;
  if (state === undefined) throw new UserError({ what: "there is no stack", customer: slug, next });
  const { outputs } = state;
  if (outputs !== undefined) return { ...state, outputs };
  const there = Object.keys(state.partialOutputs).length;
  const what = there === 0 ? "the stack is not up" : `the stack has only ${there} of its outputs`;
  throw new UserError({ what, customer: slug, next });
}

/** An intake file that was edited since speaks of things which the running stack is not. @throws UserError */
export function refuseDisagreement(customer: Customer, outputs: StackOutputs): void {
  const pairs = [
    ["shopify.shopDomain", customer.shopify.shopDomain, outputs.shopDomain],
    ["gcp.project", customer.gcp.project, outputs.project],
    ["environment", customer.environment, outputs.environment],
  ] as const;
  const [different] = pairs.filter(([, file, stack]) => file !== stack);
  if (different === undefined) return;
  const [field, file, stack] = different;
  throw new UserError({
    what: `"${field}" is "${file}" in the customer's file and "${stack}" in the running stack`,
    customer: customer.slug,
    next: `put "${stack}" back into the file, or run "pulumi up -s ${customer.slug}" so that both agree`,
  });
}

/** Asks Shopify whose token this is. @throws UserError when it is another shop's, ShopifyError when it belongs to no one */
export async function refuseWrongShop({
  customer,
  shopify,
}: Pick<OpenCustomer, "customer"> & { readonly shopify: Pick<ShopifyClient, "query"> }): Promise<void> {
  const { shop } = await shopify.query(CURRENT_APP, {});
  const { shopDomain } = customer.shopify;
  if (shop.myshopifyDomain === shopDomain) return;
  throw new UserError({
    what: `the stack's Shopify credentials belong to the shop "${shop.myshopifyDomain}", not to "${shopDomain}"`,
    customer: customer.slug,
    next: `set those of an app in "${shopDomain}" with "pulumi config set --secret shopifyAdminToken -s ${customer.slug}"`,
  });
}

export function shopifyClient(
  customer: Customer,
  config: StackState["config"],
  patience?: ClientPatience,
): ShopifyClient {
  const { shopifyApiUrl } = config;
  return new ShopifyClient({
    ...patience,
    shopDomain: customer.shopify.shopDomain,
    credential: credentialOf(customer, config),
    ...(shopifyApiUrl === undefined ? {} : { apiUrl: shopifyApiUrl }),
  });
}

function credentialOf(customer: Customer, config: StackState["config"]): ShopifyCredential {
  return customer.shopify.app === "custom"
    ? { kind: "token", token: config["shopifyAdminToken"] ?? "" }
    : {
        kind: "client-credentials",
        clientId: config["shopifyClientId"] ?? "",
        clientSecret: config["shopifyApiSecret"] ?? "",
      };
}

export function frappeClient(
  customer: Customer,
  { config, outputs }: { config: StackState["config"]; outputs: AccessOutputs },
  patience?: ClientPatience,
): FrappeClient {
  const { frappeApiUrl } = config;
  return new FrappeClient({
    ...patience,
    siteUrl: `https://${customer.hosts.ui}`,
    ...(frappeApiUrl === undefined ? {} : { apiUrl: frappeApiUrl }),
    apiKey: config["automationApiKey"] ?? "",
    apiSecret: config["automationApiSecret"] ?? "",
    access: { clientId: outputs.accessClientId, clientSecret: outputs.accessClientSecret },
  });
}

/** An address on the customer's hook host, as it is reached. */
export function hookDoorOf(
  customer: Pick<Customer, "environment" | "operations">,
  address: string,
  instead: string | undefined,
): Door {
  return { ...reached(address, instead), anyCertificate: certificateOf(customer) === "staging" };
}

/** Where the customer's server reports its state, with the token that it shows the whole report for. */
export function healthDoorOf(
  customer: Pick<Customer, "environment" | "operations" | "hosts">,
  { hookUrl, automationApiSecret = "" }: StackState["config"],
): HealthDoor {
  const door = hookDoorOf(customer, `https://${customer.hosts.hook}${HEALTH_PATH}`, hookUrl);
  return automationApiSecret === "" ? door : { ...door, token: healthToken(automationApiSecret) };
}

/** An address of the customer's, or the same path on another host that the stack's configuration names. */
export function reached(address: string, instead: string | undefined): Pick<Door, "url" | "host"> {
  const real = new URL(address);
  return { url: instead === undefined ? real : new URL(real.pathname, instead), host: real.host };
}
