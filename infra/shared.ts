import type * as pulumi from "@pulumi/pulumi";

import type { ProjectServices } from "../components/project-services";
import type { ShopifyApp } from "../components/providers/shopify-app";
import { healthToken } from "../core/health-token";
import { customerLabels } from "../components/shared/labels";
import type { Customer } from "../customers/schema";
import type { ConsoleSources } from "./console-sources";
import type { Endpoints } from "./endpoints";
import type { CustomerProviders } from "./providers";
import type { StackSecrets } from "./secrets";

/** Everything a customer's stack is made from. */
export interface CustomerStackArgs {
  readonly customer: Customer;
  readonly secrets: StackSecrets;
  readonly endpoints: Endpoints;
  readonly providers: CustomerProviders;
  /** The Shopify app that the stack's token belongs to, checked first. */
  readonly shopifyApp: ShopifyApp;
  readonly consoleSources: ConsoleSources;
  /** Resolves once Google's APIs answer for the project; gets a Google access token. */
  readonly apisAnswer: (token: string) => Promise<void>;
}

/** What every part of a customer's stack is made with. */
export type Shared = CustomerStackArgs & {
  readonly healthToken: pulumi.Output<string>;
  readonly place: { slug: string; project: string; region: string; labels: ReturnType<typeof customerLabels> };
  readonly protect: boolean;
  readonly gcp: pulumi.ComponentResourceOptions;
  readonly cloudflare: pulumi.ComponentResourceOptions;
};

/** Google refuses whatever is made before its API answers, hence the dependency of everything on the services. */
export function share(args: CustomerStackArgs, services: ProjectServices): Shared {
  const { customer, providers } = args;
  return {
    ...args,
    healthToken: args.secrets.automationApiSecret.apply(healthToken),
    place: {
      slug: customer.slug,
      project: customer.gcp.project,
      region: customer.gcp.region,
      labels: customerLabels(customer),
    },
    protect: customer.environment === "production",
    gcp: { provider: providers.gcp, dependsOn: services.ready() },
    cloudflare: { provider: providers.cloudflare },
  };
}
