import type { ShopifyQueries } from "../../../clients/shopify";
import { WEBHOOK_SUBSCRIPTION_DELETE, type WebhookSubscription } from "../../../clients/shopify-operations";
import { listWebhookSubscriptions } from "../../../clients/shopify-webhooks";
import type { Question } from "./look";

/** The app's subscriptions that deliver to this host; those to other hosts are somebody else's. */
export async function subscriptionsTo(shop: ShopifyQueries, host: string): Promise<readonly WebhookSubscription[]> {
  const all = await listWebhookSubscriptions(shop);
  return all.filter(({ uri }) => URL.canParse(uri) && new URL(uri).host === host);
}

/** Deletes the subscriptions that the stack's destroy has left. Gives their topics. */
export async function removeSubscriptions(shop: ShopifyQueries, host: string): Promise<string[]> {
  const left = await subscriptionsTo(shop, host);
  for (const { id } of left) await shop.query(WEBHOOK_SUBSCRIPTION_DELETE, { id });
  return left.map(({ topic }) => topic);
}

/** What is left at Shopify, as far as the stack's own app can see it: subscriptions of other apps are hidden from it. */
export function shopifyQuestion(host: string, openShop: () => ShopifyQueries): Question {
  return {
    place: "Shopify",
    what: `the app's webhook subscriptions to ${host}`,
    ask: async () => (await subscriptionsTo(openShop(), host)).map(({ topic }) => topic),
  };
}
