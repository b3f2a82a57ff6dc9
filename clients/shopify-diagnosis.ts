import type { CurrentApp, ShopifyOperation, WebhookSubscription } from "./shopify-operations";

/** {@link CurrentApp} with what tells which API versions are at work. */
export interface AppDiagnosis extends CurrentApp {
  readonly currentAppInstallation: CurrentApp["currentAppInstallation"] & {
    readonly app: CurrentApp["currentAppInstallation"]["app"] & {
      /** The version of the app's webhook payloads: the app's setting, whatever version subscribed. */
      readonly webhookApiVersion: string;
    };
  };
  readonly publicApiVersions: readonly { readonly handle: string; readonly supported: boolean }[];
}

export const APP_DIAGNOSIS: ShopifyOperation<AppDiagnosis, Record<string, never>> = {
  name: "AppDiagnosis",
  repeatable: true,
  document: `query AppDiagnosis {
  currentAppInstallation { app { id title handle apiKey webhookApiVersion } accessScopes { handle } }
  shop { myshopifyDomain currencyCode }
  publicApiVersions { handle supported }
}`,
};

/** A subscription with the moment since which it delivers. */
export interface DatedSubscription extends WebhookSubscription {
  /** RFC 3339. */
  readonly createdAt: string;
}

export interface SubscriptionDiagnosis {
  readonly webhookSubscriptions: {
    readonly nodes: readonly DatedSubscription[];
    readonly pageInfo: { readonly hasNextPage: boolean };
  };
}

/** All that the app has subscribed to, as far as 250 of them go: a hundred topics of this project's would not fill it. */
export const SUBSCRIPTION_DIAGNOSIS: ShopifyOperation<SubscriptionDiagnosis, Record<string, never>> = {
  name: "SubscriptionDiagnosis",
  repeatable: true,
  document: `query SubscriptionDiagnosis {
  webhookSubscriptions(first: 250) {
    nodes { id legacyResourceId topic uri format filter includeFields createdAt }
    pageInfo { hasNextPage }
  }
}`,
};

/** The shop's newest order. */
export interface NewestOrder {
  readonly orders: {
    readonly nodes: readonly { readonly legacyResourceId: string; readonly name: string; readonly createdAt: string }[];
  };
}

export const NEWEST_ORDER: ShopifyOperation<NewestOrder, Record<string, never>> = {
  name: "NewestOrder",
  repeatable: true,
  document: `query NewestOrder {
  orders(first: 1, sortKey: CREATED_AT, reverse: true) { nodes { legacyResourceId name createdAt } }
}`,
};
