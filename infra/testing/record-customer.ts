import * as pulumi from "@pulumi/pulumi";

import { type Recording, recordResources, type RecordOptions } from "../../components/testing/record-resources";
import type { Customer } from "../../customers/schema";
import { buildCustomer } from "../customer-stack";
import type { Endpoints } from "../endpoints";
import { makeProviders } from "../providers";
import type { StackSecrets } from "../secrets";
import { checkShopifyApp } from "../shopify-app";

/** What a secret's value in a recording begins with, wherever it comes from. */
export const CANARY = "canary-";

/** The real addresses, as without stack configuration. */
export const REAL_ENDPOINTS: Endpoints = { shopifyApiUrl: undefined, frappeApiUrl: undefined, hookUrl: undefined };

/** What stands where the Worker's code does: its bundling is not what a recording is about. */
export const CONSOLE_MODULE = "export default {};";
const CONSOLE_MIGRATIONS = [{ name: "0001_console.sql", sql: "CREATE TABLE facts (name TEXT PRIMARY KEY);\n" }];

/** Every secret as Pulumi's configuration would give it, each with its own name in its value. */
export function canarySecrets(app: Customer["shopify"]["app"]): StackSecrets {
  const canary = (name: string) => pulumi.secret(`${CANARY}${name}`);
  return {
    shopifyApiSecret: canary("shopify-api-secret"),
    shopifyAdminToken: app === "custom" ? canary("shopify-admin-token") : undefined,
    shopifyClientId: app === "custom" ? undefined : "client-id-of-the-app",
    automationApiKey: canary("automation-api-key"),
    automationApiSecret: canary("automation-api-secret"),
    databaseRootPassword: canary("database-root-password"),
    administratorPassword: canary("administrator-password"),
    cloudflareApiToken: canary("cloudflare-api-token"),
  };
}

/** The whole stack of a customer against mocks; what the clouds answer to questions is secret too. */
export function recordCustomer(
  customer: Customer,
  { endpoints = REAL_ENDPOINTS, ...options }: RecordOptions & { endpoints?: Endpoints } = {},
): Promise<Recording<ReturnType<typeof buildCustomer>>> {
  const answer: RecordOptions["answer"] = ({ inputs }) => ({
    ...inputs,
    token: `${CANARY}tunnel-token`,
    accessToken: `${CANARY}registry-token`,
    selfLink: `registry.example/erpnext@sha256:${"e".repeat(64)}`,
    authDomain: "agency.cloudflareaccess.com",
  });
  return recordResources(
    () => {
      const secrets = canarySecrets(customer.shopify.app);
      return buildCustomer({
        customer,
        secrets,
        endpoints,
        shopifyApp: checkShopifyApp(customer, endpoints),
        consoleSources: { module: CONSOLE_MODULE, migrations: CONSOLE_MIGRATIONS },
        providers: makeProviders(customer, secrets, new pulumi.Config("cloudflare")),
        apisAnswer: () => Promise.resolve(),
      });
    },
    { answer, ...options },
  );
}
