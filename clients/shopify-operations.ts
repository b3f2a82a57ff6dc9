import { ORDER_FIELDS, type OrderNode } from "./shopify-order-fields";

/** A GraphQL document of the Admin API with the types of what it takes and gives. */
export interface ShopifyOperation<Result, Variables> {
  readonly name: string;
  readonly document: string;
  /** Whether it may be sent again when it is unknown whether it arrived. THROTTLED and refused connections never arrived. */
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

export interface OrderPage {
  readonly orders: {
    readonly nodes: readonly OrderNode[];
    readonly pageInfo: { readonly hasNextPage: boolean };
  };
}

/**
 * The first 250 orders, ascending by id, that a search finds. The next page is another search, for ids above the last one:
 * a cursor pages through 25,000 objects at most, and is of no use to a scan that goes on tomorrow.
 */
export const ORDER_PAGE: ShopifyOperation<OrderPage, { readonly query: string | null }> = {
  name: "OrderPage",
  repeatable: true,
  document: `query OrderPage($query: String) {
  orders(first: 250, sortKey: ID, query: $query) {
    nodes { ${ORDER_FIELDS} }
    pageInfo { hasNextPage }
  }
}`,
};

export interface OrderCount {
  readonly ordersCount: { readonly count: number; readonly precision: "EXACT" | "AT_LEAST" } | null;
}

/** Without a limit of null Shopify stops counting at 10,000. */
export const ORDER_COUNT: ShopifyOperation<OrderCount, { readonly query: string | null }> = {
  name: "OrderCount",
  repeatable: true,
  document: `query OrderCount($query: String) {
  ordersCount(query: $query, limit: null) { count precision }
}`,
};

/** What a global id leads to: the object, something of another type, or nothing. */
export type NodeOf<Type extends string, Fields> = (Fields & { readonly __typename: Type }) | null;

export interface OrdersById {
  readonly nodes: readonly NodeOf<"Order", OrderNode>[];
}

/** At most 250 ids at a time, as for every list that Shopify takes. */
export const ORDERS_BY_ID: ShopifyOperation<OrdersById, { readonly ids: readonly string[] }> = {
  name: "OrdersById",
  repeatable: true,
  document: `query OrdersById($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    ... on Order { ${ORDER_FIELDS} }
  }
}`,
};

export interface OrderLineNode {
  readonly title: string;
  /** Null for a line that never had one, and where Shopify does not say. */
  readonly vendor: string | null;
  /** Null for a line without a product, and for one whose product has been deleted. */
  readonly product: { readonly legacyResourceId: string } | null;
}

export interface OrderLines {
  readonly nodes: readonly NodeOf<
    "Order",
    { readonly legacyResourceId: string; readonly lineItems: { readonly nodes: readonly OrderLineNode[] } }
  >[];
}

/** The first 100 lines of each order. With 25 orders it costs about half of what Shopify lets one query cost (1,000). */
export const ORDER_LINES: ShopifyOperation<OrderLines, { readonly ids: readonly string[] }> = {
  name: "OrderLines",
  repeatable: true,
  document: `query OrderLines($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    ... on Order { legacyResourceId lineItems(first: 100) { nodes { title vendor product { legacyResourceId } } } }
  }
}`,
};
