import type { Config } from "@pulumi/pulumi/config";
import type { Output } from "@pulumi/pulumi/output";

import { UserError } from "../core/user-error";
import type { Customer } from "../customers/schema";

/** Every secret of a stack, each named after its consumer. Secret Outputs from here to their last use. */
export interface StackSecrets {
  /** Secret of the customer's Shopify app; signs the webhooks (HMAC). For a Dev-Dashboard app, its client secret. */
  readonly shopifyApiSecret: Output<string>;
  /**
   * The app's older secret while it is rotated. Shopify signs with the oldest secret that is not revoked, and for up to an hour with a
   * revoked one (help.shopify.com, API credential rotation; Shopify/shopify-app-js#3183). The server takes both; ERPNext is not told.
   */
  readonly shopifyApiSecretPrevious?: Output<string> | undefined;
  /** Static Admin API token (`shpat_…`) of a custom app. A Dev-Dashboard app has none: its tokens last 24 hours. */
  readonly shopifyAdminToken: Output<string> | undefined;
  /** Client id of a Dev-Dashboard app; not secret. */
  readonly shopifyClientId: string | undefined;
  /** Frappe API key pair of the automation user. */
  readonly automationApiKey: Output<string>;
  readonly automationApiSecret: Output<string>;
  readonly databaseRootPassword: Output<string>;
  /** Password of Frappe's user `Administrator`. */
  readonly administratorPassword: Output<string>;
  /** API token of the Cloudflare provider; without it the provider reads CLOUDFLARE_API_TOKEN itself. */
  readonly cloudflareApiToken: Output<string> | undefined;
}

const COMMON = [
  "shopifyApiSecret",
  "automationApiKey",
  "automationApiSecret",
  "databaseRootPassword",
  "administratorPassword",
] as const;

/** The one that is there during a rotation alone. */
const PREVIOUS = "shopifyApiSecretPrevious";

/** The one key here that is no secret. */
const PLAIN = "shopifyClientId";

/**
 * Reads every secret of the stack once. All that are missing are named in one error, so that an operator sets them in
 * one go rather than finding them one failed preview at a time.
 */
export function readSecrets(customer: Customer, config: Config, cloudflare: Config): StackSecrets {
  const custom = customer.shopify.app === "custom";
  const required = [...COMMON, custom ? "shopifyAdminToken" : PLAIN];
  // Empty counts as missing: that is what `pulumi config set --secret key "$VARIABLE"` leaves without the variable.
  const missing = required.filter((key) => (config.get(key) ?? "").trim() === "");
  if (missing.length > 0) {
    throw new UserError({
      what: `the stack has no value for ${missing.map((key) => `"${key}"`).join(", ")}`,
      customer: customer.slug,
      next: `run ${missing.map((key) => setCommand(key, customer.slug)).join(" and ")}`,
    });
  }
  return {
    shopifyApiSecret: config.requireSecret("shopifyApiSecret"),
    shopifyApiSecretPrevious: (config.get(PREVIOUS) ?? "").trim() === "" ? undefined : config.requireSecret(PREVIOUS),
    shopifyAdminToken: custom ? config.requireSecret("shopifyAdminToken") : undefined,
    shopifyClientId: custom ? undefined : config.require(PLAIN),
    automationApiKey: config.requireSecret("automationApiKey"),
    automationApiSecret: config.requireSecret("automationApiSecret"),
    databaseRootPassword: config.requireSecret("databaseRootPassword"),
    administratorPassword: config.requireSecret("administratorPassword"),
    cloudflareApiToken: cloudflare.getSecret("apiToken"),
  };
}

/** The command that sets a value; Pulumi asks for it, so that it is not left in the shell's history. */
function setCommand(key: string, slug: string): string {
  return `"pulumi config set ${key === PLAIN ? "" : "--secret "}${key} -s ${slug}"`;
}
