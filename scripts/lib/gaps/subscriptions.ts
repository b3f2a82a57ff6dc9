import { ensureSubscription } from "../../../components/providers/shopify-webhook-subscription.provider";
import type { FrappeClient } from "../../../clients/frappe";
import type { ShopifyQueries } from "../../../clients/shopify-api";
import { listWebhookSubscriptions } from "../../../clients/shopify-webhooks";
import { subscribedTopics, webhookUrl, type ConnectorTopic } from "../../../core/connector";
import { deliveryAddress, topicOfUri } from "../../../components/shared/delivery-queue";
import { webhookRows } from "../../../components/shared/shopify-setting";
import { UserError } from "../../../core/user-error";
import { topicFaults } from "../../../core/verdicts";
import type { Customer } from "../../../customers/schema";

const SETTING = "Shopify Setting";

/** A customer's shop and site. */
export interface Subscribing {
  readonly customer: Customer;
  readonly shopify: ShopifyQueries;
  readonly frappe: Pick<FrappeClient, "update">;
}

/**
 * The topics that Shopify does not deliver as it should, which it ends after four hours of failures.
 * @throws UserError when subscriptions lead to where the intake file does not say
 */
export async function lostTopics({ customer, shopify }: Subscribing): Promise<readonly ConnectorTopic[]> {
  const address = deliveryAddress(customer);
  const all = await listWebhookSubscriptions(shopify);
  const lost = subscribedTopics(customer).filter((topic) => topicFaults(topic, all, address).length > 0);
  // The file may have been edited and not been applied: the door or the topic that it names need not exist.
  const other = all.find(({ uri }) => uri !== address && isOurs(customer, uri));
  if (lost.length === 0 || other === undefined) return lost;
  throw new UserError({
    what: `${other.topic} goes to ${other.uri}, and "shopify.delivery" is "${customer.shopify.delivery}"`,
    customer: customer.slug,
    next: `run "pulumi up -s ${customer.slug}", which leads all subscriptions to one place`,
  });
}

function isOurs({ hosts, gcp }: Customer, uri: string): boolean {
  return uri === webhookUrl(hosts.hook) || topicOfUri(uri)?.project === gcp.project;
}

/**
 * Makes them again, and names the new ones to the connector. The stack's next update takes them over.
 * @throws ShopifyError, FrappeError, UserError
 */
export async function subscribeAgain(to: Subscribing, lost: readonly ConnectorTopic[]): Promise<void> {
  const { customer, shopify, frappe } = to;
  const { shopDomain, app } = customer.shopify;
  const place = { shopDomain, app, customer: customer.slug, uri: deliveryAddress(customer) };
  for (const topic of lost) await ensureSubscription(shopify, { ...place, topic });
  const all = (await listWebhookSubscriptions(shopify)).filter(({ uri }) => uri === place.uri);
  const subscriptions = subscribedTopics(customer).flatMap((topic) => {
    const mine = all.find((one) => one.topic === topic);
    return mine === undefined ? [] : [{ topic, webhookId: mine.legacyResourceId }];
  });
  await frappe.update(SETTING, SETTING, { webhooks: webhookRows(subscriptions) });
}
