import type { ShopifyClientOptions, ShopifyQueries } from "../../clients/shopify";
import { requireValue, type StackConfig } from "./stack-config";

/** Which shop a resource is in, and as what kind of app it gets there. */
export interface ShopifyPlace {
  /** `<store>.myshopify.com`. */
  readonly shopDomain: string;
  /** Where requests go instead. Default: `https://<shopDomain>`. */
  readonly apiUrl?: string;
  readonly app: "custom" | "dev-dashboard";
  /** The customer's slug, for messages. */
  readonly customer: string;
}

/** Makes the client of one shop; tests hand in their own. */
export type MakeShopify = (options: ShopifyClientOptions) => ShopifyQueries;

/**
 * How to reach a shop. The credential is in the configuration only. So is, first of all, the address: what the state
 * holds may be the address of an earlier run, and reading and deleting see nothing but the state. @throws UserError
 */
export function shopifyOptions(config: StackConfig, place: ShopifyPlace): ShopifyClientOptions {
  const { shopDomain, app, customer } = place;
  const apiUrl = config.get("shopifyApiUrl") ?? place.apiUrl;
  const credential =
    app === "custom"
      ? ({ kind: "token", token: requireValue(config, "shopifyAdminToken", customer) } as const)
      : ({
          kind: "client-credentials",
          clientId: requireValue(config, "shopifyClientId", customer),
          clientSecret: requireValue(config, "shopifyApiSecret", customer),
        } as const);
  return { shopDomain, credential, ...(apiUrl === undefined ? {} : { apiUrl }) };
}

/** Opens shops, each once a process, so that a 24-hour token is granted once and not for every resource. */
export class ShopifyConnections {
  readonly #open = new Map<string, ShopifyQueries>();

  constructor(private readonly make: MakeShopify) {}

  to(config: StackConfig, place: ShopifyPlace): ShopifyQueries {
    const options = shopifyOptions(config, place);
    const key = JSON.stringify(options);
    const known = this.#open.get(key) ?? this.make(options);
    this.#open.set(key, known);
    return known;
  }
}
