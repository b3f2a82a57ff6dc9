import type { Subscription, SubscriptionInput } from "../subscriptions";
import type { AdminVersion } from "../versions";
import { supportedVersions } from "../versions";
import type { ListArguments } from "./catalog-fields";
import { connectionOf } from "./connection";
import { countOf, gid, idIn, searchIn, type AdminContext } from "./context";
import { matchesId, matchesTime, type Matcher } from "./search";

export function apiVersionNode(handle: string): Record<string, unknown> {
  const newest = supportedVersions.at(-1);
  return {
    handle,
    displayName: handle === newest ? `${handle} (Latest)` : handle,
    supported: supportedVersions.some((version) => version === (handle as AdminVersion)),
  };
}

function subscriptionNode(subscription: Subscription, context: AdminContext): Record<string, unknown> {
  return {
    __typename: "WebhookSubscription",
    id: gid("WebhookSubscription", subscription.id),
    legacyResourceId: String(subscription.id),
    topic: subscription.topic,
    uri: subscription.uri,
    callbackUrl: subscription.uri,
    endpoint: { __typename: "WebhookHttpEndpoint", callbackUrl: subscription.uri },
    format: subscription.format,
    filter: subscription.filter,
    includeFields: subscription.includeFields,
    metafieldNamespaces: subscription.metafieldNamespaces,
    metafields: [],
    name: subscription.name,
    // The app's setting decides, not the version that was asked (shopify.md, 1).
    apiVersion: apiVersionNode(context.app.webhookApiVersion),
    createdAt: subscription.createdAt,
    updatedAt: subscription.updatedAt,
  };
}

function matchesSubscription(now: Date): Matcher<Subscription> {
  return (term) => {
    if (term.field === "id") return matchesId(term, ({ id }) => id);
    if (term.field === "created_at") return matchesTime(term, now, ({ createdAt }) => Date.parse(createdAt));
    if (term.field === "updated_at") return matchesTime(term, now, ({ updatedAt }) => Date.parse(updatedAt));
    return undefined;
  };
}

interface SubscriptionsArguments extends ListArguments {
  readonly topics?: readonly string[] | null;
  readonly uri?: string | null;
  readonly callbackUrl?: string | null;
  readonly format?: string | null;
}

function wanted(args: SubscriptionsArguments): (subscription: Subscription) => boolean {
  const uri = args.uri ?? args.callbackUrl;
  return (subscription) =>
    (args.topics?.includes(subscription.topic) ?? true) &&
    (uri === undefined || uri === null || subscription.uri === uri) &&
    (args.format === undefined || args.format === null || subscription.format === args.format);
}

export const webhookQueries = {
  webhookSubscription: ({ id }: { id: string }, context: AdminContext) => {
    const wantedId = idIn("WebhookSubscription", id);
    const found = context.shop.subscriptionsOf(context.app).find((subscription) => subscription.id === wantedId);
    return found === undefined ? null : subscriptionNode(found, context);
  },
  webhookSubscriptions: (args: SubscriptionsArguments, context: AdminContext) => {
    const matches = searchIn(
      context,
      { field: "webhookSubscriptions", query: args.query },
      matchesSubscription(context.now),
    );
    const found = context.shop.subscriptionsOf(context.app).filter(matches).filter(wanted(args));
    const byId = args.sortKey === "ID";
    return connectionOf(found, args, {
      ordering: { idOf: ({ id }) => id, valueOf: ({ id, createdAt }) => (byId ? id : Date.parse(createdAt)) },
      toNode: (subscription) => subscriptionNode(subscription, context),
    });
  },
  webhookSubscriptionsCount: (args: { query?: string | null; limit?: number | null }, context: AdminContext) => {
    const search = { field: "webhookSubscriptionsCount", query: args.query };
    const matches = searchIn(context, search, matchesSubscription(context.now));
    return countOf(context.shop.subscriptionsOf(context.app).filter(matches).length, args.limit);
  },
};

export const webhookMutations = {
  webhookSubscriptionCreate: (
    args: { topic: string; webhookSubscription: SubscriptionInput },
    context: AdminContext,
  ) => {
    const change = context.shop.subscribe(context.app, args.topic, args.webhookSubscription);
    return change.ok
      ? { webhookSubscription: subscriptionNode(change.subscription, context), userErrors: [] }
      : { webhookSubscription: null, userErrors: change.errors };
  },
  webhookSubscriptionUpdate: (args: { id: string; webhookSubscription: SubscriptionInput }, context: AdminContext) => {
    const id = idIn("WebhookSubscription", args.id);
    const change = context.shop.updateSubscription(context.app, id, args.webhookSubscription);
    return change.ok
      ? { webhookSubscription: subscriptionNode(change.subscription, context), userErrors: [] }
      : { webhookSubscription: null, userErrors: change.errors };
  },
  webhookSubscriptionDelete: ({ id }: { id: string }, context: AdminContext) => {
    const userErrors = context.shop.unsubscribe(context.app, idIn("WebhookSubscription", id));
    return { deletedWebhookSubscriptionId: userErrors.length === 0 ? id : null, userErrors };
  },
};
