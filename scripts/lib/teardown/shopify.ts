import type { ShopifyQueries } from "../../../clients/shopify";
import { WEBHOOK_SUBSCRIPTION_DELETE, type WebhookSubscription } from "../../../clients/shopify-operations";
import { listWebhookSubscriptions } from "../../../clients/shopify-webhooks";
import type { Customer } from "../../../customers/schema";
import { CREDENTIALS, type ConfigValues } from "../intake/secrets";
import type { Question } from "./look";
import { LookFailed } from "./rest";

/** The configuration that a client of each kind of app needs. */
const CLIENT_KEYS: Readonly<Record<Customer["shopify"]["app"], readonly string[]>> = {
  custom: ["shopifyAdminToken"],
  "dev-dashboard": ["shopifyClientId", "shopifyApiSecret"],
};

/** Whether Shopify can be asked with this configuration. */
export function opensShop({ shopify }: Pick<Customer, "shopify">, config: ConfigValues): boolean {
  return CLIENT_KEYS[shopify.app].every((key) => (config[key] ?? "") !== "");
}

/** The app's subscriptions that deliver to this host; those to other hosts are someone else's. */
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
export function shopifyQuestion(
  { hosts, shopify }: Pick<Customer, "hosts" | "shopify">,
  shop: ShopifyQueries | undefined,
): Question {
  const variables = CREDENTIALS.filter(({ key }) => CLIENT_KEYS[shopify.app].includes(key)).map(
    (spec) => spec.variable,
  );
  const admin = `admin.shopify.com/store/${shopify.shopDomain.split(".")[0] ?? ""}/settings/apps`;
  return {
    place: "Shopify",
    what: `the app's webhook subscriptions to ${hosts.hook}`,
    how: `set ${variables.join(" and ")}, or uninstall the app, which ends its subscriptions: ${admin}`,
    ask: async () => {
      if (shop === undefined) throw new LookFailed("the stack's credentials of the app went with it");
      return (await subscriptionsTo(shop, hosts.hook)).map(({ topic }) => topic);
    },
  };
}
