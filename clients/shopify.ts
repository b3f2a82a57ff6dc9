import { send } from "./node-http";
import { ShopifyApi, type ShopifyApiOptions } from "./shopify-api";

export {
  SHOPIFY_API_VERSION,
  ShopifyError,
  type ShopifyCredential,
  type ShopifyErrorKind,
  type ShopifyQueries,
} from "./shopify-api";

export type ShopifyClientOptions = Omit<ShopifyApiOptions, "send">;

/** {@link ShopifyApi} over Node's own HTTP client. */
export class ShopifyClient extends ShopifyApi {
  constructor(options: ShopifyClientOptions) {
    super({ ...options, send });
  }
}
