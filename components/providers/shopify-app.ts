import type { CustomResourceOptions } from "@pulumi/pulumi/resource";
import type { Input, Output } from "@pulumi/pulumi/output";

import { DynamicResource } from "./lazy-provider";

/** Which app is to be checked, and against what. */
export interface ShopifyAppArgs {
  /** `<store>.myshopify.com`. A change replaces. */
  readonly shopDomain: Input<string>;
  /** Base address of the Admin API. Default: `https://<shopDomain>`. */
  readonly apiUrl?: Input<string>;
  /** Kind of the app, which decides what credential the stack's configuration holds. */
  readonly app: Input<"custom" | "dev-dashboard">;
  /** Currency of the company (ISO 4217); the connector sets none on orders, so the shop must have the same. */
  readonly currency: Input<string>;
  /** The customer's slug, for messages. */
  readonly customer: Input<string>;
}

/**
 * The app that the stack's credential belongs to. It changes nothing in Shopify: it fails where the credential does not
 * work, a scope is missing, or the shop is not the one that the company's books are for.
 */
export class ShopifyApp extends DynamicResource {
  // Declared only: a field that is defined after super() would overwrite the output that Pulumi put there.
  /** `gid://shopify/App/<number>`. */
  declare readonly appId: Output<string>;
  declare readonly appTitle: Output<string>;
  /** Empty where the app has none. */
  declare readonly appHandle: Output<string>;
  /** The app's client id. */
  declare readonly apiKey: Output<string>;
  /** Sorted. */
  declare readonly grantedScopes: Output<string[]>;
  /** Currency of the shop (ISO 4217). */
  declare readonly currencyCode: Output<string>;
  /** Whether `read_all_orders` is granted; without it history silently stops 60 days back. */
  declare readonly hasAllOrders: Output<boolean>;

  constructor(name: string, args: ShopifyAppArgs, opts?: CustomResourceOptions) {
    const outputs = {
      appId: undefined,
      appTitle: undefined,
      appHandle: undefined,
      apiKey: undefined,
      grantedScopes: undefined,
      currencyCode: undefined,
      hasAllOrders: undefined,
    };
    super({ provider: "shopify-app", type: "shopify:App" }, { name, props: { ...args, ...outputs } }, opts);
  }
}
