import { ClientError } from "./http";
import type { ShopifyUserError } from "./shopify-operations";

/**
 * unauthorized: the credential does not work (any more) · throttled: the rate limit did not clear in time ·
 * unreachable: no whole answer · http: an answer that is not the API's · graphql: the API refused the document or the
 * app may not see the field · user-errors: Shopify refused the values.
 */
export type ShopifyErrorKind = "unauthorized" | "throttled" | "unreachable" | "http" | "graphql" | "user-errors";

/** Why Shopify did not do what it was asked. */
export class ShopifyError extends ClientError {
  override readonly name = "ShopifyError";

  constructor(
    readonly kind: ShopifyErrorKind,
    problem: { readonly what: string; readonly next: string },
    /** Only of kind user-errors. */
    readonly userErrors: readonly ShopifyUserError[] = [],
  ) {
    super(problem.what, problem.next);
  }
}
