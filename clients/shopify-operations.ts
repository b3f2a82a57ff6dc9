/** A GraphQL document of the Admin API with the types of what it takes and gives. */
export interface ShopifyOperation<Result, Variables> {
  readonly name: string;
  readonly document: string;
  /** Whether it may be sent again when nobody knows if it arrived. THROTTLED and refused connections never arrived. */
  readonly repeatable: boolean;
  /** Never set; it ties the types to the document. */
  readonly types?: (variables: Variables) => Result;
}

/** Shopify's plain error of a mutation: it has no code, so errors are told apart by field and text. */
export interface ShopifyUserError {
  readonly field: readonly string[] | null;
  readonly message: string;
}

/** The app that a credential belongs to, what it may do, and the shop it does it in. */
export interface CurrentApp {
  readonly currentAppInstallation: {
    readonly app: {
      readonly id: string;
      readonly title: string;
      readonly handle: string | null;
      /** The app's client id. */
      readonly apiKey: string;
    };
    readonly accessScopes: readonly { readonly handle: string }[];
  };
  readonly shop: { readonly myshopifyDomain: string; readonly currencyCode: string };
}

export const CURRENT_APP: ShopifyOperation<CurrentApp, Record<string, never>> = {
  name: "CurrentApp",
  repeatable: true,
  document: `query CurrentApp {
  currentAppInstallation { app { id title handle apiKey } accessScopes { handle } }
  shop { myshopifyDomain currencyCode }
}`,
};

/** A webhook subscription as far as this project looks at it. */
export interface WebhookSubscription {
  /** `gid://shopify/WebhookSubscription/<number>`. */
  readonly id: string;
  /** The number in the id, which is the REST API's webhook id and the one that the connector's table holds. */
  readonly legacyResourceId: string;
  /** Enum name, for example ORDERS_CREATE. */
  readonly topic: string;
  readonly uri: string;
  readonly format: string;
  readonly filter: string | null;
  readonly includeFields: readonly string[];
}

const SUBSCRIPTION_FIELDS = "id legacyResourceId topic uri format filter includeFields";

export interface WebhookSubscriptionList {
  readonly webhookSubscriptions: {
    readonly nodes: readonly WebhookSubscription[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

export interface WebhookSubscriptionListVariables {
  /** Enum names; null lists every topic. */
  readonly topics: readonly string[] | null;
  readonly after: string | null;
}

/** Lists what this credential's own app made through the API; other apps' subscriptions are not to be seen. */
export const WEBHOOK_SUBSCRIPTION_LIST: ShopifyOperation<WebhookSubscriptionList, WebhookSubscriptionListVariables> = {
  name: "WebhookSubscriptionList",
  repeatable: true,
  document: `query WebhookSubscriptionList($topics: [WebhookSubscriptionTopic!], $after: String) {
  webhookSubscriptions(first: 100, topics: $topics, after: $after) {
    nodes { ${SUBSCRIPTION_FIELDS} }
    pageInfo { hasNextPage endCursor }
  }
}`,
};

export interface WebhookSubscriptionGet {
  readonly webhookSubscription: WebhookSubscription | null;
}

export const WEBHOOK_SUBSCRIPTION_GET: ShopifyOperation<WebhookSubscriptionGet, { readonly id: string }> = {
  name: "WebhookSubscriptionGet",
  repeatable: true,
  document: `query WebhookSubscriptionGet($id: ID!) {
  webhookSubscription(id: $id) { ${SUBSCRIPTION_FIELDS} }
}`,
};

/** Shopify's WebhookSubscriptionInput, as far as used. The topic is no part of it: it cannot be changed. */
export interface WebhookSubscriptionInput {
  readonly uri: string;
  readonly format: "JSON";
  /** Null takes the filter away. */
  readonly filter?: null;
  /** An empty list asks for all fields. */
  readonly includeFields?: readonly [];
}

export interface WebhookSubscriptionCreate {
  readonly webhookSubscriptionCreate: {
    readonly webhookSubscription: WebhookSubscription | null;
    readonly userErrors: readonly ShopifyUserError[];
  } | null;
}

export interface WebhookSubscriptionCreateVariables {
  readonly topic: string;
  readonly webhookSubscription: WebhookSubscriptionInput;
}

/** Repeatable, since Shopify refuses a second one with the same topic and address by a userError of its own. */
export const WEBHOOK_SUBSCRIPTION_CREATE: ShopifyOperation<
  WebhookSubscriptionCreate,
  WebhookSubscriptionCreateVariables
> = {
  name: "WebhookSubscriptionCreate",
  repeatable: true,
  document: `mutation WebhookSubscriptionCreate($topic: WebhookSubscriptionTopic!, $webhookSubscription: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $webhookSubscription) {
    webhookSubscription { ${SUBSCRIPTION_FIELDS} }
    userErrors { field message }
  }
}`,
};

export interface WebhookSubscriptionUpdate {
  readonly webhookSubscriptionUpdate: {
    readonly webhookSubscription: WebhookSubscription | null;
    readonly userErrors: readonly ShopifyUserError[];
  } | null;
}

export interface WebhookSubscriptionUpdateVariables {
  readonly id: string;
  readonly webhookSubscription: WebhookSubscriptionInput;
}

export const WEBHOOK_SUBSCRIPTION_UPDATE: ShopifyOperation<
  WebhookSubscriptionUpdate,
  WebhookSubscriptionUpdateVariables
> = {
  name: "WebhookSubscriptionUpdate",
  repeatable: true,
  document: `mutation WebhookSubscriptionUpdate($id: ID!, $webhookSubscription: WebhookSubscriptionInput!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $webhookSubscription) {
    webhookSubscription { ${SUBSCRIPTION_FIELDS} }
    userErrors { field message }
  }
}`,
};

export interface WebhookSubscriptionDelete {
  readonly webhookSubscriptionDelete: {
    readonly deletedWebhookSubscriptionId: string | null;
    readonly userErrors: readonly ShopifyUserError[];
  } | null;
}

/** Repeatable: the second time Shopify says that it does not exist, which callers take for done. */
export const WEBHOOK_SUBSCRIPTION_DELETE: ShopifyOperation<WebhookSubscriptionDelete, { readonly id: string }> = {
  name: "WebhookSubscriptionDelete",
  repeatable: true,
  document: `mutation WebhookSubscriptionDelete($id: ID!) {
  webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } }
}`,
};
