import type { Config } from "@pulumi/pulumi/config";
import { allConfig } from "@pulumi/pulumi/runtime/config";
import { Provider as Cloudflare } from "@pulumi/cloudflare/provider";
import { Provider as Gcp } from "@pulumi/gcp/provider";

import { customerLabels } from "../components/shared/labels";
import type { Customer } from "../customers/schema";
import type { StackSecrets } from "./secrets";

/** The providers of one customer. They are explicit objects, so that no resource can land in another customer's project. */
export interface CustomerProviders {
  readonly gcp: Gcp;
  readonly cloudflare: Cloudflare;
}

/**
 * Explicit providers do not see the stack's `gcp:` and `cloudflare:` configuration, so the addresses an operator may set
 * there (`gcp:computeCustomEndpoint`, `cloudflare:baseUrl` …, for a private endpoint or a test) are handed over here.
 */
export function makeProviders(customer: Customer, secrets: StackSecrets, cloudflareConfig: Config): CustomerProviders {
  const baseUrl = cloudflareConfig.get("baseUrl");
  return {
    gcp: new Gcp("gcp", {
      project: customer.gcp.project,
      region: customer.gcp.region,
      zone: customer.gcp.zone,
      defaultLabels: customerLabels(customer),
      ...customEndpoints(allConfig()),
    }),
    cloudflare: new Cloudflare("cloudflare", {
      ...(secrets.cloudflareApiToken === undefined ? {} : { apiToken: secrets.cloudflareApiToken }),
      ...(baseUrl === undefined ? {} : { baseUrl }),
    }),
  };
}

/** Every `gcp:<service>CustomEndpoint` of the stack's configuration, under the name of the provider's argument. */
export function customEndpoints(config: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith("gcp:") && key.endsWith("CustomEndpoint"))
      .map(([key, value]) => [key.slice("gcp:".length), value]),
  );
}
