import { graphqlTopic, restTopic, type Subscription, type UserError } from "../subscriptions";
import { answerList } from "./paging";
import { notFound, ok, type RestAnswer, type RestRoute } from "./request";

function shown(subscription: Subscription, apiVersion: string): Record<string, unknown> {
  return {
    id: subscription.id,
    address: subscription.uri,
    topic: restTopic(subscription.topic),
    format: subscription.format.toLowerCase(),
    fields: subscription.includeFields,
    metafield_namespaces: subscription.metafieldNamespaces,
    api_version: apiVersion,
    created_at: subscription.createdAt,
    updated_at: subscription.updatedAt,
  };
}

/** REST says the same by field: {"errors":{"address":["for this topic has already been taken"]}}. */
function refused(errors: readonly UserError[]): RestAnswer {
  const byField = new Map<string, string[]>();
  for (const { field, message } of errors) {
    const name = field.at(-1) === "callbackUrl" ? "address" : (field.at(-1) ?? "base");
    byField.set(name, [...(byField.get(name) ?? []), message.replace(/^(Address|Name) /, "")]);
  }
  return { status: 422, body: { errors: Object.fromEntries(byField) } };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Webhooks need no scope of their own; a topic does. */
export const webhookRoutes: readonly RestRoute[] = [
  {
    method: "GET",
    // Of the app that asks, in the last 30 days; what it was never told of is none (shopify.dev, DeprecatedAPICalls).
    path: "deprecated_api_calls.json",
    answer: ({ app, now }) =>
      ok({ data_updated_at: now.toISOString(), deprecated_api_calls: app.deprecatedCalls ?? [] }),
  },
  {
    method: "GET",
    path: "webhooks.json",
    answer: (request) => {
      const { shop, app } = request;
      const find = (filters: URLSearchParams): Subscription[] =>
        shop
          .subscriptionsOf(app)
          .filter(({ topic }) => !filters.has("topic") || restTopic(topic) === filters.get("topic"))
          .filter(({ uri }) => !filters.has("address") || uri === filters.get("address"));
      return answerList(request, find, (page) => ({
        webhooks: page.map((subscription) => shown(subscription, app.webhookApiVersion)),
      }));
    },
  },
  {
    method: "GET",
    path: "webhooks/count.json",
    answer: ({ shop, app }) => ok({ count: shop.subscriptionsOf(app).length }),
  },
  {
    method: "POST",
    path: "webhooks.json",
    answer: ({ shop, app, body }) => {
      const wanted = (body["webhook"] ?? {}) as Record<string, unknown>;
      const format = text(wanted["format"]).toUpperCase() === "XML" ? "XML" : "JSON";
      const change = shop.subscribe(app, graphqlTopic(text(wanted["topic"])), { uri: text(wanted["address"]), format });
      if (!change.ok) return refused(change.errors);
      return { status: 201, body: { webhook: shown(change.subscription, app.webhookApiVersion) } };
    },
  },
  {
    method: "GET",
    path: "webhooks/:id.json",
    answer: ({ shop, app, id }) => {
      const found = shop.subscriptionsOf(app).find((subscription) => subscription.id === id);
      return found === undefined ? notFound : ok({ webhook: shown(found, app.webhookApiVersion) });
    },
  },
  {
    method: "DELETE",
    path: "webhooks/:id.json",
    answer: ({ shop, app, id }) => (shop.unsubscribe(app, id).length === 0 ? ok({}) : notFound),
  },
];
