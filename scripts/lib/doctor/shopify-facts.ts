import type { DeprecatedCall } from "../../../core/deprecations";
import type { SharedSkus } from "../../../clients/shopify-skus";
import type { RecentOrders } from "../recent-orders";
import type { AppDiagnosis, DatedSubscription, NewestOrder } from "../../../clients/shopify-diagnosis";

/** What Shopify did with the stack's credential. */
export type ShopifyAnswer =
  { readonly kind: "answered"; readonly app: AppDiagnosis } | { readonly kind: "refused"; readonly reason: string };

/** What Shopify did when client id and secret of the stack asked for a token. */
export type GrantAnswer =
  { readonly kind: "granted"; readonly apiKey: string } | { readonly kind: "refused"; readonly reason: string };

export interface ApiVersions {
  /** The version that this project asks GraphQL for, and the one that answered. */
  readonly graphql: { readonly asked: string; readonly answered: string | undefined };
  /** Likewise for REST, which the connector speaks. */
  readonly rest: { readonly asked: string; readonly answered: string | undefined };
}

/** What Shopify says of the app, its subscriptions and the shop's orders. */
export interface ShopifyFacts {
  readonly shopifyAnswer: ShopifyAnswer;
  readonly app: AppDiagnosis;
  readonly grant: GrantAnswer;
  readonly apiVersions: ApiVersions;
  /** Undefined where Shopify does not tell this app. */
  readonly deprecatedCalls: { readonly calls: readonly DeprecatedCall[] | undefined };
  readonly subscriptions: { readonly all: readonly DatedSubscription[]; readonly isWhole: boolean };
  readonly skus: SharedSkus;
  readonly recentOrders: RecentOrders;
  /** Undefined while the shop has none that the app may see. */
  readonly newestOrder: { readonly order: NewestOrder["orders"]["nodes"][number] | undefined };
}
