import type { ShopifyQueries } from "./shopify-api";
import {
  WEBHOOK_SUBSCRIPTION_LIST,
  type WebhookSubscription,
  type WebhookSubscriptionList,
} from "./shopify-operations";

/**
 * Every webhook subscription that the app made through the API, of the given topics (enum names) or of all.
 * @throws ShopifyError
 */
export async function listWebhookSubscriptions(
  shop: ShopifyQueries,
  topics: readonly string[] | null = null,
): Promise<readonly WebhookSubscription[]> {
  const all: WebhookSubscription[] = [];
  let after: string | null = null;
  do {
    const page: WebhookSubscriptionList = await shop.query(WEBHOOK_SUBSCRIPTION_LIST, { topics, after });
    const { webhookSubscriptions } = page;
    all.push(...webhookSubscriptions.nodes);
    after = webhookSubscriptions.pageInfo.hasNextPage ? webhookSubscriptions.pageInfo.endCursor : null;
  } while (after !== null);
  return all;
}
